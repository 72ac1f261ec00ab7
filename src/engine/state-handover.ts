// How the state of one version becomes the state of the next (ML5). The one place that decides about it:
//
//   same stateVersion ── `init` sees what it saw, or gives the same shape ─► by reference
//        │                └─ another shape ─► merged in place, by state-plan.ts and state-merge.ts; or refused
//   another one ─► `migrate` on a copy (migration-chain.ts), its result checked against the shape of `init`

import { CoppiceError } from '../protocol/errors.ts'
import type { StateChange, StateDifference } from '../protocol/receipt.ts'
import { isRecord } from './definition.ts'
import type { Definition } from './definition.ts'
import { changedValues } from './init-profile.ts'
import type { InitProfile } from './init-profile.ts'
import { migrateState } from './migration-chain.ts'
import type { Migration, MigrationHistory } from './migration-chain.ts'
import { migrateStub } from './migrate-stub.ts'
import { StateMerge, typeDifferences } from './state-merge.ts'
import type { TypeDifference } from './state-merge.ts'
import { compareShapes } from './state-plan.ts'
import type { Comparison } from './state-plan.ts'
import { shapeWords } from './state-shape.ts'
import type { ClassNames } from './state-shape.ts'

export interface Handover {
  /** The very object of before, but for `migrate`. */
  readonly state: unknown
  readonly changes: readonly StateChange[]
  /** Where the state itself was changed: applied, and to be taken back if the reload fails. */
  readonly merge: StateMerge | undefined
}

export interface HandoverRequest {
  readonly module: string
  /** Workspace file of the module: the stub's language follows it. */
  readonly file: string
  readonly state: unknown
  readonly stateVersion: number
  /** Of the code that runs; undefined where its `init` was never looked at. */
  readonly before: InitProfile | undefined
  readonly history: MigrationHistory
  readonly definition: Definition
  /** Of the new code: the same object as `before` where its `init` need not be run. */
  readonly after: InitProfile
  /** What the new `init` gave; undefined where it was not run. */
  readonly sample: unknown
  readonly classNames: ClassNames
  /** A copy of plain data, instances of known classes included; its errors start with `root`. */
  readonly copy: (value: unknown, root: string) => unknown
}

/** The state can't be brought over; told at the line of `init`. */
export class StateDiffers extends Error {
  override readonly name = 'Error'
  readonly differences: readonly StateDifference[]
  /** See `Receipt.migrateStub`. */
  readonly migrateStub: string
  readonly functionText: string

  constructor(
    message: string,
    request: HandoverRequest,
    differences: readonly TypeDifference[],
    comparison: Comparison,
  ) {
    super(message)
    const { module, file, stateVersion, definition } = request
    this.differences = differences.map((difference) => ({ module, ...difference }))
    this.functionText = definition.texts.init
    this.migrateStub = migrateStub({
      ...comparison,
      fromVersion: stateVersion,
      toVersion: definition.stateVersion === stateVersion ? stateVersion + 1 : definition.stateVersion,
      language: /\.[cm]?jsx?$/.test(file) ? 'javascript' : 'typescript',
    })
  }
}

/** Throws `StateDiffers` where no way is known, and whatever `migrate` throws. A merge is applied when this returns. */
export function handOverState(request: HandoverRequest): Handover {
  const { state, stateVersion, definition, before, after } = request
  if (stateVersion !== definition.stateVersion) return migrated(request)
  if (before === after) return { state, changes: [], merge: undefined }
  const comparison = compareShapes(before?.shape, after.shape, request.sample)
  const merge = mergeOf(request, comparison)
  merge?.apply()
  return { state, changes: changesOf(request, comparison, merge), merge }
}

function mergeOf(request: HandoverRequest, comparison: Comparison): StateMerge | undefined {
  const { plan } = comparison
  if (plan === undefined) return undefined
  const merge = new StateMerge(plan, request.state, {
    classNames: request.classNames,
    copy: (value, path) => request.copy(value, `\`init\`: state.${path}`),
  })
  if (merge.differences.length > 0) {
    const next = request.stateVersion + 1
    const advice = `Write a \`migrate\` with \`stateVersion: ${next}\`, or reset ${request.module}.`
    throw new StateDiffers(
      `the state can't be brought over: ${differenceWords(merge.differences)}. ${advice}`,
      request,
      merge.differences,
      comparison,
    )
  }
  return merge
}

function changesOf(
  { module, before, after }: HandoverRequest,
  { kept }: Comparison,
  merge: StateMerge | undefined,
): readonly StateChange[] {
  const changes: StateChange[] = (merge?.merged() ?? []).map((field) => ({ module, ...field }))
  for (const { path, words, isUnused } of kept)
    changes.push({ module, kind: 'kept', path, detail: isUnused ? 'not in `init` any more' : words, words })
  const values = before === undefined ? undefined : changedValues(before, after)
  if (values !== undefined) {
    const detail = `Values changed in \`init\` apply at reset: ${values}`
    changes.push({ module, kind: 'kept', path: '', detail, words: detail })
  }
  return changes
}

function migrated(request: HandoverRequest): Handover {
  const { module, state, stateVersion, definition, history } = request
  if (definition.migrate === undefined) {
    const message = `the state is of version ${stateVersion}, the code wants ${definition.stateVersion}, and there is no \`migrate\`. Write \`migrate: (old, fromVersion) => …\`, or reset ${module}.`
    const comparison = compareShapes(request.before?.shape, request.after.shape, request.sample)
    throw new StateDiffers(message, request, [], comparison)
  }
  const migration = migrateState(state, stateVersion, definition, history, (value) => request.copy(value, 'state'))
  checkMigrated(request, migration)
  const detail = `state ${migration.path.join(' → ')}`
  return {
    state: migration.state,
    changes: [{ module, kind: 'migrated', path: '', detail, words: `Migrated ${detail}` }],
    merge: undefined,
  }
}

/** What `migrate` gave must be of the types that `init` gives; a field of the state itself may be missing only if it was before. */
function checkMigrated({ state: old, before, after, classNames }: HandoverRequest, { state, path }: Migration): void {
  const { shape } = after
  const { plan } = compareShapes(undefined, shape, undefined)
  const differences = plan === undefined ? [] : typeDifferences(plan, state, classNames)
  if (differences.length > 0) {
    const words = differences.map((one) => `${placeOf(one.path)} is ${one.from}, in \`init\` it is ${one.to}`)
    throw new CoppiceError(
      'invalid-state',
      `\`migrate\` (${path.join(' → ')}) returned another state: ${words.join('; ')}`,
    )
  }
  if (shape.kind !== 'object' || !isRecord(state)) return
  const wasMissing = (key: string): boolean =>
    before?.shape.kind === 'object' && before.shape.fields.has(key) && isRecord(old) && !Object.hasOwn(old, key)
  for (const [key, field] of shape.fields) {
    if (field.kind === 'nothing' || Object.hasOwn(state, key) || wasMissing(key)) continue
    const message = `\`migrate\` (${path.join(' → ')}) returned a state without ${placeOf(key)}, in \`init\` it is ${shapeWords(field)}`
    throw new CoppiceError('invalid-state', message)
  }
}

function differenceWords(differences: readonly TypeDifference[]): string {
  const told = differences.slice(0, 3).map(({ path, from, to }) => `${placeOf(path)} is ${from}, the code wants ${to}`)
  return told.join('; ') + (differences.length > 3 ? ` and ${differences.length - 3} more` : '')
}

function placeOf(path: string): string {
  return path === '' ? 'state' : path.startsWith('[') ? `state${path}` : `state.${path}`
}
