// Reads the strings of captures: a block's texts are decoded at first use and kept while the block is the same.

import { blockKind, stringsHeader } from './capture-format.ts'
import type { MemoryViews } from './capture-memory.ts'

interface ReadBlock {
  readonly serial: number
  readonly firstId: number
  readonly texts: readonly string[]
}

const maxBlocks = 256

export class StringBlocks {
  readonly #views: MemoryViews
  readonly #byOffset = new Map<number, ReadBlock>()
  #offsets: readonly number[] = []
  #texts: string[] | undefined
  #key = ''

  constructor(views: MemoryViews) {
    this.#views = views
  }

  /** From now on ids are those of these blocks. Throws where one is no block of strings. */
  use(offsets: readonly number[]): void {
    const key = offsets.map((offset) => `${offset}:${this.#views.halves[offset * 2 + 1] ?? 0}`).join()
    if (key === this.#key && this.#texts !== undefined) return
    this.#offsets = offsets
    this.#key = key
    this.#texts = []
    for (const offset of this.#offsets) {
      const block = this.#block(offset)
      // Blocks follow each other without a gap, so ids are indices.
      for (const text of block.texts) this.#texts.push(text)
    }
  }

  /** By id. */
  get texts(): readonly string[] {
    return this.#texts ?? []
  }

  text(id: number): string {
    const text = this.#texts?.[id]
    if (text === undefined) throw new RangeError('a capture has no such string')
    return text
  }

  #block(offset: number): ReadBlock {
    const { halves } = this.#views
    const serial = halves[offset * 2 + 1] ?? 0
    const known = this.#byOffset.get(offset)
    if (known !== undefined && known.serial === serial) return known
    const block = this.#read(offset, serial)
    if (this.#byOffset.size >= maxBlocks) this.#byOffset.clear()
    this.#byOffset.set(offset, block)
    return block
  }

  #read(offset: number, serial: number): ReadBlock {
    const { words, halves, units } = this.#views
    if (halves[offset * 2] !== blockKind.strings) throw new RangeError('a capture has lost its strings')
    const count = words[offset + stringsHeader.count] ?? 0
    const lengthsAt = (offset + stringsHeader.words) * 2
    let unit = (offset + stringsHeader.words + Math.ceil(count / 2)) * 4
    if (!(count >= 0 && lengthsAt + count <= halves.length)) throw new RangeError('a capture has a wrong count')
    const texts: string[] = []
    for (let index = 0; index < count; index++) {
      const length = halves[lengthsAt + index] ?? 0
      texts.push(textOf(units, unit, length))
      unit += length
    }
    return { serial, firstId: words[offset + stringsHeader.firstId] ?? 0, texts }
  }
}

/** In pieces: a call takes so many arguments only. */
function textOf(units: Uint16Array, start: number, length: number): string {
  if (length <= 4096) return String.fromCharCode(...units.subarray(start, start + length))
  let text = ''
  for (let at = 0; at < length; at += 4096)
    text += String.fromCharCode(...units.subarray(start + at, start + Math.min(length, at + 4096)))
  return text
}
