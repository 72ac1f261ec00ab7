// Frames of the program that is present: the steps of frame.ts with all that happens around them only there: input taken from
// the queue and recorded, a share of the states checked, the capture, outputs let go, drawing, times.

import type { FrameMetrics } from './frame-metrics.ts'
import type { FrameOptions } from './frame.ts'
import { FrameSteps } from './frame.ts'
import type { Pulse } from './host.ts'
import type { ModuleInstance } from './module-instance.ts'
import type { Program } from './program.ts'
import type { Rendering } from './rendering.ts'

/** Values of the state checked per frame, all modules together (about 0.05 ms). */
const checkedPerFrame = 400

export interface FrameRunnerOptions extends FrameOptions {
  readonly metrics: FrameMetrics
  readonly rendering: Rendering
  /** The state holds what it may not; undefined: a whole round of checks found nothing. */
  readonly stateRefused: (module: ModuleInstance, message: string | undefined) => void
  readonly pulse: Pulse | undefined
  /** What has come back of tasks, and messages of sockets, enter the frame that is about to begin; true where there were any. */
  readonly admit: (program: Program) => boolean
  /** Input entered the frame. */
  readonly inputsTaken: () => void
  /** All that enters the frame is in. */
  readonly capture: (program: Program) => void
  /** The frame's modules have run; gives the program that is present from here on: a trial may have ended (ML8). */
  readonly ended: (program: Program) => Program
  /** Its newest frame stays: outputs may leave. */
  readonly letGo: (program: Program) => void
}

/** Runs the present program's frames. */
export class FrameRunner {
  readonly #options: FrameRunnerOptions
  readonly #steps: FrameSteps
  #nextChecked = 0

  constructor(options: FrameRunnerOptions) {
    this.#options = options
    const { metrics } = options
    this.#steps = new FrameSteps({ ...options, timed: (module) => metrics.setModuleMs(module.index, module.processMs) })
  }

  /** Runs the next frame, or the rest of one that has begun. */
  run(program: Program): void {
    const { clock, metrics, rendering, pulse } = this.#options
    const started = clock.now()
    if (!program.isFrameOpen) {
      const isAnyMessage = this.#options.admit(program)
      const inputs = program.inputs.take(program.nextFrame)
      for (const input of inputs) program.record({ kind: 'device', input })
      if (isAnyMessage || inputs.length > 0) this.#options.inputsTaken()
      this.#steps.open(program, inputs)
    }
    program.placeCall()
    this.#checkShare(program)
    this.#options.capture(program)
    pulse?.frame(program.frame, true)
    this.#steps.close(program)
    pulse?.frame(program.frame, false)
    const present = this.#options.ended(program)
    this.#options.letGo(present)
    if (rendering.drawIfDue(present)) this.#addRenderTimes(present)
    metrics.endFrame(present.timeline, present.frame, clock.now() - started)
  }

  /** A bounded share of one module's state per frame, in turn: what `process` put there and may not is found soon. */
  #checkShare(program: Program): void {
    const module = program.modules[this.#nextChecked++ % Math.max(1, program.modules.length)]
    // One in another thread is looked at there.
    if (module === undefined || module.isAway) return
    const refusal = module.checker.step(module.seen, checkedPerFrame)
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
