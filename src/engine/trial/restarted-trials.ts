// Reloads that were on trial in an engine that was ended, on trial again in the one that goes on (ML9): for the frames that are left, from the
// capture of before their commit, which is copied over. A module whose version before can't set up again what it had is left out.

import type { JournalEntry, TakeOver } from '../../protocol/journal.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { Moment } from '../../protocol/values.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import { readDefinition } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import { completeRecordUpTo } from '../journal/frame-capture.ts'
import { Resources } from '../resources.ts'
import { NaNLook } from './nan-look.ts'
import { restoreShelf } from './restarted-resources.ts'
import { Trial, trialFrames } from './trial.ts'
import type { TrialModule } from './trial.ts'

/** After the program of `source` is present here. */
export async function restartTrials(core: EngineCore, source: TakeOver): Promise<void> {
  const { program, history } = core
  const reader = new CaptureReader(source.captures, history.parts.restoreClasses)
  const receipts = source.receipts ?? []
  const back = cameBack(core, receipts)
  const found: Restarted[] = []
  // The newest first: one that newer code was proven over is tried no more.
  for (const receipt of receipts.toReversed()) {
    const commit = commitOf(receipt, source.entries)
    if (commit === undefined || receipt.moment.timeline !== program.timeline) continue
    const newer = receipts.find((other) => isNewer(other, receipt))
    const since = program.frame - receipt.moment.frame
    const ran = newer === undefined ? since : newer.moment.frame - receipt.moment.frame
    if (ran >= trialFrames) continue
    const modules = await modulesOf(core, receipt, (name) => found.some((other) => has(other, name)))
    const runsOn = modules.some(({ name, entry }) => program.module(name)?.entry === entry && !back.has(name))
    if (modules.length === 0 || (runsOn && since >= trialFrames)) continue
    const record = completeRecordUpTo(reader, receipt.moment, commit.sequence - 1)
    const parts = record === undefined ? undefined : reader.read(record)
    if (record === undefined || parts === undefined) continue
    if (!history.capture.adopt(record.moment, parts)) continue
    // Newer code ran in its place, and is gone: it stands its whole trial as it comes back.
    found.push({ receipt, commit, modules, base: record.moment, frames: runsOn ? since : 0 })
  }
  const oldestFirst = found.toReversed()
  await restoreShelf(
    core,
    source,
    oldestFirst.map(({ commit }) => commit),
  )
  for (const { receipt, commit, modules, base, frames } of oldestFirst) {
    const { sequence } = commit
    const own = modules.flatMap((tried) => withResources(core, tried, sequence))
    if (own.length === 0) continue
    core.trials.restart(new Trial({ receipt, modules: own, sequence, moment: receipt.moment, base }, program, frames))
  }
  // What nothing can bring back is disposed, what may come back is kept evaluated.
  core.trials.settle()
}

interface Restarted {
  readonly receipt: Receipt
  readonly commit: JournalEntry
  readonly modules: readonly TrialModule[]
  readonly base: Moment
  /** So many of its trial have run. */
  readonly frames: number
}

function has({ modules }: Restarted, name: string): boolean {
  return modules.some((tried) => tried.name === name)
}

/** With what it had before the commit; none where that can't be set up again. */
function withResources({ history }: EngineCore, tried: TrialModule, sequence: number): readonly TrialModule[] {
  const before = history.shelf.at(tried.name, sequence - 1)
  if (before === undefined && tried.before.definition.setup !== undefined) return []
  return [{ ...tried, resources: before ?? new Resources('') }]
}

/** Modules of which an older version runs again since `before`. */
function cameBack({ receipts }: EngineCore, before: readonly Receipt[]): ReadonlySet<string> {
  const known = new Set(before.map(({ id }) => id))
  const since = receipts.list().filter(({ id, trigger }) => trigger === 'hang' && !known.has(id))
  return new Set(since.flatMap(({ modules }) => modules.map(({ name }) => name)))
}

/** It brought other code for all modules of `older`, or for the last that ran what that brought. */
function isNewer(receipt: Receipt, older: Receipt): boolean {
  return (
    receipt.id > older.id &&
    receipt.outcome === 'committed' &&
    older.modules.every(({ name }) =>
      receipt.modules.some((change) => change.name === name && change.from !== change.to),
    )
  )
}

/** Undefined where it was no reload that is tried. */
function commitOf(
  { outcome, trigger, moment, modules }: Receipt,
  entries: readonly JournalEntry[],
): JournalEntry | undefined {
  if (outcome !== 'committed' || trigger === 'undo' || trigger === 'hang') return undefined
  return entries.findLast(
    ({ input, timeline, frame }) =>
      input.kind === 'commit' &&
      timeline === moment.timeline &&
      frame === moment.frame + 1 &&
      input.modules.some(({ isCodeNew, manifest }) => isCodeNew && modules.some(({ name }) => name === manifest.name)),
  )
}

/** Those that run what the reload brought, or would if `isTried`, a newer reload of theirs, were taken back. */
async function modulesOf(
  { program, code }: EngineCore,
  receipt: Receipt,
  isTried: (name: string) => boolean,
): Promise<readonly TrialModule[]> {
  const modules: TrialModule[] = []
  for (const { name, from, to } of receipt.modules) {
    const module = program.module(name)
    if (module === undefined || from === undefined || from === to) continue
    if (to !== module.version && !isTried(name)) continue
    const versions = [...module.past, module.entry]
    const versionAt = (index: number): number | undefined => {
      const entry = versions[index]
      return entry === undefined ? undefined : code.versionOf(name, entry)
    }
    const at = versions.findLastIndex((_, index) => versionAt(index) === to && versionAt(index - 1) === from)
    const [before, entry] = versions.slice(at - 1, at + 1)
    if (at < 1 || before === undefined || entry === undefined) continue
    // Without the version before there is nothing to go back to.
    const namespace = await code.load(before).catch(() => undefined)
    const definition = namespace === undefined ? undefined : readDefinition(namespace, module.manifest.path)
    if (definition === undefined) continue
    modules.push({
      name,
      from,
      entry,
      before: { entry: before, definition },
      resources: module.resources,
      look: new NaNLook(),
      knownNaNs: undefined,
      callsBefore: module.calls,
      wasRefused: module.stateRefusal !== undefined,
      hadNoRoom: module.hasNoRoom,
    })
  }
  return modules
}
