// Which module's code runs at this instant, and at which moment: set around every call into a module, read by the shadowed
// globals (console, Date, timers, …) and by the log. One object per engine, changed in place, so that a call costs no allocation.

import { frameNumber, timelineId } from '../protocol/values.ts'
import type { FrameNumber, Moment, Seconds, TimelineId } from '../protocol/values.ts'

/** What of a module is being called; `idle` between calls (also after the first `await` of something asynchronous). */
export type CallPhase =
  | 'idle' | 'evaluate' | 'init' | 'process' | 'expose' | 'render' | 'setup' | 'view' | 'dispose'
  | 'snapshot' | 'restore' | 'migrate' | 'validate' | 'query' | 'health'

/** The call in progress. Read its fields at once; do not keep it. */
export class CurrentCall {
  /** Undefined when no module's code runs, or it can't be known whose. */
  module: string | undefined = undefined
  phase: CallPhase = 'idle'
  timeline: TimelineId = timelineId(0)
  frame: FrameNumber = frameNumber(0)
  /** Engine time at `frame`. */
  timeSeconds: Seconds = 0
  /** Seed of the manifest, for random streams made by shadows. */
  seed = 1

  moment(): Moment {
    return { timeline: this.timeline, frame: this.frame }
  }

  /** Runs `body` as a call of `module` in `phase`; nested calls (an `expose` within a command) restore the outer one. */
  within<Result>(module: string | undefined, phase: CallPhase, body: () => Result): Result {
    const outerModule = this.module
    const outerPhase = this.phase
    this.module = module
    this.phase = phase
    try {
      return body()
    } finally {
      this.module = outerModule
      this.phase = outerPhase
    }
  }
}
