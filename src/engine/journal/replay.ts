// A run computed again from frame 0 with the code of now, and compared with the run that was, as its newest capture has it; where they
// differ, once more with all reloads where they were, to tell why. Runs in an engine that has no program, so that nothing waits for it.
//
//   journal ──► as if the code of now had always run ──► program ──┬─ same ──► no residue of reloads
//      │                                                           └─ differs, or throws
//      └──► as it was, reloads included ──► program ── same ──► residue of reloads │ differs ──► something that is not recorded

import type { JournalEntry } from '../../protocol/journal.ts'
import type {
  ProgramDifference,
  ReplayCause,
  ReplayProgress,
  ReplayRequest,
  ReplayResult,
} from '../../protocol/replay.ts'
import type { SourceError } from '../../protocol/values.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import type { FoundRecord } from '../capture/capture-reader.ts'
import type { EngineCore } from '../engine-core.ts'
import { messageOf } from '../reload-failure.ts'
import { copyPlain } from '../plain-copy.ts'
import { ResourcePreparation } from '../resource-preparation.ts'
import { completeRecordUpTo } from './frame-capture.ts'
import { standing } from './journal.ts'
import { asPresentCode, reloadsIn } from './present-code.ts'
import { programDifference } from './program-difference.ts'
import { isVersionsPart, partNames, programPart, readProgram } from './program-parts.ts'
import type { RestoredProgram, VersionsPart } from './program-parts.ts'
import { runSimulation, Simulation } from './simulation.ts'
import { loadVersions } from './taken-over-program.ts'

/** Between two words on how far it is. */
const tellEveryMs = 100

/** What one pass comes to. */
type Pass =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs'; readonly difference: ProgramDifference }
  | { readonly kind: 'threw'; readonly module: string; readonly frame: number; readonly error: SourceError }
  | { readonly kind: 'impossible'; readonly reason: string }

/** Replays one run. `captures`: of the engine that runs it, which may go on meanwhile. */
export async function replay(core: EngineCore, request: ReplayRequest, captures: CaptureBuffer): Promise<ReplayResult> {
  const { timeline, entries } = request
  const { now } = core.reloadParts
  const started = now()
  if (!reachesStart(entries, timeline))
    return impossible(
      'its first inputs are kept no more: the newest 200 000 are, and of those the newest 20 000 after a hang. Reset the program, and what comes after can be replayed',
    )
  const reader = new CaptureReader(captures, core.history.parts.restoreClasses)
  const last = entries.at(-1)?.sequence ?? 0
  const record = completeRecordUpTo(reader, { timeline, frame: frameNumber(Infinity) }, last)
  const versions = record && versionsIn(reader, record)
  if (record === undefined || versions === undefined)
    return impossible('there is no capture of the running program yet')
  core.code.setMath(versions.manifest.math)
  core.code.add(request.texts)
  try {
    const run = await ReplayedRun.of(core, reader, record, versions, standing(entries, timeline))
    const pass = await run.pass('present-code')
    const { moment } = record
    const reloads = reloadsIn(run.entries)
    if (pass.kind === 'impossible') return pass
    if (pass.kind === 'same') return { kind: 'same', moment, reloads, ms: now() - started }
    const cause = await causeOf(run, reloads)
    const ms = now() - started
    if (pass.kind === 'differs') return { ...pass, moment, cause, ms }
    const { module, error, frame } = pass
    return { kind: 'threw', module, error, moment: { timeline, frame: frameNumber(frame) }, cause, ms }
  } catch (error) {
    return impossible(messageOf(error))
  }
}

/** Without a reload, both passes are one. */
async function causeOf(run: ReplayedRun, reloads: number): Promise<ReplayCause> {
  if (reloads === 0) return { kind: 'unrecorded' }
  const pass = await run.pass('recorded')
  if (pass.kind === 'impossible') return { kind: 'unknown', reason: pass.reason }
  return pass.kind === 'same' ? { kind: 'reloads', reloads } : { kind: 'unrecorded' }
}

/** The run that was, and what it takes to compute it again. */
class ReplayedRun {
  readonly entries: readonly JournalEntry[]
  readonly #core: EngineCore
  readonly #running: RestoredProgram
  readonly #versions: VersionsPart
  readonly #timeline: FoundRecord['moment']['timeline']

  private constructor(
    core: EngineCore,
    timeline: FoundRecord['moment']['timeline'],
    running: RestoredProgram,
    versions: VersionsPart,
    entries: readonly JournalEntry[],
  ) {
    this.#core = core
    this.#timeline = timeline
    this.#running = running
    this.#versions = versions
    this.entries = entries
  }

  /** Reads the capture at once: the engine that made it drops it in time. */
  static async of(
    core: EngineCore,
    reader: CaptureReader,
    record: FoundRecord,
    versions: VersionsPart,
    standingEntries: readonly JournalEntry[],
  ): Promise<ReplayedRun> {
    const { code, classes } = core
    await loadVersions(code, versions, [])
    classes.activate(versions.modules.flatMap(({ entry }) => [...code.reach(entry)]))
    const parts = reader.read(record)
    const running = parts === undefined ? undefined : readProgram(parts, record.moment.frame)
    if (running === undefined) throw new Error('the capture it is compared with was dropped before it was read')
    const { sequence } = running.program
    const entries = standingEntries.filter((entry) => entry.sequence <= sequence)
    return new ReplayedRun(core, record.moment.timeline, running, versions, entries)
  }

  async pass(pass: ReplayProgress['pass']): Promise<Pass> {
    const { code, call, classes, history, reloadParts, host } = this.#core
    const isPresent = pass === 'present-code'
    const entries = isPresent ? asPresentCode(this.entries, this.#versions, this.#timeline) : this.entries
    const definitions = await loadVersions(code, this.#versions, entries)
    const first = entries.find(({ input }) => input.kind === 'commit')?.input
    if (first?.kind !== 'commit') return impossible('its opening is not recorded')
    const steps = new ResourcePreparation({ code, call, rendering: undefined }, first.manifest, (value) =>
      copyPlain(value, { classOf: (prototype) => classes.kindOf(prototype) }),
    )
    let thrown: Extract<Pass, { kind: 'threw' }> | undefined
    const simulation = new Simulation(
      {
        ...reloadParts,
        ...history.parts,
        definitionOf: (module, entry) => definitions.get(`${entry} ${module}`),
        resources: () => steps,
        threw: (module, error) => {
          if (call.phase !== 'process') return
          const described = code.describe(error, module.entry, module.manifest.path)
          thrown ??= { kind: 'threw', module: module.name, frame: call.frame, error: described }
        },
      },
      { timeline: this.#timeline, ...this.#start(first.manifest), entries },
    )
    const { frame: of, isFrameOpen } = this.#running.program
    let toldAt = -Infinity
    const result = await runSimulation(
      simulation,
      {
        frame: of,
        at: isFrameOpen ? 'start' : 'boundary',
        isOverdue: () => thrown !== undefined,
        frameEnded: ({ frame }) => {
          const at = reloadParts.now()
          if (at - toldAt < tellEveryMs) return
          toldAt = at
          host.emit({ type: 'replayed', progress: { pass, frame, of } })
          host.sendNow?.()
        },
      },
      call,
    )
    if (thrown !== undefined) return thrown
    if (result.kind !== 'reached') return impossible(result.kind === 'impossible' ? result.message : result.kind)
    const difference = call.apart(() => programDifference(result.program, this.#running, this.#core))
    return difference === undefined ? { kind: 'same' } : { kind: 'differs', difference }
  }

  /** A program at frame 0 with nothing in it yet; the first commit fills it. */
  #start(manifest: VersionsPart['manifest']): {
    readonly versions: () => VersionsPart
    readonly read: () => RestoredProgram
  } {
    const versions: VersionsPart = { kind: 'versions', manifest, modules: [], order: [] }
    const read = (): RestoredProgram => {
      const empty = this.#core.history.parts.createProgram(this.#timeline)
      empty.view = manifest.view
      empty.targetFps = manifest.targetFps
      return {
        program: { ...programPart(empty, -1, []), frame: 0 },
        versions,
        bus: empty.bus.contents(),
        devices: empty.devices.contents(),
        tasks: empty.tasks.contents(),
        modules: new Map(),
      }
    }
    return { versions: () => versions, read }
  }
}

/** Nothing of the timeline is missing: no entry was dropped since the one before its first. */
function reachesStart(entries: readonly JournalEntry[], timeline: number): boolean {
  const first = entries.findIndex((entry) => entry.timeline === timeline)
  const start = entries[first]
  if (start === undefined || (first === 0 && start.sequence !== 1)) return false
  return entries.slice(Math.max(0, first - 1)).every(({ sequence }, index, all) => {
    const before = all[index - 1]
    return before === undefined || before.sequence + 1 === sequence
  })
}

function versionsIn(reader: CaptureReader, record: FoundRecord): VersionsPart | undefined {
  const value = reader.read(record, [partNames.versions])?.[0]?.value
  return isVersionsPart(value) ? value : undefined
}

function impossible(reason: string): Extract<ReplayResult, { kind: 'impossible' }> {
  return { kind: 'impossible', reason }
}
