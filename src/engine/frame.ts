// One frame (FL1): inputs → (commits happened at the boundary) → deliver → process each due module → render → report. What a
// throw of a module means, and where a capture is to be taken and put back, is decided here and nowhere else.

import { frameNumber } from '../protocol/values.ts'
import type { SourceError } from '../protocol/values.ts'
import type { CallTracker } from './call-tracker.ts'
import { refusePromise } from './definition.ts'
import type { FrameMetrics } from './frame-metrics.ts'
import type { Clock } from './host.ts'
import type { ModuleInstance } from './module-instance.ts'
import { copyPlain } from './plain-copy.ts'
import type { ClassKind } from './state-rules.ts'
import type { Program } from './program.ts'
import type { Rendering } from './rendering.ts'

/** Values of the state checked per frame, all modules together (about 0.05 ms). */
const checkedPerFrame = 400

export interface FrameOptions {
  readonly clock: Clock
  readonly call: CallTracker
  readonly metrics: FrameMetrics
  readonly rendering: Rendering
  readonly classOf: (prototype: object) => ClassKind
  /** `process` (or `expose`) threw; the frame counts as missed. */
  readonly missed: (module: ModuleInstance, error: unknown) => SourceError
  /** The first good call after a missed one. */
  readonly recovered: (module: ModuleInstance) => void
  /** The state holds what it may not; undefined: a whole round of checks found nothing. */
  readonly stateRefused: (module: ModuleInstance, message: string | undefined) => void
}

/** Runs frames of whichever program it is given. */
export class FrameRunner {
  readonly #options: FrameOptions
  #nextChecked = 0

  constructor(options: FrameOptions) {
    this.#options = options
  }

  /** Runs the next frame. Never throws for what a module does. */
  run(program: Program): void {
    const { clock, call, metrics, rendering } = this.#options
    const started = clock.now()
    program.frame = frameNumber(program.frame + 1)
    program.stateRevision++
    program.placeCall()
    this.#takeInputs(program)
    this.#checkShare(program)
    const { frame, time, seed } = program
    program.bus.beginFrame(frame, time)

    let before = clock.now()
    for (const module of program.order) {
      if (module.period > 1 && frame % module.period !== 0) {
        module.processMs = 0
        if (module.hasDependents && module.isExposedStale) this.#expose(module)
        continue
      }
      module.context.enter(frame, time, seed)
      call.enter(module.name, 'process')
      this.#process(module, program)
      call.leave()
      const after = clock.now()
      module.processMs = after - before
      metrics.setModuleMs(module.index, module.processMs)
      before = after
    }
    if (rendering.drawIfDue(program)) this.#addRenderTimes(program)
    metrics.endFrame(program.timeline, frame, clock.now() - started)
  }

  #takeInputs(program: Program): void {
    const inputs = program.inputs.take(program.frame)
    for (const input of inputs) {
      if (input.kind === 'view-size' && program.view.fit === 'panel') {
        program.view = { ...program.view, width: input.width, height: input.height }
      }
    }
    program.devices.beginFrame(program.frame, inputs)
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
      // Where a capture is kept, state and resources go back to the frame's start here.
      context.failed()
      module.missedFrames++
      module.error = this.#options.missed(module, error)
      program.inputs.record(program.frame, { kind: 'missed', module: module.name })
      return
    }
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

  /** A bounded share of one module's state per frame, in turn: what `process` put there and may not is found soon. */
  #checkShare(program: Program): void {
    const module = program.modules[this.#nextChecked++ % Math.max(1, program.modules.length)]
    if (module === undefined) return
    const refusal = module.checker.step(module.state, checkedPerFrame)
    if (refusal !== undefined || module.checker.isRoundDone) this.#options.stateRefused(module, refusal)
  }

  #addRenderTimes(program: Program): void {
    for (const module of program.modules) {
      if (module.renderMs === 0) continue
      this.#options.metrics.setModuleMs(module.index, module.processMs + module.renderMs)
      module.renderMs = 0
    }
  }
}
