// The strings of one part's captures: each text gets an id, and new texts are written as blocks that captures share. Blocks
// are merged as they come, small into large, so that a part never needs more than a few.

import { blockKind, partHeader, stringsHeader } from './capture-format.ts'
import type { Block, CaptureMemory } from './capture-memory.ts'

interface StringsBlock {
  readonly block: Block
  readonly firstId: number
  /** UTF-16 units in it. */
  readonly size: number
}

/** Ids stay valid until `restart`, which forgets texts that are not used any more. */
export class StringTable {
  readonly #memory: CaptureMemory
  readonly #ids = new Map<string, number>()
  #texts: string[] = []
  #blocks: StringsBlock[] = []
  #held: readonly Block[] = []
  #writtenCount = 0
  #size = 0
  #sizeAtStart = -1
  /** Climbs at each restart: ids of another epoch mean nothing. */
  epoch = 0

  constructor(memory: CaptureMemory) {
    this.#memory = memory
  }

  /** All texts stand in these, once they are flushed. */
  get blocks(): readonly Block[] {
    return this.#held
  }

  readonly intern = (text: string): number => {
    let id = this.#ids.get(text)
    if (id === undefined) {
      id = this.#texts.length
      this.#ids.set(text, id)
      this.#texts.push(text)
      this.#size += text.length + 16
    }
    return id
  }

  /** To be called before a capture: begins anew where most texts may be out of use by now. */
  restartIfGrown(): void {
    if (this.#sizeAtStart < 0 || this.#size < 2 * this.#sizeAtStart + 100_000) return
    this.dispose()
    this.epoch++
  }

  /** Writes what is new; `reserve` finds room, and its failure is given back as false. */
  flush(reserve: (words: number) => Block | undefined): boolean {
    if (this.#writtenCount === this.#texts.length) return true
    const merged: StringsBlock[] = []
    const kept = [...this.#blocks]
    let firstId = this.#writtenCount
    let size = this.#sizeFrom(firstId)
    for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
      if (last.size > 2 * size && kept.length < partHeader.maxStringBlocks) break
      merged.push(last)
      kept.pop()
      firstId = last.firstId
      size += last.size
    }
    const count = this.#texts.length - firstId
    const words = stringsHeader.words + Math.ceil(count / 2) + Math.ceil(size / 4)
    const block = reserve(words)
    if (block === undefined) return false
    this.#write(block.start, firstId, count)
    this.#memory.commit(block, blockKind.strings, words)
    this.#blocks = [...kept, { block, firstId, size }]
    this.#held = this.#blocks.map((one) => one.block)
    this.#writtenCount = this.#texts.length
    if (this.#sizeAtStart < 0) this.#sizeAtStart = this.#size
    for (const { block: old } of merged) this.#memory.release(old)
    return true
  }

  /** Gives its blocks back; captures that use them keep them. */
  dispose(): void {
    for (const block of this.#held) this.#memory.release(block)
    this.#held = []
    this.#ids.clear()
    this.#texts = []
    this.#blocks = []
    this.#writtenCount = 0
    this.#size = 0
    this.#sizeAtStart = -1
  }

  #sizeFrom(firstId: number): number {
    let size = 0
    for (let id = firstId; id < this.#texts.length; id++) size += this.#texts[id]?.length ?? 0
    return size
  }

  #write(start: number, firstId: number, count: number): void {
    const { words, halves, units } = this.#memory.views
    words[start + stringsHeader.firstId] = firstId
    words[start + stringsHeader.count] = count
    const lengths = (start + stringsHeader.words) * 2
    let unit = (start + stringsHeader.words + Math.ceil(count / 2)) * 4
    for (let index = 0; index < count; index++) {
      const text = this.#texts[firstId + index] ?? ''
      halves[lengths + index] = text.length
      for (let at = 0; at < text.length; at++) units[unit++] = text.charCodeAt(at)
    }
  }
}
