// One pass over a state: where it writes, and how it ends before its end. The packer catches these and tries again.

import type { Block } from './capture-memory.ts'

/** The block is too small: so many words and more are needed. */
export class OutOfRoom extends Error {
  readonly words: number

  constructor(words: number) {
    super('out of room')
    this.words = words
  }
}

/** Something met earlier in the pass turned out otherwise; the next pass knows. */
export class PassAborted extends Error {}

/** Told before each item of an array is read: a getter in it is someone's code. */
export interface WatchedArray {
  readonly array: readonly unknown[]
  readonly enter: (index: number) => void
}

/** The next word to write, in a block. */
export class PackCursor {
  readonly words: Float64Array
  at = 0
  start = 0
  #end = 0

  constructor(words: Float64Array) {
    this.words = words
  }

  begin({ start, end }: Block): void {
    this.start = start
    this.at = start
    this.#end = end
  }

  /** Throws `OutOfRoom` where so many more words do not fit. */
  need(words: number): void {
    if (this.at + words > this.#end) throw new OutOfRoom(this.at + words - this.start)
  }

  /** Room for it was asked for before. */
  put(word: number): void {
    this.words[this.at++] = word
  }
}
