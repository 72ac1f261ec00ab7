// Another engine's program, gone on with in this one (ML9): its captures are read, its versions evaluated, its resources set up anew, and
// the frames between computed again. The other engine may hang, or be gone.
//
//   captures ──► versions of the newest complete record ──► evaluate ──► set up, restore ──► compute to the start of the frame

import { CoppiceError } from '../../protocol/errors.ts'
import type { JournalEntry, TakeOver } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { ContentHash, TimelineId } from '../../protocol/values.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import type { RestoreClasses } from '../capture/graph-unpacker.ts'
import type { CodeBase } from '../code-base.ts'
import type { EngineCore } from '../engine-core.ts'
import { readDefinition } from '../definition.ts'
import type { Definition } from '../definition.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import { restartTrials } from '../trial/restarted-trials.ts'
import { ResourcePreparation } from '../resource-preparation.ts'
import { completeRecordUpTo, sequenceOf } from './frame-capture.ts'
import { standing } from './journal.ts'
import { stopGuilty } from './stop-guilty.ts'
import { isVersionsPart, partNames, readProgram } from './program-parts.ts'
import type { VersionsPart } from './program-parts.ts'
import { rebuildProfile } from './init-again.ts'
import { runSimulation, Simulation } from './simulation.ts'
import type { SimulationParts, SimulationTarget } from './simulation.ts'

/** Goes on with another engine's program, at the start of the frame it captured last, whose rest runs next, or at its end. */
export async function takeOver(core: EngineCore, source: TakeOver): Promise<void> {
  if (core.program.manifest !== undefined)
    throw new CoppiceError('invalid-argument', 'This engine runs a program already.')
  let { guilty } = source
  await core.reloads.exclusively(async () => {
    core.saved.set(source.saved ?? {})
    const parts = { ...core.reloadParts, ...core.history.parts }
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

export interface TakeOverParts extends Omit<SimulationParts, 'definitionOf' | 'resources'> {
  readonly restoreClasses: RestoreClasses
}

interface TakenOver {
  readonly program: Program
  /** Calls that are not made, as what they leave in a state can't be read. */
  readonly missed: readonly JournalEntry[]
}

/** The program as its engine had it. Throws `not-supported` where it can't be computed, saying why. */
async function computeTakenOver(
  source: TakeOver,
  parts: TakeOverParts,
  at: SimulationTarget['at'],
): Promise<TakenOver> {
  const { code, call, classes } = parts
  const { manifest } = source.revision
  code.setMath(manifest.math)
  code.add(source.texts)
  code.add(source.revision.texts)
  const reader = new CaptureReader(source.captures, parts.restoreClasses)
  const timeline = source.timeline ?? reader.newest()?.moment.timeline
  if (timeline === undefined) throw impossible('there is no capture')
  const upTo = { timeline, frame: frameNumber(source.frame ?? Infinity) }
  const newest = reader.newestUpTo(upTo)
  const base = completeRecordUpTo(reader, upTo, Infinity)
  if (newest === undefined || base === undefined) throw impossible('there is no complete capture')
  const versionsOf = (): VersionsPart | undefined => {
    const value = reader.read(base, [partNames.versions])?.[0]?.value
    return isVersionsPart(value) ? value : undefined
  }
  const versions = versionsOf()
  if (versions === undefined) throw impossible('the capture was dropped')
  numberVersions(code, source.entries)
  const entries = standing(source.entries, timeline)
  const included = sequenceOf(reader, base)
  const definitions = await loadVersions(
    code,
    versions,
    entries.filter(({ sequence }) => sequence > included),
  )
  const steps = new ResourcePreparation({ code, call, rendering: undefined }, manifest, (value) =>
    copyPlain(value, { classOf: (prototype) => classes.kindOf(prototype) }),
  )
  const frame = Math.max(newest.moment.frame, source.reached ?? 0)
  const missed = unreadableCalls(source.guilty, timeline, base.moment.frame, at === 'start' ? frame - 1 : frame)
  const simulation = new Simulation(
    {
      ...parts,
      definitionOf: (module, entry) => definitions.get(`${entry} ${module}`),
      resources: () => steps,
    },
    {
      timeline,
      versions: versionsOf,
      read: () => {
        const read = reader.read(base)
        return read === undefined ? undefined : readProgram(read, base.moment.frame)
      },
      entries: [...entries, ...missed],
    },
  )
  const result = await runSimulation(simulation, { frame, at }, call)
  if (result.kind !== 'reached') throw impossible(result.kind === 'impossible' ? result.message : result.kind)
  if (at === 'boundary') {
    for (const entry of entries)
      if (entry.frame > frame && entry.input.kind === 'device') result.program.inputs.add(entry.input.input)
  }
  for (const module of result.program.modules) module.initProfile ??= rebuildProfile(parts, module)
  return { program: result.program, missed }
}

/** Where reading its state hung: the calls since the capture, which made it so. The capture could be read. */
function unreadableCalls(
  guilty: TakeOver['guilty'],
  timeline: TimelineId,
  first: number,
  last: number,
): readonly JournalEntry[] {
  if (guilty?.phase !== 'capture') return []
  const input = { kind: 'missed', module: guilty.module } as const
  return Array.from({ length: last - first + 1 }, (_, index) => {
    return { sequence: Number.MAX_SAFE_INTEGER, timeline, frame: frameNumber(first + index), input }
  })
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

/** All code the capture and the commits after it run, and what an undo can go back to as far as it can be evaluated. */
export async function loadVersions(
  code: CodeBase,
  versions: VersionsPart,
  entries: TakeOver['entries'],
): Promise<ReadonlyMap<string, Definition>> {
  const definitions = new Map<string, Definition>()
  const load = async (module: string, path: string, entry: ContentHash): Promise<void> => {
    definitions.set(`${entry} ${module}`, readDefinition(await code.load(entry), path))
  }
  for (const { manifest, entry, past } of versions.modules) {
    for (const before of past) {
      if (code.text(before) !== undefined) await load(manifest.name, manifest.path, before).catch(() => undefined)
    }
    await load(manifest.name, manifest.path, entry)
  }
  for (const { input } of entries) {
    if (input.kind !== 'commit') continue
    for (const { manifest, entry, isCodeNew } of input.modules) {
      if (isCodeNew && code.text(entry) !== undefined && !definitions.has(`${entry} ${manifest.name}`))
        await load(manifest.name, manifest.path, entry).catch(() => undefined)
    }
  }
  return definitions
}

/** Versions keep their numbers: these go by the order of first commits. */
function numberVersions(code: CodeBase, entries: TakeOver['entries']): void {
  code.forgetNumbers()
  for (const { input } of entries) {
    if (input.kind !== 'commit') continue
    for (const { manifest, entry, isCodeNew } of input.modules) if (isCodeNew) code.versionOf(manifest.name, entry)
  }
}

function impossible(why: string): CoppiceError {
  return new CoppiceError('not-supported', `The program can't be taken over: ${why}.`)
}
