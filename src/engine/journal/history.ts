// The past of one engine's programs: captures, journal, the code and resources of versions that may still be asked for; and programs
// computed again from them. Owns nothing of the program that is present, which engine-core.ts runs and hands in.

import type { JournalEntry, JournalInput } from '../../protocol/journal.ts'
import type { ContentHash, FrameNumber, Moment, TimelineId } from '../../protocol/values.ts'
import type { FoundRecord } from '../capture/capture-reader.ts'
import type { CaptureClasses } from '../capture/class-names.ts'
import type { RestoreClasses } from '../capture/graph-unpacker.ts'
import type { CallTracker } from '../call-tracker.ts'
import type { ClassRegistry } from '../class-registry.ts'
import type { CodeBase } from '../code-base.ts'
import { reachOf } from '../commit.ts'
import type { Definition } from '../definition.ts'
import type { Clock, HistorySettings, Pulse } from '../host.ts'
import type { InstanceParts, ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { createRandom } from '../random.ts'
import type { Resources } from '../resources.ts'
import { checkState } from '../state-rules.ts'
import { CaptureCopies } from './capture-copies.ts'
import type { CaptureCopy } from './capture-copies.ts'
import { FrameCapture } from './frame-capture.ts'
import type { FrameCaptureOptions } from './frame-capture.ts'
import { Journal } from './journal.ts'
import { modulePart } from './program-parts.ts'
import type { ModulePart } from './program-parts.ts'
import { BorrowedResources, ResourceShelf } from './resource-shelf.ts'
import { Simulation } from './simulation.ts'
import type { SimulationResult, SimulationTarget } from './simulation.ts'
import type { TakeOverParts } from './taken-over-program.ts'

export interface HistoryOptions {
  readonly clock: Clock
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
  readonly settings: HistorySettings
  readonly pulse: Pulse | undefined
  readonly createProgram: (timeline: TimelineId) => Program
  readonly write: InstanceParts['write']
  /** The module can't be captured: why, with the path. */
  readonly refused: (module: ModuleInstance, message: string) => void
  readonly roomChanged: (module: ModuleInstance) => void
  /** A copy is to go out. */
  readonly copied: (copy: CaptureCopy) => void
}

/** A program computed again with the living one's resources: `giveBack` them, or let it live in the other's place. */
export interface ComputedProgram {
  readonly result: SimulationResult
  readonly giveBack: () => void
}

/** What may be computed again in one turn before it is given up. */
const patienceMs = 250
/** Of the frames in which states may be made again, one in so many is. */
const rebuildEvery = 4

export class History {
  /** What a program computed from elsewhere is made with. */
  readonly parts: Pick<TakeOverParts, 'createProgram' | 'write' | 'retired' | 'restoreClasses'>
  readonly journal = new Journal()
  readonly capture: FrameCapture
  /** Undefined where other threads can read the captures. */
  readonly copies: CaptureCopies | undefined
  readonly shelf = new ResourceShelf()
  /** Which classes states hold instances of. */
  readonly classes: CaptureClasses & RestoreClasses
  /** Of the newest commit in the journal. */
  commitSequence = 0
  /** Of the capture held of a program a reset left. */
  #kept: Moment | undefined
  readonly #options: HistoryOptions
  readonly #definitions = new Map<string, Definition>()

  constructor(options: HistoryOptions) {
    this.#options = options
    const { clock, code, classes, call, settings, createProgram, write, refused, roomChanged } = options
    this.classes = {
      kindOf: (prototype: object) => classes.kindOf(prototype),
      keyOf: (prototype: object) => classes.keyOf(prototype),
      prototypeOf: (key: string) => classes.prototypeOf(key),
      get datePrototype() {
        return code.datePrototype ?? Object.prototype
      },
    }
    const retired = (resources: readonly (readonly [module: string, resources: Resources])[]): void => {
      for (const [module, one] of resources) call.within(module, 'dispose', () => one.dispose())
    }
    this.parts = { createProgram, write, retired, restoreClasses: this.classes }
    const captureOptions: FrameCaptureOptions = {
      clock,
      classes: this.classes,
      byteLimit: settings.byteLimit,
      budgetShare: settings.budgetShare,
      isShared: settings.copies !== true,
      pulse: options.pulse,
      sequence: () => this.journal.sequence,
      snapshotOf: (module) => module.snapshot(),
      refused,
      roomChanged,
    }
    this.capture = new FrameCapture(captureOptions)
    if (settings.copies !== true) return
    this.copies = new CaptureCopies(
      clock,
      (byteLimit) =>
        new FrameCapture({
          ...captureOptions,
          byteLimit,
          budgetShare: Infinity,
          refused: () => undefined,
          roomChanged: () => undefined,
        }),
    )
  }

  readonly record = (timeline: TimelineId, frame: FrameNumber, input: JournalInput): void => {
    const { sequence } = this.journal.record(timeline, frame, input)
    if (input.kind === 'commit') this.commitSequence = sequence
  }

  /** A program that is not present, but may be again, also in another engine: a capture of it is held until the next such program. */
  keep(program: Program | undefined): void {
    if (this.#kept !== undefined) this.capture.store.release(this.#kept)
    this.#kept = undefined
    if (program === undefined) return
    if (this.capture.completeUpTo(program.moment) === undefined) this.capture.capture(program)
    const found = this.capture.completeUpTo(program.moment)?.moment
    if (found !== undefined && this.capture.store.hold(found)) this.#kept = found
  }

  /** Another engine's program is here: whoever takes over from this one begins with it as it is now. */
  tookOver(program: Program): void {
    this.capture.capture(program)
    this.copies?.frameBegan(program, this.#options.copied)
  }

  /** All that enters the frame is in. */
  frameBegan(program: Program): void {
    this.capture.capture(program)
    const { settings, copied } = this.#options
    const { rebuildStates } = settings
    this.copies?.frameBegan(program, copied)
    if (rebuildStates !== undefined) this.#rebuildStates(program, rebuildStates)
  }

  /**
   * A commit is done, or another program is present. `onTrial`: code of before that may come back. Gives the entries whose code may
   * still be asked for: what runs, what an undo or redo goes to, what may come back.
   */
  versionsChanged(
    program: Program,
    kept: Program | undefined,
    onTrial: Iterable<readonly [module: string, entry: ContentHash, definition: Definition]>,
  ): readonly ContentHash[] {
    const entries = new Set<ContentHash>()
    const used = new Set<string>()
    for (const module of [...program.modules, ...(kept?.modules ?? [])]) {
      this.#definitions.set(versionKey(module.name, module.entry), module.definition)
      for (const entry of [module.entry, ...module.past, ...module.future]) {
        used.add(versionKey(module.name, entry))
        entries.add(entry)
      }
    }
    for (const [module, entry, definition] of onTrial) {
      this.#definitions.set(versionKey(module, entry), definition)
      used.add(versionKey(module, entry))
      entries.add(entry)
    }
    for (const key of this.#definitions.keys()) if (!used.has(key)) this.#definitions.delete(key)
    this.shelf.note(this.journal.sequence, program.modules)
    this.capture.setModules(program.modules.map((module) => module.name))
    return [...entries]
  }

  /**
   * FL8: state and resources of a module are those of the frame's start again. False where they are not known: it was refused by
   * the captures.
   */
  takeBack(module: ModuleInstance, program: Program): boolean {
    const part = this.capture.atStart(program, module.name) ?? this.#stateAtStart(program, module.name)
    if (part === undefined) return false
    module.state = part.state
    const { restore } = module.definition
    if (restore !== undefined && 'snapshot' in part) {
      this.#options.call.within(module.name, 'restore', () => restore(module.resources.value, part.snapshot))
    }
    return true
  }

  /** The newest capture from which that moment can be computed; `sequence`: without entries after it. */
  base(moment: Moment, sequence?: number): FoundRecord | undefined {
    return this.capture.completeUpTo(moment, sequence)
  }

  /** The newest capture of before a commit, at the moment given or before. */
  baseOf({ base, sequence }: { readonly base: Moment; readonly sequence: number }): FoundRecord | undefined {
    return this.capture.completeUpTo(base, sequence - 1)
  }

  /**
   * Computes a program again, here and now, in the living one's thread and with its resources. Its classes are the active ones
   * after it where it was reached; `giveBack` makes the living program's so again.
   */
  compute(
    living: Program,
    base: FoundRecord,
    entries: readonly JournalEntry[],
    target: SimulationTarget,
  ): ComputedProgram {
    const { code, classes, call, clock } = this.#options
    const borrowed = call.apart(() => new BorrowedResources(this.shelf, call, living.modules))
    const giveBack = (): void => {
      classes.activate(reachOf(living.modules))
      call.apart(() => borrowed.giveBack())
    }
    const started = clock.now()
    const simulation = new Simulation(
      {
        code,
        classes,
        call,
        now: () => clock.now(),
        definitionOf: (module, entry) => this.definitionOf(module, entry),
        resources: (sequence) => borrowed.steps(sequence),
        createProgram: this.#options.createProgram,
        write: this.#options.write,
        // On the shelf, as they are the living program's.
        retired: () => undefined,
      },
      {
        timeline: living.timeline,
        versions: () => this.capture.versions(base),
        read: () => this.capture.read(base),
        entries,
      },
    )
    const result = call.apart(() => {
      const step = simulation.run({ isOverdue: () => clock.now() - started > patienceMs, ...target }).next()
      if (step.done === true) return step.value
      return { kind: 'impossible', message: 'something has to be set up first' } satisfies SimulationResult
    })
    return { result, giveBack }
  }

  /** Why captures can't hold a state; undefined where they can. Cost grows with the state. */
  refusalOf(state: unknown): string | undefined {
    return checkState(state, { classOf: (prototype) => this.classes.kindOf(prototype) })
  }

  /** The code of a version that ran not long ago; undefined where it may have been freed. */
  definitionOf(module: string, entry: ContentHash): Definition | undefined {
    return this.#definitions.get(versionKey(module, entry))
  }

  /** Of a module that was not captured in this frame. */
  #stateAtStart(program: Program, name: string): ModulePart | undefined {
    const base = this.base(program.moment)
    if (base === undefined) return undefined
    const entries = this.journal.after(program.timeline, this.capture.sequenceOf(base))
    const { result, giveBack } = this.compute(program, base, entries, { frame: program.frame, at: 'start' })
    const module = result.kind === 'reached' ? result.program.module(name) : undefined
    let part: ModulePart | undefined
    if (module !== undefined) {
      part = modulePart(module, module.snapshot())
    }
    giveBack()
    return part
  }

  #rebuildStates(program: Program, seed: number): void {
    const random = createRandom(seed, 'history', 'rebuild', program.frame)
    for (const module of program.modules) {
      if (random.integer(1, rebuildEvery) !== 1) continue
      const part = this.capture.atStart(program, module.name)
      if (part !== undefined) module.state = part.state
    }
  }
}

function versionKey(module: string, entry: ContentHash): string {
  return `${entry} ${module}`
}
