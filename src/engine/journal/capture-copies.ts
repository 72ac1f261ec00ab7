// Copies of captures for who can't read this thread's memory (ML9): where pages are not isolated no memory is shared, so a copy of the whole
// program goes out now and then, as often as a share of the time allows. What came after it is in the journal.
//
//   frame begins ──(a share of the time later)──► captured once more, into a small memory of its own ──► copied ──► told

import { CoppiceError } from '../../protocol/errors.ts'
import type { Milliseconds, Moment, Seconds } from '../../protocol/values.ts'
import type { Clock } from '../host.ts'
import type { Program } from '../program.ts'
import type { FrameCapture } from './frame-capture.ts'

/** A capture of one moment, complete, with all it needs to be read. */
export interface CaptureCopy {
  readonly moment: Moment
  readonly captures: ArrayBuffer
}

/** Of the engine's time, for all copies. */
const share = 0.02
const leastPauseMs = 500
const firstBytes = 2 ** 18
const mostBytes = 2 ** 26

export class CaptureCopies {
  readonly #clock: Clock
  readonly #makeCapture: (byteLimit: number) => FrameCapture
  #bytes = firstBytes
  #capture: FrameCapture | undefined
  #nextAt: Milliseconds = 0
  #pauseMs: Milliseconds = leastPauseMs

  /** `makeCapture`: with a memory of so many bytes. */
  constructor(clock: Clock, makeCapture: (byteLimit: number) => FrameCapture) {
    this.#clock = clock
    this.#makeCapture = makeCapture
  }

  /** From one copy to the next, as it is now. */
  get pauseSeconds(): Seconds {
    return this.#pauseMs / 1000
  }

  /** At the start of a frame, or of a program: where a copy is due, all of it. `told` may take time too. */
  frameBegan(program: Program, told: (copy: CaptureCopy) => void): void {
    const started = this.#clock.now()
    if (started < this.#nextAt) return
    const copy = this.copy(program)
    if (copy !== undefined) told(copy)
    const now = this.#clock.now()
    // A first one takes long, as what packs is compiled: half of what is measured is believed.
    const wantedMs = Math.max(leastPauseMs, (now - started) / share)
    this.#pauseMs = Math.max(leastPauseMs, Math.min(wantedMs, this.#pauseMs * 2))
    this.#nextAt = now + this.#pauseMs
  }

  /** The program as it is now; undefined where it can't be captured whole. */
  copy(program: Program): CaptureCopy | undefined {
    for (; this.#bytes <= mostBytes; this.#bytes *= 2, this.#capture = undefined) {
      const capture = (this.#capture ??= this.#makeCapture(this.#bytes))
      capture.capture(program)
      const { lastComplete, store } = capture
      const isWhole = lastComplete?.timeline === program.timeline && lastComplete.frame === program.frame
      if (isWhole) return { moment: program.moment, captures: copyOf(store.buffer) }
    }
    this.#bytes = mostBytes
    return undefined
  }
}

function copyOf(buffer: ArrayBuffer | SharedArrayBuffer): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer)) throw new CoppiceError('internal', 'Copies are made of memory of their own.')
  return buffer.slice(0)
}
