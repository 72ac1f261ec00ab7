// The newest block of one part: where the part packs to the very same words again, captures share it.

import { partHeader } from './capture-format.ts'
import type { Block, CaptureMemory } from './capture-memory.ts'

export class PartBlock {
  readonly #memory: CaptureMemory
  #block: Block | undefined
  #serial = -1
  #words = 0
  /** Of the string table: ids of another epoch mean something else. */
  #epoch = -1

  constructor(memory: CaptureMemory) {
    this.#memory = memory
  }

  /** The block, where it holds these words and is still there. */
  findSame(start: number, words: number, epoch: number): Block | undefined {
    const block = this.#block
    if (block === undefined || words !== this.#words || epoch !== this.#epoch) return undefined
    if (block.holders === 0 || this.#memory.serialOf(block) !== this.#serial) return undefined
    return this.#isSame(start, block.start, words) ? block : undefined
  }

  /** Bit by bit: a NaN is no other NaN, and −0 is no 0; words may be pieces of buffers. */
  #isSame(start: number, other: number, count: number): boolean {
    const { bits } = this.#memory.views
    const shift = other - start
    const end = start + count
    // What changed is mostly found by a few looks all over.
    const stride = Math.max(1, count >>> 6)
    for (let at = end - 1; at >= start + partHeader.words; at -= stride) if (bits[at] !== bits[at + shift]) return false
    for (let at = start + partHeader.nameId; at < start + partHeader.stringBlockCount; at++)
      if (bits[at] !== bits[at + shift]) return false
    for (let at = start + partHeader.words; at < end; at++) if (bits[at] !== bits[at + shift]) return false
    return true
  }

  set(block: Block, words: number, epoch: number): void {
    this.#block = block
    this.#serial = this.#memory.serialOf(block)
    this.#words = words
    this.#epoch = epoch
  }
}
