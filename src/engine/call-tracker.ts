// Keeps the current call (current-call.ts): entered before every call into a module's code, left after. One object per engine,
// changed in place, so that a call costs no allocation.

import type { LogLevel } from '../protocol/log.ts'
import { frameNumber, timelineId } from '../protocol/values.ts'
import type { FrameNumber, Milliseconds, Moment, Seconds, TimelineId } from '../protocol/values.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import { AllocationLimit } from './allocation-limit.ts'
import type { CurrentCall } from './current-call.ts'
import type { Pulse } from './host.ts'
import { createRandom } from './random.ts'

/** The engine's one current call. */
export class CallTracker implements CurrentCall {
  module: string | undefined = undefined
  phase: CallPhase = 'outside'
  timeline: TimelineId = timelineId(0)
  frame: FrameNumber = frameNumber(0)
  /** Engine time at `frame`. */
  timeSeconds: Seconds = 0
  /** Seed of the manifest. */
  seed = 1
  readonly allocations = new AllocationLimit()
  #isMuted = false
  readonly log: (level: LogLevel, values: readonly unknown[]) => void
  #stream: (() => number) | undefined

  readonly #pulse: Pulse | undefined

  /** `write` takes lines of `console`. */
  constructor(
    write: (module: string | undefined, level: LogLevel, values: readonly unknown[]) => void,
    pulse: Pulse | undefined,
  ) {
    this.#pulse = pulse
    this.log = (level, values) => {
      if (!this.#isMuted) write(this.module, level, values)
    }
  }

  /** What is logged now is nobody's. */
  get isMuted(): boolean {
    return this.#isMuted
  }

  get timeMs(): Milliseconds {
    return this.timeSeconds * 1000
  }

  readonly random = (): number => {
    this.#stream ??= createRandom(this.seed, this.module ?? '', `ambient ${this.phase}`, this.frame)
    return this.#stream()
  }

  readonly take = (bytes: number): void => this.allocations.take(bytes, this.module, this.phase)

  moment(): Moment {
    return { timeline: this.timeline, frame: this.frame }
  }

  enter(module: string, phase: CallPhase): void {
    this.module = module
    this.phase = phase
    this.#stream = undefined
    this.allocations.callBegan()
    this.#pulse?.enter(module, phase)
  }

  leave(): void {
    this.module = undefined
    this.phase = 'outside'
    this.#stream = undefined
    this.#pulse?.leave()
  }

  /** Runs `body`; what it logs is nobody's. */
  muted<Result>(body: () => Result): Result {
    const wasMuted = this.#isMuted
    this.#isMuted = true
    try {
      return body()
    } finally {
      this.#isMuted = wasMuted
    }
  }

  /** Runs `body` muted, as something else at another time; the call is then what it was, where it was. */
  apart<Result>(body: () => Result): Result {
    const { module, phase, timeline, frame, timeSeconds, seed } = this
    const stream = this.#stream
    try {
      return this.muted(body)
    } finally {
      Object.assign(this, { module, phase, timeline, frame, timeSeconds, seed })
      this.#stream = stream
    }
  }

  /** Runs `body` as a call of `module`; a call inside another gives way to it again. */
  within<Result>(module: string, phase: CallPhase, body: () => Result): Result {
    const outerModule = this.module
    const outerPhase = this.phase
    const outerStream = this.#stream
    this.enter(module, phase)
    try {
      return body()
    } finally {
      this.module = outerModule
      this.phase = outerPhase
      this.#stream = outerStream
      if (outerModule === undefined) this.#pulse?.leave()
      else this.#pulse?.enter(outerModule, outerPhase)
    }
  }
}
