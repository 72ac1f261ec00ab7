// Reloads that were on trial in an engine that was ended, on trial again in the one that goes on (ML9): for the frames that are left, from the
// capture of before their commit, which is copied over. Modules that set something up are left out: what they had before went with it.

import type { JournalEntry, TakeOver } from '../../protocol/journal.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import { readDefinition } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import { completeRecordUpTo } from '../journal/frame-capture.ts'
import { NaNLook } from './nan-look.ts'
import { Trial, trialFrames } from './trial.ts'
import type { TrialModule } from './trial.ts'

/** After the program of `source` is present here. */
export async function restartTrials(core: EngineCore, source: TakeOver): Promise<void> {
  const { program, history } = core
  const reader = new CaptureReader(source.captures, history.parts.restoreClasses)
  const receipts = source.receipts ?? []
  const back = cameBack(core, receipts)
  const trials: Trial[] = []
  // The newest first: one that newer code was proven over is tried no more.
  for (const receipt of receipts.toReversed()) {
    const commit = commitOf(receipt, source.entries)
    if (commit === undefined || receipt.moment.timeline !== program.timeline) continue
    const newer = receipts.find((other) => isNewer(other, receipt))
    const since = program.frame - receipt.moment.frame
    const ran = newer === undefined ? since : newer.moment.frame - receipt.moment.frame
    if (ran >= trialFrames) continue
    const modules = await modulesOf(core, receipt, (name) => trials.some((trial) => trial.has(name)))
    const runsOn = modules.some(({ name, entry }) => program.module(name)?.entry === entry && !back.has(name))
    if (runsOn && since >= trialFrames) continue
    const record = completeRecordUpTo(reader, receipt.moment, commit.sequence - 1)
    const parts = record === undefined ? undefined : reader.read(record)
    if (modules.length === 0 || record === undefined || parts === undefined) continue
    if (!history.capture.adopt(record.moment, parts)) continue
    const { moment } = receipt
    // Newer code ran in its place, and is gone: it stands its whole trial as it comes back.
    const parameters = { receipt, modules, sequence: commit.sequence, moment, base: record.moment }
    trials.push(new Trial(parameters, program, runsOn ? since : 0))
  }
  for (const trial of trials.toReversed()) core.trials.restart(trial)
  // What may come back is kept evaluated.
  core.releaseCode()
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
    if (module === undefined || from === undefined || from === to || module.definition.setup !== undefined) continue
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
    if (definition === undefined || definition.setup !== undefined) continue
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
