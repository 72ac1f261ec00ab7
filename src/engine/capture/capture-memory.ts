// The memory of captures: one buffer of fixed size, shared where the platform allows it, cut into counted blocks. Sizes are
// rounded to classes an eighth apart, so that the place of a dropped capture fits the next one. Taking and freeing a block cost
// the same however many there are: free ones stand in bins by size class, and each block knows its neighbours (as in TLSF,
// Masmano et al. 2004).

import { CoppiceError } from '../../protocol/errors.ts'
import { blockHeader, directory } from './capture-format.ts'

export type CaptureBuffer = SharedArrayBuffer | ArrayBuffer

/** The same memory by word, by bits of a word, by half word, by UTF-16 unit and by byte. */
export interface MemoryViews {
  readonly words: Float64Array
  /** To compare words by: compiled, no BigInt is ever made of one. */
  readonly bits: BigInt64Array
  readonly halves: Int32Array
  readonly units: Uint16Array
  readonly bytes: Uint8Array
}

export function viewsOn(buffer: CaptureBuffer): MemoryViews {
  return {
    words: new Float64Array(buffer),
    bits: new BigInt64Array(buffer),
    halves: new Int32Array(buffer),
    units: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}

/** Words from `start` up to `end`; all of the memory is cut into these. Only the memory changes one. */
export interface Block {
  readonly start: number
  end: number
  /** 0: free. */
  holders: number
  /** What it holds in turn: let go of with it. */
  uses: readonly Block[]
  /** Neighbours in memory. */
  before: Block | undefined
  after: Block | undefined
  /** Neighbours in its bin, while it is free. */
  left: Block | undefined
  right: Block | undefined
}

/** All blocks are multiples of so many words. */
const grain = 16
const none: readonly Block[] = []

/** Offsets and sizes are in words of 8 bytes. One thread writes; others may read blocks that the directory leads to. */
export class CaptureMemory {
  readonly buffer: CaptureBuffer
  readonly views: MemoryViews
  /** Records the directory has room for. */
  readonly slotCount: number
  /** Free blocks by size class: the newest of each. */
  readonly #bins: (Block | undefined)[] = Array.from({ length: binOf(2 ** 30) + 1 }, () => undefined)
  /** A bit per bin: it is not empty. */
  readonly #filled = new Int32Array(Math.ceil(this.#bins.length / 32))
  #nextSerial = 1
  #usedWords = 0

  /** `isShared`: where the platform allows it. */
  constructor(byteLimit: number, isShared = true) {
    const wordCount = Math.floor(byteLimit / 8)
    this.slotCount = Math.max(16, Math.min(4096, wordCount >>> 8))
    const first = roundUp(directory.headerWords + this.slotCount * directory.slotWords, grain)
    if (!(wordCount >= first + 1024)) {
      throw new CoppiceError(
        'invalid-argument',
        `Captures need more than ${String(byteLimit)} bytes: give 64 KB or more.`,
      )
    }
    this.buffer =
      typeof SharedArrayBuffer === 'undefined' || !isShared
        ? new ArrayBuffer(wordCount * 8)
        : new SharedArrayBuffer(wordCount * 8)
    this.views = viewsOn(this.buffer)
    this.views.halves[0] = directory.magic
    this.views.halves[1] = directory.version
    this.views.halves[2] = this.slotCount
    this.#putInBin(newBlock(first, wordCount - ((wordCount - first) % grain), undefined, undefined))
  }

  get usedBytes(): number {
    return this.#usedWords * 8
  }

  /** A free block of at least so many words; undefined where there is none. It stays free until `commit`. */
  reserve(usedWords: number): Block | undefined {
    const bin = binOf(sizeClass(usedWords))
    for (let group = bin >>> 5, mask = -1 << (bin & 31); group < this.#filled.length; group++, mask = -1) {
      const found = (this.#filled[group] ?? 0) & mask
      // The lowest bit that is set.
      if (found !== 0) return this.#bins[group * 32 + 31 - Math.clz32(found & -found)]
    }
    return undefined
  }

  /** Cuts a reserved block behind its first words; it has one holder from now on. */
  commit(block: Block, kind: number, usedWords: number): void {
    this.#takeFromBin(block)
    const end = Math.min(block.start + sizeClass(usedWords), block.end)
    if (end < block.end) {
      const rest = newBlock(end, block.end, block, block.after)
      if (block.after !== undefined) block.after.before = rest
      block.after = rest
      block.end = end
      this.#putInBin(rest)
    }
    block.holders = 1
    this.#usedWords += end - block.start
    const { halves, words } = this.views
    halves[(block.start + blockHeader.kindAndSerial) * 2] = kind
    halves[(block.start + blockHeader.kindAndSerial) * 2 + 1] = this.#nextSerial
    this.#nextSerial = this.#nextSerial === 0x7fffffff ? 1 : this.#nextSerial + 1
    words[block.start + blockHeader.usedWords] = usedWords
  }

  /** One holder more. */
  hold(block: Block): void {
    block.holders++
  }

  /** The block holds these from now on. */
  use(block: Block, uses: readonly Block[]): void {
    for (const used of uses) used.holders++
    block.uses = uses
  }

  /** Of all blocks ever made, this one alone; while it has a holder it stays the same. */
  serialOf(block: Block): number {
    return this.views.halves[(block.start + blockHeader.kindAndSerial) * 2 + 1] ?? 0
  }

  /** The last one to release a block frees it, and releases what it holds. Its words are still there until the next `commit`. */
  release(held: Block): void {
    let block = held
    if (--block.holders > 0) return
    const { uses } = block
    block.uses = none
    this.#usedWords -= block.end - block.start
    this.views.halves[block.start * 2] = 0
    const { before, after } = block
    if (after?.holders === 0) {
      this.#takeFromBin(after)
      join(block, after)
    }
    if (before?.holders === 0) {
      this.#takeFromBin(before)
      join(before, block)
      block = before
    }
    this.#putInBin(block)
    for (const used of uses) this.release(used)
  }

  #putInBin(block: Block): void {
    const bin = binOf(block.end - block.start)
    const next = this.#bins[bin]
    block.left = undefined
    block.right = next
    if (next === undefined) this.#filled[bin >>> 5] = (this.#filled[bin >>> 5] ?? 0) | (1 << (bin & 31))
    else next.left = block
    this.#bins[bin] = block
  }

  #takeFromBin(block: Block): void {
    const { left, right } = block
    if (right !== undefined) right.left = left
    if (left !== undefined) left.right = right
    else {
      const bin = binOf(block.end - block.start)
      this.#bins[bin] = right
      if (right === undefined) this.#filled[bin >>> 5] = (this.#filled[bin >>> 5] ?? 0) & ~(1 << (bin & 31))
    }
  }
}

function newBlock(start: number, end: number, before: Block | undefined, after: Block | undefined): Block {
  return { start, end, holders: 0, uses: none, before, after, left: undefined, right: undefined }
}

/** The block takes in its neighbour behind it. */
function join(block: Block, after: Block): void {
  block.end = after.end
  block.after = after.after
  if (after.after !== undefined) after.after.before = block
}

/** The next size up: multiples of an eighth of the power of two below. */
function sizeClass(words: number): number {
  return roundUp(words, Math.max(grain, 2 ** (28 - Math.clz32(words))))
}

/** Number of the largest size class that is no larger: eight for each power of two. */
function binOf(words: number): number {
  const power = 31 - Math.clz32(words)
  return power < 7 ? words >>> 4 : (power - 6) * 8 + ((words >>> (power - 3)) & 7)
}

function roundUp(words: number, step: number): number {
  return Math.ceil(words / step) * step
}
