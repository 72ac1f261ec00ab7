// Where the time of a reload went: one bar, a part per phase. A part says its phase and time when pointed at or focused.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { Receipt } from '../../../protocol/receipt.ts'
import { phaseTimes } from '../../store/reload-history.ts'
import { formatMs } from '../../widgets/format.ts'
import { Tip } from '../../widgets/tip.tsx'

export function PhaseBar({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const parts = phaseTimes(receipt.ms)
  if (parts.length === 0) return null
  return (
    <div className="phases" role="group" aria-label={`Phases, ${formatMs(receipt.ms.total)} in all`}>
      <div className="phase-bar">
        {parts.map((part) => (
          <Tip key={part.phase} text={phaseTips[part.phase] ?? part.phase}>
            <Button
              className="phase-part"
              data-phase={part.phase}
              aria-label={part.words}
              style={{ flexGrow: Math.max(part.share, 0.02) }}
            />
          </Tip>
        ))}
      </div>
      <ul className="phase-legend">
        {parts.map((part) => (
          <li key={part.phase}>
            <span className="phase-key" data-phase={part.phase} aria-hidden />
            {part.phase} <span className="code">{formatMs(part.ms)}</span>
          </li>
        ))}
        <li className="phase-total">
          total <span className="code">{formatMs(receipt.ms.total)}</span>
        </li>
      </ul>
    </div>
  )
}

const phaseTips: Readonly<Record<string, string>> = {
  collect: 'Collect: changes gather until none arrives for 10 ms; a save from here goes at once',
  fetch: 'Fetch: Vite transforms what changed',
  rehearse: 'Rehearse: the standby runs the new code first, away from the program',
  evaluate: 'Evaluate: the new texts run once, to get their definitions',
  migrate: 'Migrate: the state is brought over to the new code',
  validate: 'Validate: the module looks at its state',
  commit: 'Commit: the swap itself; the only part the program waits for',
  rest: 'The way between server, page and engine, setup, and waiting for the frame boundary',
}
