// From one `stateVersion` to another (ML5): by the new code's `migrate`, and where that refuses, through versions in between whose
// code ran before, up or down. Each `migrate` gets a copy, so that a refusal leaves nothing.

import { CoppiceError } from '../protocol/errors.ts'
import { refusePromise } from './definition.ts'
import type { Definition } from './definition.ts'

/** Versions of the state kept per module. */
const limit = 16

/** The newest code of each `stateVersion` that ran, oldest first. */
export type MigrationHistory = readonly Definition[]

/** The history after `definition` ran. */
export function withMigration(history: MigrationHistory, definition: Definition): MigrationHistory {
  const others = history.filter((known) => known.stateVersion !== definition.stateVersion)
  return [...others, definition].slice(-limit)
}

export interface Migration {
  readonly state: unknown
  /** Versions it went through, from first to last. */
  readonly path: readonly number[]
}

/** Throws what the code's `migrate` throws when it is asked to take the state as it is; `invalid-state` where it gives nothing. */
export function migrateState(
  state: unknown,
  fromVersion: number,
  definition: Definition,
  history: MigrationHistory,
  copy: (value: unknown) => unknown,
): Migration {
  try {
    const direct = runMigrate(definition, copy(state), fromVersion)
    return { state: direct, path: [fromVersion, definition.stateVersion] }
  } catch (refusal) {
    const chained = migrateInSteps(state, fromVersion, definition, history, copy)
    if (chained === undefined) throw refusal
    return chained
  }
}

/** Undefined where no chain of known versions leads there. */
function migrateInSteps(
  state: unknown,
  fromVersion: number,
  definition: Definition,
  history: MigrationHistory,
  copy: (value: unknown) => unknown,
): Migration | undefined {
  const isUp = definition.stateVersion > fromVersion
  const between = history
    .filter(({ stateVersion: version }) =>
      isUp
        ? version > fromVersion && version < definition.stateVersion
        : version < fromVersion && version > definition.stateVersion,
    )
    .toSorted((left, right) => (isUp ? 1 : -1) * (left.stateVersion - right.stateVersion))
  let present = state
  const path = [fromVersion]
  for (const step of [...between, definition]) {
    const from = path.at(-1) ?? fromVersion
    // The first try, once more.
    if (step === definition && path.length === 1) return undefined
    const next = attempt(() => runMigrate(step, copy(present), from))
    if (next === undefined) {
      // One in between that can't take it may not be needed; the last is.
      if (step === definition) return undefined
      continue
    }
    present = next.result
    path.push(step.stateVersion)
  }
  return { state: present, path }
}

/** Undefined where `body` throws: of a chain that leads nowhere the first refusal is told, which is of the state the user has. */
function attempt(body: () => unknown): { readonly result: unknown } | undefined {
  try {
    return { result: body() }
  } catch {
    return undefined
  }
}

function runMigrate(definition: Definition, state: unknown, fromVersion: number): unknown {
  const { migrate } = definition
  if (migrate === undefined)
    throw new CoppiceError('invalid-state', `the code of version ${definition.stateVersion} has no \`migrate\``)
  const migrated = migrate(state, fromVersion)
  refusePromise(migrated, 'migrate', definition, 'it must return the new state at once.')
  if (migrated === undefined)
    throw new CoppiceError('invalid-state', '`migrate` returned nothing; it must return the new state.')
  return migrated
}
