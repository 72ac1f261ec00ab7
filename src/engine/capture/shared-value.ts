// One value after the other from one thread to another, packed into memory that both see: states of modules that run beside the engine's
// thread, and what their calls need and give. The same packing as captures, so whatever state may hold comes out as it went in.

import { viewsOn } from './capture-memory.ts'
import type { Block, CaptureBuffer, CaptureMemory, MemoryViews } from './capture-memory.ts'
import { ClassNames } from './class-names.ts'
import type { CaptureClasses } from './class-names.ts'
import { GraphPacker } from './graph-packer.ts'
import { GraphUnpacker } from './graph-unpacker.ts'
import type { RestoreClasses } from './graph-unpacker.ts'

/** Values that stay readable: the newest, and the one before it. */
const keptValues = 2

export class ValueWriter {
  readonly #memory: CaptureMemory
  readonly #names: ClassNames
  readonly #packer: GraphPacker
  readonly #kept: Block[] = []
  readonly #name: string

  /** Several may write into one memory, each values of one kind. `name`: of the part, where captures are to take them. */
  constructor(memory: CaptureMemory, classes: CaptureClasses, name = 'value') {
    this.#name = name
    this.#memory = memory
    this.#names = new ClassNames(classes)
    // What another thread gets is no capture that could be found wrong, and dropped: all keys are checked every time.
    this.#packer = new GraphPacker(memory, this.#names, classes, Infinity)
  }

  /** Where the value is; undefined where there is no room. Throws `invalid-state`, with the path, for what state may not hold. */
  write(value: unknown): number | undefined {
    const oldest = this.#kept.length < keptValues ? undefined : this.#kept.shift()
    if (oldest !== undefined) this.#memory.release(oldest)
    this.#names.begin()
    const block = this.#packer.pack(this.#name, value, (words) => this.#memory.reserve(words))
    if (block !== undefined) this.#kept.push(block)
    return block?.start
  }
}

export class ValueReader {
  /** Of all that is read. */
  readonly views: MemoryViews
  readonly #unpacker: GraphUnpacker

  constructor(buffer: CaptureBuffer, classes: RestoreClasses) {
    this.views = viewsOn(buffer)
    this.#unpacker = new GraphUnpacker(this.views, classes)
  }

  /** A fresh graph at each reading. Throws where a class is missing. */
  read(offset: number): unknown {
    return this.#unpacker.unpack(offset)
  }
}
