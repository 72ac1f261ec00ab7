// The memory of captures: one buffer of fixed size, shared where the platform allows it, cut into counted blocks. Sizes are
// rounded to classes an eighth apart, so that the place of a dropped capture fits the next one.

import { CoppiceError } from '../../protocol/errors.ts'
import { blockHeader, directory } from './capture-format.ts'

export type CaptureBuffer = SharedArrayBuffer | ArrayBuffer

/** The same memory by word, by half word, by UTF-16 unit and by byte. */
export interface MemoryViews {
  readonly words: Float64Array
  readonly halves: Int32Array
  readonly units: Uint16Array
  readonly bytes: Uint8Array
}

export function viewsOn(buffer: CaptureBuffer): MemoryViews {
  return {
    words: new Float64Array(buffer),
    halves: new Int32Array(buffer),
    units: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}

/** Free words from `start` up to `end`. */
export interface Region {
  readonly start: number
  readonly end: number
}

interface Block {
  readonly words: number
  holders: number
}

/** Offsets and sizes are in words of 8 bytes. One thread writes; others may read blocks that the directory leads to. */
export class CaptureMemory {
  readonly buffer: CaptureBuffer
  readonly views: MemoryViews
  /** Records the directory has room for. */
  readonly slotCount: number
  readonly #blocks = new Map<number, Block>()
  /** Free regions in order. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #nextRegion = 0
  #nextSerial = 1
  #usedWords = 0

  constructor(byteLimit: number) {
    const wordCount = Math.floor(byteLimit / 8)
    this.slotCount = Math.max(16, Math.min(4096, wordCount >>> 8))
    const first = directory.headerWords + this.slotCount * directory.slotWords
    if (!(wordCount >= first + 1024)) {
      throw new CoppiceError(
        'invalid-argument',
        `Captures need more than ${String(byteLimit)} bytes: give 64 KB or more.`,
      )
    }
    this.buffer =
      typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(wordCount * 8) : new SharedArrayBuffer(wordCount * 8)
    this.views = viewsOn(this.buffer)
    this.views.halves[0] = directory.magic
    this.views.halves[1] = directory.version
    this.views.halves[2] = this.slotCount
    this.#starts.push(first)
    this.#ends.push(wordCount)
  }

  get usedBytes(): number {
    return this.#usedWords * 8
  }

  /** A free region of at least so many words; undefined where none is left. Nothing is taken before `commit`. */
  reserve(usedWords: number): Region | undefined {
    const words = sizeClass(usedWords)
    const count = this.#starts.length
    for (let step = 0; step < count; step++) {
      const index = (this.#nextRegion + step) % count
      const start = this.#starts[index] ?? 0
      const end = this.#ends[index] ?? 0
      if (end - start < words) continue
      this.#nextRegion = index
      return { start, end }
    }
    return undefined
  }

  /** Makes the first words of a reserved region a block with one holder; gives its offset. */
  commit(region: Region, kind: number, usedWords: number): number {
    const { start, end } = region
    // Mostly the one that was reserved last.
    const index = this.#starts[this.#nextRegion] === start ? this.#nextRegion : this.#starts.indexOf(start)
    const words = Math.min(sizeClass(usedWords), end - start)
    if (start + words === end) {
      this.#starts.splice(index, 1)
      this.#ends.splice(index, 1)
    } else this.#starts[index] = start + words
    this.#blocks.set(start, { words, holders: 1 })
    this.#usedWords += words
    this.views.halves[(start + blockHeader.kindAndSerial) * 2] = kind
    this.views.halves[(start + blockHeader.kindAndSerial) * 2 + 1] = this.#nextSerial
    this.#nextSerial = this.#nextSerial === 0x7fffffff ? 1 : this.#nextSerial + 1
    this.views.words[start + blockHeader.usedWords] = usedWords
    return start
  }

  /** One holder more. */
  hold(offset: number): void {
    const block = this.#blocks.get(offset)
    if (block !== undefined) block.holders++
  }

  /** The last one to release a block frees it: true. What it held is still there until the next `commit`. */
  release(offset: number): boolean {
    const block = this.#blocks.get(offset)
    if (block === undefined || --block.holders > 0) return false
    this.#blocks.delete(offset)
    this.#usedWords -= block.words
    this.views.halves[offset * 2] = 0
    this.#free(offset, offset + block.words)
    return true
  }

  #free(start: number, end: number): void {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) < start) low = middle + 1
      else high = middle
    }
    const joinsLeft = low > 0 && this.#ends[low - 1] === start
    const joinsRight = this.#starts[low] === end
    if (joinsLeft && joinsRight) {
      this.#ends.splice(low - 1, 1)
      this.#starts.splice(low, 1)
    } else if (joinsLeft) this.#ends[low - 1] = end
    else if (joinsRight) this.#starts[low] = start
    else {
      this.#starts.splice(low, 0, start)
      this.#ends.splice(low, 0, end)
    }
  }
}

/** The next size up: multiples of an eighth of the power of two below. */
function sizeClass(words: number): number {
  const step = Math.max(16, 2 ** (28 - Math.clz32(words)))
  return Math.ceil(words / step) * step
}
