// Where the state does not fit the new code: each value as it is and as the new `init` has it, and what can be done.

import type { ReactNode } from 'react'
import type { Receipt } from '../../../protocol/receipt.ts'
import { resetModule, writeMigrate } from '../../store/reload-actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'

export function StateDifferences({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const differences = receipt.stateDifferences ?? []
  // What was mended since needs no migrate any more.
  const stands = useUi((state) => differences.some(({ module }) => state.differingModules.includes(module)))
  if (differences.length === 0) return null
  const modules = [...new Set(differences.map(({ module }) => module))]
  return (
    <section className="migration" aria-label="Migration">
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
      <div className="reload-actions migration-offers">
        <ControlButton
          name="Write a migrate"
          tip="Puts a migrate to start from into the module’s text; nothing is saved"
          kind="framed"
          refusal={
            receipt.migrateStub === undefined
              ? 'there is none to start from'
              : stands
                ? undefined
                : 'the saved text runs'
          }
          onPress={() => writeMigrate(services, receipt)}
        >
          Write a migrate
        </ControlButton>
        {modules.map((name) => (
          <ControlButton
            key={name}
            name={`Reset ${name}`}
            tip={`Runs the saved text with a state made anew by init; the other modules keep theirs`}
            kind="framed"
            refusal={stands ? undefined : 'the saved text runs'}
            onPress={() => resetModule(services, name)}
          >
            Reset {name}
          </ControlButton>
        ))}
      </div>
    </section>
  )
}
