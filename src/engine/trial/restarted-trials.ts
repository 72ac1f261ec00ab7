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
  for (const receipt of receipts) {
    // Newer code ran in its place, and is gone: it stands its whole trial as it comes back.
    const newer = receipts.find((other) => isNewer(other, receipt, back))
    const frames = (newer?.moment.frame ?? program.frame) - receipt.moment.frame
    const commit = commitOf(receipt, source.entries)
    if (commit === undefined || receipt.moment.timeline !== program.timeline || frames >= trialFrames) continue
    const modules = await modulesOf(core, receipt)
    const record = completeRecordUpTo(reader, receipt.moment, commit.sequence - 1)
    const parts = record === undefined ? undefined : reader.read(record)
    if (modules.length === 0 || record === undefined || parts === undefined) continue
    if (!history.capture.adopt(record.moment, parts)) continue
    const { moment } = receipt
    core.trials.restart(
      new Trial(
        { receipt, modules, sequence: commit.sequence, moment, base: record.moment },
        program,
        newer === undefined ? frames : 0,
      ),
    )
  }
  // What may come back is kept evaluated.
  core.releaseCode()
}

/** Modules of which an older version runs again since `before`. */
function cameBack({ receipts }: EngineCore, before: readonly Receipt[]): ReadonlySet<string> {
  const known = new Set(before.map(({ id }) => id))
  const since = receipts.list().filter(({ id, trigger }) => trigger === 'hang' && !known.has(id))
  return new Set(since.flatMap(({ modules }) => modules.map(({ name }) => name)))
}

/** It brought other code for a module that came back to `older`. */
function isNewer(receipt: Receipt, older: Receipt, back: ReadonlySet<string>): boolean {
  return (
    receipt.id > older.id &&
    receipt.outcome === 'committed' &&
    receipt.modules.some(
      ({ name, from, to }) => from !== to && back.has(name) && older.modules.some((other) => other.name === name),
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

/** Those that still run what the reload brought. */
async function modulesOf({ program, code }: EngineCore, receipt: Receipt): Promise<readonly TrialModule[]> {
  const modules: TrialModule[] = []
  for (const { name, from, to } of receipt.modules) {
    const module = program.module(name)
    const entry = module?.past.at(-1)
    if (module === undefined || entry === undefined || from === undefined || from === to || to !== module.version)
      continue
    if (module.definition.setup !== undefined) continue
    // Without the version before there is nothing to go back to.
    const namespace = await code.load(entry).catch(() => undefined)
    const definition = namespace === undefined ? undefined : readDefinition(namespace, module.manifest.path)
    if (definition === undefined || definition.setup !== undefined) continue
    modules.push({
      name,
      from,
      entry: module.entry,
      before: { entry, definition },
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
