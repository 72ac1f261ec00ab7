// What an engine that runs no program does for one that does: programs made from that one's captures and computed on, one at a time, as each
// has the classes and the current call of this engine to itself. What is dear to make is kept from one to the next.
//
//   rehearsal.ts, verification.ts ──► exclusively ──► record ──► definitions ──► simulation ──► run ──► end

import type { CodeText } from '../../protocol/code.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { JournalEntry } from '../../protocol/journal.ts'
import type { Manifest } from '../../protocol/manifest.ts'
import type { ContentHash, Moment } from '../../protocol/values.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import type { Definition } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import { isVersionsPart, partNames, readProgram } from './program-parts.ts'
import type { RestoredProgram, VersionsPart } from './program-parts.ts'
import { RehearsalDrawing } from './rehearsal-drawing.ts'
import { RehearsalResources } from './rehearsal-resources.ts'
import { Simulation } from './simulation.ts'
import type { SimulationParts, SimulationResult, SimulationTarget } from './simulation.ts'
import { loadVersions } from './taken-over-program.ts'

/** For what is asynchronous in the code. */
const awaitedMs = 500

/** A complete record of captures. */
export interface StoredProgram {
  readonly moment: Moment
  readonly versions: VersionsPart
  /** A fresh copy at each call, with the classes that are active then; undefined where it has been dropped. */
  readonly read: () => RestoredProgram | undefined
}

/** What a program is computed from. */
export interface StandbySource {
  readonly stored: StoredProgram
  readonly manifest: Manifest
  readonly entries: readonly JournalEntry[]
  readonly definitions: ReadonlyMap<string, Definition>
}

export class StandbyWork {
  readonly drawing: RehearsalDrawing
  readonly #core: EngineCore
  readonly #resources = new RehearsalResources()
  #reader: CaptureReader | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(core: EngineCore) {
    this.#core = core
    this.drawing = new RehearsalDrawing(core)
  }

  /** Runs `body` when all that was asked before has been done. */
  exclusively<Result>(body: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(body)
    this.#queue = done.catch(() => undefined)
    return done
  }

  /** Code, and the memory of captures of the engine that asks; undefined: as before. */
  prepare({ math }: Manifest, texts: readonly CodeText[], captures: CaptureBuffer | undefined): void {
    const { code, history } = this.#core
    code.setMath(math)
    code.add(texts)
    if (captures !== undefined) this.#reader = new CaptureReader(captures, history.parts.restoreClasses)
  }

  /** Undefined where it has been dropped. */
  record({ timeline, frame }: Moment): StoredProgram | undefined {
    const reader = this.#reader
    if (reader === undefined) throw new CoppiceError('invalid-argument', 'No captures were handed in yet.')
    const found = reader.records().findLast(({ moment }) => moment.timeline === timeline && moment.frame === frame)
    const versions = found === undefined ? undefined : reader.read(found, [partNames.versions])?.[0]?.value
    if (found === undefined || !isVersionsPart(versions)) return undefined
    return {
      moment: found.moment,
      versions,
      read: () => {
        const parts = reader.read(found)
        return parts === undefined ? undefined : readProgram(parts, frame)
      },
    }
  }

  /** All code of the record and of the commits after it; undefined where its top level takes too long. */
  definitions(
    { versions }: StoredProgram,
    entries: readonly JournalEntry[],
  ): Promise<ReadonlyMap<string, Definition> | undefined> {
    return this.#inTime(loadVersions(this.#core.code, versions, entries))
  }

  simulation(
    { stored, manifest, entries, definitions }: StandbySource,
    { threw, weigh }: Required<Pick<SimulationParts, 'threw'>> & Pick<SimulationParts, 'weigh'>,
  ): Simulation {
    const { code, call, classes, history, reloadParts } = this.#core
    const steps = this.#resources.steps({ code, call, rendering: undefined }, manifest, (value) =>
      copyPlain(value, { classOf: (prototype) => classes.kindOf(prototype) }),
    )
    return new Simulation(
      {
        ...reloadParts,
        ...history.parts,
        definitionOf: (module, entry) => definitions.get(`${entry} ${module}`),
        resources: () => steps,
        threw,
        ...(weigh === undefined ? {} : { weigh }),
      },
      { timeline: stored.moment.timeline, versions: () => stored.versions, read: stored.read, entries },
    )
  }

  /** Undefined where what has to be set up takes too long: then it is left where it is, for good. */
  async run(simulation: Simulation, target: SimulationTarget): Promise<SimulationResult | undefined> {
    const steps = simulation.run(target)
    for (;;) {
      const step = this.#core.call.apart(() => steps.next())
      if (step.done === true) return step.value
      if ((await this.#inTime(step.value.then(() => true))) === undefined) return undefined
    }
  }

  /** Lets go of a program and, but for `entries`, of code. */
  end(program: Program | undefined, { versions }: StoredProgram, entries: readonly ContentHash[]): void {
    const { call, code, classes } = this.#core
    this.#resources.end(call, program)
    const kept = [...versions.modules.flatMap(({ entry, past }) => [entry, ...past]), ...entries]
    code.release(kept)
    classes.release(new Set(kept.flatMap((entry) => [...code.reach(entry)])))
  }

  /** Undefined where it takes too long; what comes later is nobody's. */
  #inTime<Value>(pending: Promise<Value>): Promise<Value | undefined> {
    const { clock, timers } = this.#core.host
    return new Promise((resolve, reject) => {
      const cancel = timers.callAt(clock.now() + awaitedMs, () => resolve(undefined))
      pending.then(resolve, reject).finally(cancel)
    })
  }
}
