// One frame (FL1): inputs → (commits happened at the boundary) → capture → deliver → process each due module → let outputs go → render → report. The
// same steps run the program that is present and one that is computed again (journal/simulation.ts), so what a throw of a
// module means is decided here and nowhere else.
//
//   open(): the frame begins, its inputs are in ──► [capture] ──► close(): messages, then every due module is called

import type { DeviceInput } from '../protocol/input.ts'
import { frameNumber } from '../protocol/values.ts'
import type { Milliseconds, SourceError } from '../protocol/values.ts'
import type { CallTracker } from './call-tracker.ts'
import type { Clock } from './host.ts'
import { callProcess, exposedBy } from './module-call.ts'
import type { ModuleInstance } from './module-instance.ts'
import type { ClassKind } from './state-rules.ts'
import type { Program } from './program.ts'

/** Missed frames in a row after which a module is parked (FL8). */
const missedLimit = 5

export interface FrameOptions {
  readonly clock: Clock
  readonly call: CallTracker
  readonly classOf: (prototype: object) => ClassKind
  /** A decision made before: the module is not called in this frame, which counts as missed. */
  readonly isMissed?: (module: ModuleInstance, program: Program) => boolean
  /** `process` threw: state and resources go back to the frame's start. */
  readonly takeBack: (module: ModuleInstance, program: Program) => void
  /** `process` (or `expose`) threw; the frame counts as missed. */
  readonly missed: (module: ModuleInstance, error: unknown) => SourceError
  /** The first good call after a missed one. */
  readonly recovered: (module: ModuleInstance) => void
  /** Runs calls in other threads; absent: all run here. */
  readonly hosts?: ModuleHosts | undefined
  /** Each module that was called. */
  readonly timed?: (module: ModuleInstance) => void
}

/** How a call in another thread ended. */
export type AwayEnd =
  /** All it did has been done on its behalf. `expose`: what it threw, if it did; undefined: it has not been called. */
  | { readonly kind: 'ended'; readonly ms: Milliseconds; readonly expose: { readonly error: unknown } | undefined }
  /** Nothing of it is left. */
  | { readonly kind: 'threw'; readonly ms: Milliseconds; readonly error: unknown }
  /** It has not been called. */
  | { readonly kind: 'unable' }

/** Runs calls of modules in other threads. The frame waits for all of them (the barrier). */
export interface ModuleHosts {
  /** False: it is to be called here. */
  begin(module: ModuleInstance, program: Program): boolean
  /** Its call can't begin before that of `other` has ended, where that was begun first. */
  isBehind(module: ModuleInstance, other: ModuleInstance): boolean
  /** Waits. Within a call of `process` of that module. */
  end(module: ModuleInstance, program: Program): AwayEnd
  /** The frame's modules have all come back. */
  gathered(program: Program): void
}

/** Runs frames of whichever program it is given. Never throws for what a module does. */
export class FrameSteps {
  readonly #options: FrameOptions

  constructor(options: FrameOptions) {
    this.#options = options
  }

  /** Begins the next frame with these inputs. */
  open(program: Program, inputs: readonly DeviceInput[]): void {
    program.frame = frameNumber(program.frame + 1)
    program.isFrameOpen = true
    for (const input of inputs) {
      if (input.kind === 'view-size' && program.view.fit === 'panel') {
        program.view = { ...program.view, width: input.width, height: input.height }
      }
    }
    program.devices.beginFrame(program.frame, inputs)
  }

  /** Runs the frame that has begun to its end. */
  close(program: Program): void {
    const { clock, hosts, isMissed } = this.#options
    const { frame, time, seed } = program
    program.stateRevision++
    program.placeCall()
    program.outputs.beginFrame()
    program.bus.beginFrame(frame, time)
    /** Called in other threads, and not come back. In order. */
    let away: Set<ModuleInstance> | undefined
    let before = clock.now()
    for (const module of program.order) {
      if (module.isParked || (module.period > 1 && frame % module.period !== 0)) {
        module.processMs = 0
        if (module.hasDependents && module.isExposedStale && !module.isParked) this.#expose(module)
        continue
      }
      if (away !== undefined) before = this.#awaitDependencies(module, program, away, before)
      if (isMissed?.(module, program) === true) countMissed(module, frame)
      else {
        module.context.enter(frame, time, seed)
        if (hosts?.begin(module, program) === true) {
          away ??= new Set()
          away.add(module)
          before = clock.now()
          continue
        }
        this.#callHere(module, program)
      }
      before = this.#ended(module, before)
    }
    if (away !== undefined) for (const module of away) before = this.#comeBack(module, program, before)
    hosts?.gathered(program)
    program.isFrameOpen = false
  }

  /** What a module reads of others must be there before its call. Who is waited for is the one that runs: a hang is its own. */
  #awaitDependencies(module: ModuleInstance, program: Program, away: Set<ModuleInstance>, before: number): number {
    const { hosts } = this.#options
    const { dependencies } = module.definition
    const needed = [...away].filter(({ name }) => dependencies.includes(name))
    let after = before
    for (const other of away) {
      if (!needed.some((one) => away.has(one) && (one === other || hosts?.isBehind(one, other) === true))) continue
      away.delete(other)
      after = this.#comeBack(other, program, after)
    }
    return after
  }

  /** Waits for a call in another thread: its barrier. Where it can't be done there, it is done here. */
  #comeBack(module: ModuleInstance, program: Program, before: number): number {
    const { call, hosts } = this.#options
    call.enter(module.name, 'process')
    const end = hosts?.end(module, program) ?? { kind: 'unable' }
    switch (end.kind) {
      case 'ended':
        module.processMs = end.ms
        this.#succeeded(module, end.expose)
        break
      case 'threw':
        module.processMs = end.ms
        this.#threw(module, program, end.error)
        break
      case 'unable':
        this.#callHere(module, program)
        return this.#ended(module, before)
    }
    call.leave()
    this.#options.timed?.(module)
    return this.#options.clock.now()
  }

  #ended(module: ModuleInstance, before: number): number {
    const after = this.#options.clock.now()
    module.processMs = after - before
    this.#options.timed?.(module)
    return after
  }

  #callHere(module: ModuleInstance, program: Program): void {
    const { call, takeBack } = this.#options
    call.enter(module.name, 'process')
    try {
      callProcess(module)
    } catch (error) {
      this.#threw(module, program, error)
      takeBack(module, program)
      call.leave()
      return
    }
    this.#succeeded(module, undefined)
    call.leave()
  }

  #threw(module: ModuleInstance, program: Program, error: unknown): void {
    module.context.failed()
    countMissed(module, program.frame)
    program.recordMissed(module.name)
    module.error = this.#options.missed(module, error)
  }

  /** `expose`: has been called elsewhere; what it threw, if it did. */
  #succeeded(module: ModuleInstance, expose: { readonly error: unknown } | undefined): void {
    module.context.succeeded()
    module.missedInRow = 0
    module.calls++
    if (expose?.error !== undefined) {
      module.isExposedStale = false
      module.error = this.#options.missed(module, expose.error)
      return
    }
    if (expose === undefined && module.hasDependents && !this.#expose(module)) return
    if (module.error === undefined) return
    module.error = undefined
    this.#options.recovered(module)
  }

  /** Dependents read a copy. False where it threw: they keep the last one. */
  #expose(module: ModuleInstance): boolean {
    const { call, classOf } = this.#options
    module.isExposedStale = false
    call.enter(module.name, 'expose')
    try {
      module.exposed = exposedBy(module, classOf)
      return true
    } catch (error) {
      module.error = this.#options.missed(module, error)
      return false
    } finally {
      call.leave()
    }
  }
}

function countMissed(module: ModuleInstance, frame: number): void {
  module.missedFrame = frame
  module.missedFrames++
  module.missedInRow++
  if (module.missedInRow >= missedLimit) module.isParked = true
}
