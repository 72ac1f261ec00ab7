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
  for (const receipt of source.receipts ?? []) {
    const frames = program.frame - receipt.moment.frame
    const commit = commitOf(receipt, source.entries)
    if (commit === undefined || receipt.moment.timeline !== program.timeline || frames >= trialFrames) continue
    const modules = await modulesOf(core, receipt)
    const record = completeRecordUpTo(reader, receipt.moment, commit.sequence - 1)
    const parts = record === undefined ? undefined : reader.read(record)
    if (modules.length === 0 || record === undefined || parts === undefined) continue
    if (!history.capture.adopt(record.moment, parts)) continue
    const { moment } = receipt
    core.trials.restart(
      new Trial({ receipt, modules, sequence: commit.sequence, moment, base: record.moment }, program, frames),
    )
  }
  // What may come back is kept evaluated.
  core.releaseCode()
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
