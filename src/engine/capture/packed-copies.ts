// Parts that another thread packed (shared-value.ts), taken into captures as they are: words are copied, nothing is unpacked. Their strings
// are copied once, and shared by the captures that use them, as those of parts packed here are.

import { blockHeader, blockKind, partHeader } from './capture-format.ts'
import type { Block, CaptureMemory, MemoryViews } from './capture-memory.ts'
import type { Reserve } from './graph-packer.ts'

/** Where another thread packed a value, in memory of its own. */
export interface PackedValue {
  readonly views: MemoryViews
  readonly offset: number
}

/** The copies of one part, capture after capture. */
export class PackedCopies {
  readonly #memory: CaptureMemory
  /** Of blocks of strings, by place and serial there. */
  #strings = new Map<string, Block>()
  #lastWords = 0

  constructor(memory: CaptureMemory) {
    this.#memory = memory
  }

  /** Of the newest copy. */
  get lastWords(): number {
    return this.#lastWords
  }

  /** The value must not be written to meanwhile. Undefined where there is no room. */
  copy({ views, offset }: PackedValue, reserve: Reserve): Block | undefined {
    const { words, halves } = views
    const count = words[offset + partHeader.stringBlockCount] ?? 0
    const used = new Map<string, Block>()
    for (let index = 0; index < count; index++) {
      const at = words[offset + partHeader.stringBlocks + index] ?? 0
      const key = `${String(at)} ${String(halves[at * 2 + 1])}`
      const strings = this.#strings.get(key) ?? this.#copyBlock(views, at, blockKind.strings, reserve)
      if (strings === undefined) {
        for (const [made, block] of used) if (!this.#strings.has(made)) this.#memory.release(block)
        return undefined
      }
      used.set(key, strings)
    }
    for (const [key, block] of this.#strings) if (!used.has(key)) this.#memory.release(block)
    this.#strings = used
    const block = this.#copyBlock(views, offset, blockKind.part, reserve)
    if (block === undefined) return undefined
    let at = block.start + partHeader.stringBlocks
    for (const strings of used.values()) this.#memory.views.words[at++] = strings.start
    this.#memory.use(block, [...used.values()])
    this.#lastWords = words[offset + blockHeader.usedWords] ?? 0
    return block
  }

  dispose(): void {
    for (const block of this.#strings.values()) this.#memory.release(block)
    this.#strings.clear()
  }

  #copyBlock({ words }: MemoryViews, offset: number, kind: number, reserve: Reserve): Block | undefined {
    const count = words[offset + blockHeader.usedWords] ?? 0
    const block = reserve(count)
    if (block === undefined) return undefined
    // Byte by byte, as both are of one type.
    this.#memory.views.words.set(words.subarray(offset, offset + count), block.start)
    this.#memory.commit(block, kind, count)
    return block
  }
}
