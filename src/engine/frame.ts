// One frame (FL1): inputs → (commits happened at the boundary) → capture → deliver → process each due module → let outputs go → render → report. The
// same steps run the program that is present and one that is computed again (journal/simulation.ts), so what a throw of a
// module means is decided here and nowhere else.
//
//   open(): the frame begins, its inputs are in ──► [capture] ──► close(): messages, then every due module is called

import type { DeviceInput } from '../protocol/input.ts'
import { frameNumber } from '../protocol/values.ts'
import type { SourceError } from '../protocol/values.ts'
import type { CallTracker } from './call-tracker.ts'
import { refusePromise } from './definition.ts'
import type { Clock } from './host.ts'
import type { ModuleInstance } from './module-instance.ts'
import { copyPlain } from './plain-copy.ts'
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
  /** Each module that was called. */
  readonly timed?: (module: ModuleInstance) => void
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
    const { clock, call, isMissed, timed } = this.#options
    const { frame, time, seed } = program
    program.stateRevision++
    program.placeCall()
    program.outputs.beginFrame()
    program.bus.beginFrame(frame, time)
    let before = clock.now()
    for (const module of program.order) {
      if (module.isParked || (module.period > 1 && frame % module.period !== 0)) {
        module.processMs = 0
        if (module.hasDependents && module.isExposedStale && !module.isParked) this.#expose(module)
        continue
      }
      if (isMissed?.(module, program) === true) countMissed(module, frame)
      else {
        module.context.enter(frame, time, seed)
        call.enter(module.name, 'process')
        this.#process(module, program)
        call.leave()
      }
      const after = clock.now()
      module.processMs = after - before
      timed?.(module)
      before = after
    }
    program.isFrameOpen = false
  }

  #process(module: ModuleInstance, program: Program): void {
    const { context, definition } = module
    context.state = module.state
    context.config = module.config
    context.resources = module.resources.value
    try {
      const result = definition.process(context)
      refusePromise(result, 'process', definition, 'it must do its work at once. Use `setup` for what is asynchronous.')
      context.succeeded()
    } catch (error) {
      context.failed()
      countMissed(module, program.frame)
      program.recordMissed(module.name)
      module.error = this.#options.missed(module, error)
      this.#options.takeBack(module, program)
      return
    }
    module.missedInRow = 0
    module.calls++
    if (module.hasDependents && !this.#expose(module)) return
    if (module.error === undefined) return
    module.error = undefined
    this.#options.recovered(module)
  }

  /** Dependents read a copy, so that nobody can change what another sees. False where it threw: they keep the last one. */
  #expose(module: ModuleInstance): boolean {
    const { expose } = module.definition
    module.isExposedStale = false
    if (expose === undefined) {
      module.exposed = undefined
      return true
    }
    const { call } = this.#options
    call.enter(module.name, 'expose')
    try {
      module.exposed = copyPlain(expose(module.state), {
        root: `expose of ${module.name}`,
        classOf: this.#options.classOf,
      })
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
