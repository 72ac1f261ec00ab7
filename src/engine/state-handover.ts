// How the state of one version becomes the state of the next (ML5). Today: by reference where `stateVersion` is the same,
// through `migrate` on a copy where it differs. The one place that decides about it.

import { CoppiceError } from '../protocol/errors.ts'
import type { StateChange } from '../protocol/receipt.ts'
import { refusePromise } from './definition.ts'
import type { Definition } from './definition.ts'

export interface Handover {
  /** The very object of before where nothing had to be done. */
  readonly state: unknown
  readonly changes: readonly StateChange[]
}

export interface HandoverRequest {
  readonly module: string
  readonly state: unknown
  readonly stateVersion: number
  readonly definition: Definition
  /** A copy of plain data, instances of known classes included. */
  readonly copy: (value: unknown) => unknown
}

/** Throws `CoppiceError('invalid-state')` where no way is known, and whatever `migrate` throws. */
export function handOverState(request: HandoverRequest): Handover {
  const { module, state, stateVersion, definition } = request
  if (stateVersion === definition.stateVersion) return { state, changes: [] }
  const step = `${stateVersion} → ${definition.stateVersion}`
  if (definition.migrate === undefined) {
    throw new CoppiceError(
      'invalid-state',
      `the state is of version ${stateVersion}, the code wants ${definition.stateVersion}, and there is no \`migrate\`. Write \`migrate: (old, fromVersion) => …\`, or reset.`,
    )
  }
  const migrated = definition.migrate(request.copy(state), stateVersion)
  refusePromise(migrated, 'migrate', definition, 'it must return the new state at once.')
  if (migrated === undefined)
    throw new CoppiceError('invalid-state', '`migrate` returned nothing; it must return the new state.')
  return { state: migrated, changes: [{ module, kind: 'migrated', path: '', detail: `state ${step}` }] }
}
