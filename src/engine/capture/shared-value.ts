// One value after the other from one thread to another, packed into memory that both see: states of modules that run beside the engine's
// thread, and what their calls need and give. The same packing as captures, so whatever state may hold comes out as it went in.

import { partHeader } from './capture-format.ts'
import { viewsOn } from './capture-memory.ts'
import type { CaptureBuffer, CaptureMemory } from './capture-memory.ts'
import type { CaptureClasses } from './class-names.ts'
import { GraphPacker } from './graph-packer.ts'
import { GraphUnpacker } from './graph-unpacker.ts'
import type { RestoreClasses } from './graph-unpacker.ts'

/** Values that stay readable: the newest, and the one before it. */
const keptValues = 2

export class ValueWriter {
  readonly #memory: CaptureMemory
  readonly #packer: GraphPacker
  #kept: number[] = []

  /** Several may write into one memory, each values of one kind. */
  constructor(memory: CaptureMemory, classes: CaptureClasses) {
    this.#memory = memory
    this.#packer = new GraphPacker(memory, classes)
  }

  /** Where the value is; undefined where there is no room. Throws `invalid-state`, with the path, for what state may not hold. */
  write(value: unknown): number | undefined {
    while (this.#kept.length >= keptValues) releasePart(this.#memory, this.#kept.shift() ?? 0)
    const offset = this.#packer.pack('value', value, (words) => this.#memory.reserve(words))
    if (offset !== undefined) this.#kept.push(offset)
    return offset
  }
}

export class ValueReader {
  readonly #unpacker: GraphUnpacker

  constructor(buffer: CaptureBuffer, classes: RestoreClasses) {
    this.#unpacker = new GraphUnpacker(viewsOn(buffer), classes)
  }

  /** A fresh graph at each reading. Throws where a class is missing. */
  read(offset: number): unknown {
    return this.#unpacker.unpack(offset)
  }
}

/** Gives up a part, and what it held of strings where nobody else does. */
export function releasePart(memory: CaptureMemory, offset: number): void {
  if (!memory.release(offset)) return
  const { words } = memory.views
  const count = words[offset + partHeader.stringBlockCount] ?? 0
  for (let index = 0; index < count; index++) memory.release(words[offset + partHeader.stringBlocks + index] ?? 0)
}
