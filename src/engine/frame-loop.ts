// When frames run: on an absolute schedule by the host's clock and timers (FL2, FL3), or at once while stepping. Knows
// nothing of what a frame does; the engine hands in `runFrame`.
//
//   paused ──resume──► running ──pause──► paused
//     └────step(n)──► stepping ──n frames run, or pause──► paused;  resume ──► running

import { CoppiceError } from '../protocol/errors.ts'
import type { Milliseconds, Seconds } from '../protocol/values.ts'
import type { Clock, Timers } from './host.ts'

/** A stall longer than this is not made up. */
const stallMs = 250
/** Wall-clock time after which frames that are due at once let commands in between. */
const sliceMs = 8

export interface FrameLoopOptions {
  readonly clock: Clock
  readonly timers: Timers
  /** Runs one frame, synchronously. Must not throw: errors of modules are data by then. */
  readonly runFrame: () => void
  /** Mode or speed changed. */
  readonly changed: () => void
  readonly stalled: (skippedMs: Milliseconds) => void
}

type Mode = 'paused' | 'running' | 'stepping'

/** Paces frames. Starts paused. */
export class FrameLoop {
  readonly #options: FrameLoopOptions
  #mode: Mode = 'paused'
  #speed = 1
  #targetFps = 60
  /** On the clock's time line. */
  #nextAt: Milliseconds = 0
  #cancel: (() => void) | undefined
  #stepsLeft = 0
  #stepsDone: (() => void)[] = []
  #isInFrame = false
  /** Wall-clock time of completed runs, and start of the present one. */
  #ranMs: Milliseconds = 0
  #runningSince: Milliseconds | undefined
  #framesSinceResume = 0
  #resumedAt: Milliseconds = 0

  constructor(options: FrameLoopOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#mode === 'running'
  }

  /** Also while stepping: no frame runs unless asked for. */
  get isPaused(): boolean {
    return this.#mode !== 'running'
  }

  /** A module's code is on the stack: nothing may change until the boundary. */
  get isInFrame(): boolean {
    return this.#isInFrame
  }

  get speed(): number {
    return this.#speed
  }

  /** Pauses excluded. */
  get runtimeSeconds(): Seconds {
    const present = this.#runningSince === undefined ? 0 : this.#options.clock.now() - this.#runningSince
    return (this.#ranMs + present) / 1000
  }

  /** Frames per second since the last resume; 0 while paused. */
  get averageFps(): number {
    const elapsedMs = this.#options.clock.now() - this.#resumedAt
    return this.isRunning && elapsedMs > 0 ? (this.#framesSinceResume * 1000) / elapsedMs : 0
  }

  setTargetFps(targetFps: number): void {
    if (targetFps === this.#targetFps) return
    this.#targetFps = targetFps
    this.#startAfresh()
  }

  /** 0.1 … 10 times real time, or Infinity: as fast as it can. */
  setSpeed(speed: number): void {
    if (speed === this.#speed) return
    this.#speed = speed
    this.#startAfresh()
    this.#options.changed()
  }

  resume(): void {
    if (this.#mode === 'running') return
    this.#endSteps()
    this.#mode = 'running'
    const now = this.#options.clock.now()
    this.#runningSince = now
    this.#resumedAt = now
    this.#framesSinceResume = 0
    this.#startAfresh()
    this.#options.changed()
  }

  pause(): void {
    if (this.#mode === 'paused') return
    this.#cancelTimer()
    if (this.#runningSince !== undefined) this.#ranMs += this.#options.clock.now() - this.#runningSince
    this.#runningSince = undefined
    this.#mode = 'paused'
    this.#endSteps()
    this.#options.changed()
  }

  /** Runs `count` frames as fast as it can, in slices. Resolves when they have run, or a pause or resume ended it. */
  step(count: number): Promise<void> {
    if (this.#mode === 'running') {
      throw new CoppiceError('not-paused', 'The program is running. Pause it first, then step.')
    }
    return new Promise((resolve) => {
      this.#stepsLeft += count
      this.#stepsDone.push(resolve)
      if (this.#mode === 'stepping') return
      this.#mode = 'stepping'
      this.#runSteps()
    })
  }

  dispose(): void {
    this.pause()
    this.#cancelTimer()
  }

  #runSteps(): void {
    const started = this.#options.clock.now()
    while (this.#mode === 'stepping' && this.#stepsLeft > 0) {
      this.#stepsLeft--
      this.#run()
      if (this.#stepsLeft > 0 && this.#options.clock.now() - started >= sliceMs) {
        this.#cancel = this.#options.timers.callAt(this.#options.clock.now(), () => this.#runSteps())
        return
      }
    }
    if (this.#mode !== 'stepping') return
    this.#mode = 'paused'
    this.#endSteps()
    this.#options.changed()
  }

  #endSteps(): void {
    this.#stepsLeft = 0
    for (const done of this.#stepsDone.splice(0)) done()
  }

  #startAfresh(): void {
    if (!this.isRunning) return
    this.#nextAt = this.#options.clock.now() + this.#intervalMs()
    this.#arm()
  }

  #intervalMs(): Milliseconds {
    return 1000 / (this.#targetFps * this.#speed)
  }

  #arm(): void {
    this.#cancelTimer()
    this.#cancel = this.#options.timers.callAt(this.#nextAt, () => this.#tick())
  }

  #cancelTimer(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #tick(): void {
    this.#cancel = undefined
    const { clock, stalled } = this.#options
    const started = clock.now()
    const interval = this.#intervalMs()
    if (interval > 0 && started - this.#nextAt > stallMs) {
      stalled(started - this.#nextAt)
      this.#nextAt = started
    }
    // What fell due while others had the thread is made up for here, a slice at a time.
    do {
      this.#run()
      this.#nextAt = interval > 0 ? this.#nextAt + this.#intervalMs() : clock.now()
    } while (this.isRunning && clock.now() >= this.#nextAt && clock.now() - started < sliceMs)
    if (this.isRunning) this.#arm()
  }

  #run(): void {
    this.#isInFrame = true
    try {
      this.#options.runFrame()
    } finally {
      this.#isInFrame = false
    }
    this.#framesSinceResume++
  }
}
