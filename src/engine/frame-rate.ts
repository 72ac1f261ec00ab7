// Frames per second over the last second of wall-clock time.

import type { Milliseconds } from '../protocol/values.ts'

const windowMs = 1000

/** Counts frames in tenths of a second: recording costs nothing worth speaking of. */
export class FrameRate {
  readonly #counts = new Int32Array(11)
  readonly #slots = new Float64Array(11).fill(-1)

  record(now: Milliseconds): void {
    const slot = Math.floor(now / (windowMs / 10))
    const index = slot % 11
    if (this.#slots[index] !== slot) {
      this.#slots[index] = slot
      this.#counts[index] = 0
    }
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** Over the ten whole tenths before this one. */
  perSecond(now: Milliseconds): number {
    const slot = Math.floor(now / (windowMs / 10))
    let frames = 0
    let tenths = 0
    for (let index = 0; index < 11; index++) {
      const age = slot - (this.#slots[index] ?? -1)
      if (this.#slots[index] === -1 || age < 1 || age > 10) continue
      frames += this.#counts[index] ?? 0
      tenths = Math.max(tenths, age)
    }
    return tenths === 0 ? 0 : (frames * 10) / tenths
  }

  /** The clock stood still for the program: a pause. */
  clear(): void {
    this.#slots.fill(-1)
  }
}
