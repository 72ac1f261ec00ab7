// Where the state does not fit the new code: each value as it is and as the new `init` has it, and what can be done.

import type { ReactNode } from 'react'
import type { Receipt } from '../../../protocol/receipt.ts'

export function StateDifferences({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const differences = receipt.stateDifferences ?? []
  if (differences.length === 0) return null
  return (
    <table className="differences" aria-label="Where the state does not fit">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">as it is</th>
          <th scope="col">in the new init</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={`${difference.module} ${difference.path}`}>
            <th scope="row">{difference.path === '' ? 'the state itself' : difference.path}</th>
            <td className="difference-from">− {difference.from}</td>
            <td className="difference-to">+ {difference.to}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
