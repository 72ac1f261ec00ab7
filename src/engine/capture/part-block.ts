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
    // As halves: a NaN is no other than itself, and −0 is no 0.
    const { halves } = this.#memory.views
    const end = (start + words) * 2
    const shift = (block.start - start) * 2
    for (let at = (start + partHeader.nameId) * 2; at < (start + partHeader.stringBlockCount) * 2; at++)
      if (halves[at] !== halves[at + shift]) return undefined
    for (let at = (start + partHeader.words) * 2; at < end; at++)
      if (halves[at] !== halves[at + shift]) return undefined
    return block
  }

  set(block: Block, words: number, epoch: number): void {
    this.#block = block
    this.#serial = this.#memory.serialOf(block)
    this.#words = words
    this.#epoch = epoch
  }
}
