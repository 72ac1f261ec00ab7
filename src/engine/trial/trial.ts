// One reload on trial (ML8): which modules it brought, what they were before, and whether what they do so far stands.

import type { TrialLeft } from '../../protocol/program.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { ContentHash, Moment, SourceError } from '../../protocol/values.ts'
import type { CallTracker } from '../call-tracker.ts'
import type { Definition } from '../definition.ts'
import type { MissedCall } from '../journal/simulation.ts'
import { noRoomMessage } from '../module-faults.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import type { Resources } from '../resources.ts'
import { fieldsWithNaN } from './nan-look.ts'
import type { NaNLook } from './nan-look.ts'
import type { FoundNaN } from './nan-look.ts'

/** How many frames a trial lasts, at least. */
export const trialFrames = 120
const trialCalls = 10
/** Values looked at per module and frame (about 0.05 ms). */
const nanBudget = 1500

/** A module the reload brought new code for. */
export interface TrialModule {
  readonly name: string
  /** Version it ran before. */
  readonly from: number
  /** The code it brought. */
  readonly entry: ContentHash
  /** The code it ran before. */
  readonly before: { readonly entry: ContentHash; readonly definition: Definition }
  /** What it had before: not disposed until the trial is over. */
  readonly resources: Resources
  readonly look: NaNLook
  /** Captures had no room for its state before. */
  readonly hadNoRoom: boolean
  /** Fields that held NaN at the commit already; looked up where one is found. */
  knownNaNs: ReadonlySet<string> | undefined
  callsBefore: number
  /** Its state held what none may before the commit already. */
  readonly wasRefused: boolean
}

/** Why a trial ends badly. */
export interface TrialFailure {
  readonly module: string
  readonly error: SourceError
  /** The call that threw: of the module, or of another one, which read what this one sent. */
  readonly thrown?: { readonly by: string; readonly frame: number; readonly error: SourceError }
  /** Whether a state is wrong in this way: it may have been so before the reload, and not been looked at yet. */
  readonly isIn?: (state: unknown) => boolean
}

export interface TrialParts {
  readonly call: CallTracker
  readonly describe: (module: ModuleInstance, error: unknown) => SourceError
  /** Of any trial: such a module answers for itself. */
  readonly isOnTrial: (module: string) => boolean
  /** Fields of the module's state that held NaN before the commit. */
  readonly nansBefore: (trial: Trial, module: string) => ReadonlySet<string>
  /** Why no state may hold what this one holds. */
  readonly refusalOf: (state: unknown) => string | undefined
}

/** A commit that can still be taken back. */
export class Trial {
  receipt: Receipt
  modules: readonly TrialModule[]
  /** Of its commit in the journal. */
  sequence: number
  /** At whose end it was committed. */
  readonly moment: Moment
  /** The capture its past is computed from; held. */
  base: Moment
  /** Missed frames of all others when it began, by name. */
  readonly missedBefore = new Map<string, number>()
  /** What modules of it threw that they would have thrown without it as well, the newest of each. */
  readonly #acquitted = new Map<string, SourceError>()
  #frames: number

  /** `frames`: so many of it have run. */
  constructor(
    options: Pick<Trial, 'receipt' | 'modules' | 'sequence' | 'moment' | 'base'>,
    program: Program,
    frames = 0,
  ) {
    this.#frames = frames
    this.receipt = options.receipt
    this.modules = options.modules
    this.sequence = options.sequence
    this.moment = options.moment
    this.base = options.base
    for (const module of program.modules) this.missedBefore.set(module.name, module.missedFrames)
  }

  has(name: string): boolean {
    return this.modules.some((module) => module.name === name)
  }

  /** Its modules that run the code it brought, by name. */
  runs(program: Program): readonly string[] {
    return this.modules.filter(({ name, entry }) => program.module(name)?.entry === entry).map(({ name }) => name)
  }

  /** They run other code by now. */
  leave(names: readonly string[]): void {
    this.modules = this.modules.filter(({ name }) => !names.includes(name))
  }

  /**
   * After each frame: what went wrong in it, of the modules in `own` (the others of it run newer code by now); or true where the
   * trial is over and all is well.
   */
  frameEnded(program: Program, own: ReadonlySet<string>, parts: TrialParts): TrialFailure | boolean {
    this.#frames++
    let isOver = this.#frames >= trialFrames
    for (const tried of this.modules) {
      // Newer code runs in its place, and may yet be taken back to this: it is not proven by that one's frames.
      if (!own.has(tried.name)) isOver = false
      const module = own.has(tried.name) ? program.module(tried.name) : undefined
      if (module === undefined) continue
      if (module.error !== undefined && this.#isNew(module.error, module, program))
        return {
          module: module.name,
          error: module.error,
          thrown: { by: module.name, frame: program.frame, error: module.error },
        }
      if (module.stateRefusal !== undefined && !tried.wasRefused)
        return {
          module: module.name,
          error: { message: module.stateRefusal, file: module.manifest.path },
          isIn: (state) => parts.refusalOf(state) !== undefined,
        }
      if (module.hasNoRoom && !tried.hadNoRoom)
        return { module: module.name, error: { message: noRoomMessage(module.name), file: module.manifest.path } }
      const isEnough = module.calls - tried.callsBefore >= trialCalls && (tried.look.rounds > 0 || allowsNaN(module))
      // One that is parked is called no more.
      isOver &&= isEnough || module.isParked
      const found = this.#lookForNaN(tried, module, parts)
      if (found !== undefined) return found
      const refusal = this.#validate(module, isOver, parts)
      if (refusal !== undefined) return { module: module.name, error: refusal }
    }
    return this.#readerThatThrew(program, parts) ?? isOver
  }

  /** How long the module is on trial at least: what is left of both. */
  leftOf(name: string, program: Program): TrialLeft | undefined {
    const tried = this.modules.find((module) => module.name === name)
    if (tried === undefined) return undefined
    const calls = (program.module(name)?.calls ?? 0) - tried.callsBefore
    return { frames: Math.max(0, trialFrames - this.#frames), calls: Math.max(0, trialCalls - calls) }
  }

  /** In another past, from here on: what came back by it has to stand the whole trial. */
  beginAgain(program: Program): void {
    this.#frames = 0
    for (const tried of this.modules) tried.callsBefore = program.module(tried.name)?.calls ?? 0
    for (const module of program.modules) this.missedBefore.set(module.name, module.missedFrames)
  }

  /** What went wrong would have without this reload as well. */
  acquit({ module: name, thrown }: TrialFailure, program: Program): void {
    if (thrown === undefined) {
      const knownNaNs = fieldsWithNaN(program.module(name)?.seen)
      this.modules = this.modules.map((tried) =>
        tried.name === name ? { ...tried, wasRefused: true, knownNaNs } : tried,
      )
      return
    }
    this.missedBefore.set(thrown.by, program.module(thrown.by)?.missedFrames ?? 0)
    if (this.has(thrown.by)) this.#acquitted.set(thrown.by, thrown.error)
  }

  /** A failure found at another reload that this one turned out to be to blame for. `heard`: by who threw, since it came. */
  asIts(failure: TrialFailure, heard: ReadonlySet<string>): TrialFailure {
    const { module, thrown } = failure
    const sender = this.modules.find(({ name }) => heard.has(name))?.name
    if (this.has(module) || thrown === undefined || sender === undefined) return failure
    return failureOfReader(sender, thrown)
  }

  /** Thrown in this frame, or not heard of before. */
  #isNew(error: SourceError, module: ModuleInstance, { frame }: Program): boolean {
    return module.missedFrame === frame || this.#acquitted.get(module.name) !== error
  }

  #lookForNaN(tried: TrialModule, module: ModuleInstance, { nansBefore }: TrialParts): TrialFailure | undefined {
    if (allowsNaN(module)) return undefined
    const isNew = ({ field }: FoundNaN): boolean => {
      tried.knownNaNs ??= nansBefore(this, tried.name)
      return !tried.knownNaNs.has(field)
    }
    const found = tried.look.look(module.seen, nanBudget).find(isNew)
    if (found === undefined) return undefined
    const message = `${found.path} is NaN, which it was not before. If it may be, add \`allowNaN: true\` to the module.`
    return {
      module: module.name,
      error: { message, file: module.manifest.path },
      isIn: (state) => fieldsWithNaN(state).has(found.field),
    }
  }

  /** In frames 1, 2, 4, 8 … of the trial and in the last: it may take as long as the state is large. */
  #validate(module: ModuleInstance, isOver: boolean, { call, describe }: TrialParts): SourceError | undefined {
    const { validate } = module.definition
    const isDue = isOver || (this.#frames & (this.#frames - 1)) === 0
    if (validate === undefined || !isDue) return undefined
    try {
      const refusal = call.within(module.name, 'validate', () => validate(module.seen))
      if (typeof refusal !== 'string') return undefined
      return { message: `\`validate\` refuses the state: ${refusal}`, file: module.manifest.path }
    } catch (error) {
      return describe(module, error)
    }
  }

  /** One that read what a module on trial sent or exposed, was well before, and throws now for the first time. */
  #readerThatThrew(program: Program, { isOnTrial }: TrialParts): TrialFailure | undefined {
    for (const reader of program.modules) {
      if (reader.error === undefined || isOnTrial(reader.name) || reader.missedFrame !== program.frame) continue
      if (reader.missedFrames !== (this.missedBefore.get(reader.name) ?? 0) + 1) continue
      const failure = this.#blame(reader, reader.error, program, program.frame)
      if (failure !== undefined) return failure
    }
    return undefined
  }

  /** What a call that threw as the past was computed again says of this trial. */
  blameFor(
    { module: name, message, frame }: MissedCall,
    program: Program,
    isOnTrial: (module: string) => boolean,
  ): TrialFailure | undefined {
    const module = program.module(name)
    if (module === undefined) return undefined
    const error = module.error ?? { message, file: module.manifest.path }
    if (this.has(name)) return { module: name, error, thrown: { by: name, frame, error } }
    return isOnTrial(name) ? undefined : this.#blame(module, error, program, frame)
  }

  #blame(reader: ModuleInstance, error: SourceError, program: Program, frame: number): TrialFailure | undefined {
    const tried = this.modules.find(
      ({ name }) =>
        reader.definition.dependencies.includes(name) || program.bus.hasMet(reader.name, name, this.moment.frame),
    )
    return tried === undefined ? undefined : failureOfReader(tried.name, { by: reader.name, frame, error })
  }
}

/** Another module threw than the one that failed. */
export function isOfReader({ module, thrown }: TrialFailure): boolean {
  return thrown !== undefined && thrown.by !== module
}

function failureOfReader(module: string, thrown: NonNullable<TrialFailure['thrown']>): TrialFailure {
  const message = `${thrown.by} throws on what ${module} gives it now: ${thrown.error.message}`
  return { module, error: { ...thrown.error, message }, thrown }
}

function allowsNaN(module: ModuleInstance): boolean {
  return module.definition.allowNaN
}
