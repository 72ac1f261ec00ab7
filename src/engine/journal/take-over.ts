// Another engine's program, gone on with in this one (ML9): its captures are read, its versions evaluated, its resources set up anew, and
// the frames between computed again (taken-over-program.ts). The other engine may hang, or be gone.

import { CoppiceError } from '../../protocol/errors.ts'
import type { TakeOver } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { CodeBase } from '../code-base.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Program } from '../program.ts'
import { restartTrials } from '../trial/restarted-trials.ts'
import { stopGuilty } from './stop-guilty.ts'
import { computeTakenOver } from './taken-over-program.ts'
import type { TakeOverParts } from './taken-over-program.ts'

/** Goes on with another engine's program, at the start of the frame it captured last, whose rest runs next, or at its end. */
export async function takeOver(core: EngineCore, source: TakeOver): Promise<void> {
  if (core.program.manifest !== undefined)
    throw new CoppiceError('invalid-argument', 'This engine runs a program already.')
  let { guilty } = source
  await core.reloads.exclusively(async () => {
    core.saved.set(source.saved ?? {})
    const parts = { ...core.reloadParts, ...core.history.parts }
    numberVersions(core.code, source.entries)
    const kept = await keptByReset(source, parts)
    guilty = await withGetter(core, source, parts)
    const { program, missed } = await computeTakenOver(source, parts, source.at ?? 'start')
    core.history.journal.adopt(source.entries)
    for (const { frame, input } of missed) core.history.record(program.timeline, frame, input)
    core.kept = kept
    core.history.keep(kept)
    core.receipts.adopt(source.receipts ?? [])
    core.logBook.adopt(source.log ?? [])
    core.adopt(program, Math.max(program.timeline, ...source.entries.slice(-1).map((entry) => entry.timeline)))
    core.reloads.adopt(source.revision, undone(source.entries, program.timeline))
    for (const problem of source.problems ?? []) core.problems.set(problem)
    if (source.outputsLeft !== undefined) core.outputs.adopt(source.outputsLeft)
    // It ended before its outputs could leave.
    if (source.at === 'boundary') core.outputs.letGo(program, false)
    for (const module of program.modules) module.error = core.problems.get(`run:${module.name}`)
  })
  if (source.speed !== undefined) core.loop.setSpeed(source.speed)
  if (guilty !== undefined) await stopGuilty(core, guilty)
  await restartTrials(core, source)
  // It may be gone before its first frame.
  core.history.tookOver(core.program)
  core.reporter.modulesChanged()
  core.tellProblems()
  if (source.isRunning === true) core.loop.resume()
}

/** What undoing the last reset brings back; undefined where there was none, or its captures are gone. */
async function keptByReset(source: TakeOver, parts: TakeOverParts): Promise<Program | undefined> {
  const { resetFrom } = source
  if (resetFrom === undefined) return undefined
  const { timeline, frame } = resetFrom
  try {
    const { guilty: _, ...before } = source
    const { program } = await computeTakenOver({ ...before, timeline, frame, reached: frame }, parts, 'boundary')
    program.isComputed = false
    return program
  } catch (error) {
    // The program that runs is what counts: without this one, its reset can't be undone.
    if (error instanceof CoppiceError && error.code === 'not-supported') return undefined
    throw error
  }
}

/** Modules whose newest commit was an undo. */
function undone(entries: TakeOver['entries'], timeline: number): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { input } of entries.filter((entry) => entry.timeline <= timeline)) {
    if (input.kind !== 'commit') continue
    for (const { manifest, isCodeNew } of input.modules) {
      if (isCodeNew && input.isUndo) names.add(manifest.name)
      else if (isCodeNew) names.delete(manifest.name)
    }
  }
  return names
}

/** Which getter it was, where reading a state hung: the calls are made once more, and nobody reads what they leave. */
async function withGetter(core: EngineCore, source: TakeOver, parts: TakeOverParts): Promise<TakeOver['guilty']> {
  const { guilty, ...rest } = source
  if (guilty?.phase !== 'capture') return guilty
  const isInFrame = rest.reached !== undefined && source.at !== 'boundary'
  const before = isInFrame ? { ...rest, reached: frameNumber((rest.reached ?? 0) - 1) } : rest
  const { program } = await computeTakenOver(before, parts, 'end')
  const found = core.history.refusalOf(program.module(guilty.module)?.state)
  parts.retired(program.modules.map((module) => [module.name, module.resources]))
  if (found === undefined) return guilty
  return { ...guilty, error: { ...guilty.error, message: `${guilty.error.message}: ${found}` } }
}

/** Versions keep their numbers: these go by the order of first commits. */
function numberVersions(code: CodeBase, entries: TakeOver['entries']): void {
  code.forgetNumbers()
  for (const { input } of entries) {
    if (input.kind !== 'commit') continue
    for (const { manifest, entry, isCodeNew } of input.modules) if (isCodeNew) code.versionOf(manifest.name, entry)
  }
}
