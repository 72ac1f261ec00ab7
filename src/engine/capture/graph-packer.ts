// Packs one part's state into a block of words: a record per object, in the order in which they are met, and lists of
// uniform objects in rows. Any graph of what state may hold comes out as it went in: aliases, cycles, holes, buffers.
//
//   pass: root → queue of objects → records → pending references → table of offsets
//   An object met outside of rows that turns out to be part of one ends the pass; the next one knows it. A list that stays
//   in doubt, or shares an object with another, is packed object by object: slower, always right.

import { isDate } from '../dates.ts'
import { fieldsOf } from '../reflection.ts'
import { blockKind, cell, partHeader, record } from './capture-format.ts'
import type { Block, CaptureMemory } from './capture-memory.ts'
import type { CaptureClasses, ClassNames } from './class-names.ts'
import { fullCheckEvery, KnownObjects, type KnownObject, type Place } from './known-objects.ts'
import { beginView, writeBuffer, writeDate } from './leaf-records.ts'
import { ListPacker } from './list-packer.ts'
import { OutOfRoom, PackCursor, PassAborted, type WatchedArray } from './pack-pass.ts'
import { PartBlock } from './part-block.ts'
import { References } from './references.ts'
import { explainRefusal, Refused } from './refused.ts'
import { ShapeIndex, type Shape } from './shape-index.ts'
import { StringTable } from './string-table.ts'

/** Finds room for so many words, dropping old captures where it must; undefined where there is none. */
export type Reserve = (words: number) => Block | undefined

const maxShapedKeys = 32
const rootPlace: Place = -1
/** Items of lists and values of cells in rows are not told apart. */
const noPlace: Place = undefined

/** Packs the states of one part, capture after capture. What it remembers only makes the next capture quicker. */
export class GraphPacker {
  readonly #memory: CaptureMemory
  readonly #classes: CaptureClasses
  readonly #names: ClassNames
  readonly #strings: StringTable
  readonly #shapes = new ShapeIndex()
  readonly #lists: ListPacker
  readonly #words: Float64Array
  readonly #cursor: PackCursor
  readonly #known = new KnownObjects()
  readonly #newest: PartBlock
  readonly #offsets: number[] = []
  readonly #references: References
  /** What the map or set being written holds; kept, so that its room need not be made again. */
  readonly #keys: unknown[] = []
  readonly #items: unknown[] = []
  /** Of what is being written. */
  #place: Place = rootPlace
  #capture = 0
  #watched: WatchedArray | undefined
  /** Number of the object whose record is written next. */
  #next = 0
  #lastWords = 0
  /** Words to ask for: what the largest of the last captures took. */
  #wantedWords: number = partHeader.words

  /** `keysPerCapture`: of longer lists, the keys of so many objects are checked in each capture. */
  constructor(memory: CaptureMemory, names: ClassNames, classes: CaptureClasses, keysPerCapture: number) {
    this.#memory = memory
    this.#classes = classes
    this.#words = memory.views.words
    this.#names = names
    this.#newest = new PartBlock(memory)
    this.#strings = new StringTable(memory)
    this.#cursor = new PackCursor(this.#words)
    this.#lists = new ListPacker({
      keysPerCapture,
      cursor: this.#cursor,
      views: memory.views,
      names: this.#names,
      shapes: this.#shapes,
      strings: this.#strings,
      writeCell: (value, at) => this.#writeCell(value, at),
      mayHaveMet: (objects) => this.#references.mayHaveMet(objects),
      claim: (object) => this.#references.claim(object),
      pendingCount: () => this.#references.pendingCount,
      forgetPending: (count) => this.#references.cut(count),
    })
    this.#references = new References(this.#words, this.#known, this.#lists)
  }

  /**
   * Packs a state into a block that gets one holder more: one of its own, or the one before where that holds the same;
   * undefined where there is no room. Throws a CoppiceError `invalid-state` with the path to what state may not hold.
   */
  pack(name: string, root: unknown, reserve: Reserve, watched?: WatchedArray): Block | undefined {
    this.#watched = watched
    this.#strings.restartIfGrown()
    this.#lists.beginCapture()
    this.#capture++
    let wanted = this.#wantedWords
    for (;;) {
      const block = reserve(wanted)
      if (block === undefined) return undefined
      try {
        const words = this.#runPass(name, root, block)
        this.#lists.endCapture()
        this.#references.endCapture()
        this.#known.endCapture()
        this.#lastWords = words
        this.#wantedWords = words > wanted ? words : wanted - ((wanted - words) >>> 3)
        return this.#finish(block, words, reserve)
      } catch (error) {
        this.#forgetPass()
        if (error instanceof OutOfRoom) wanted = Math.max(wanted + (wanted >>> 2), error.words)
        else if (error instanceof Refused) throw explainRefusal(root, this.#classes)
        else if (!(error instanceof PassAborted)) throw error
      }
    }
  }

  /** Of the newest capture. */
  get lastWords(): number {
    return this.#lastWords
  }

  /** So many captures before the newest may be wrong: what was found in it may have been there for as long. */
  get lateBy(): number {
    return this.#lists.lateBy
  }

  dispose(): void {
    this.#strings.dispose()
  }

  #runPass(name: string, root: unknown, block: Block): number {
    const cursor = this.#cursor
    const { start } = block
    this.#known.beginPass()
    this.#references.beginPass()
    this.#lists.beginPass()
    cursor.begin(block)
    cursor.need(partHeader.words)
    cursor.at += partHeader.words
    this.#words[start + partHeader.nameId] = this.#strings.intern(name)
    this.#place = rootPlace
    this.#writeCell(root, start + partHeader.rootCell)
    this.#next = 0
    this.#writeRecords()
    while (this.#references.pendingCount > 0) {
      this.#references.settle()
      this.#writeRecords()
    }
    this.#lists.endPass()
    const lists = this.#lists.offsets
    const count = this.#next
    cursor.need(count + lists.length)
    this.#words[start + partHeader.tableOffset] = cursor.at - start
    this.#words[start + partHeader.objectCount] = count
    this.#words[start + partHeader.listCount] = lists.length
    for (let index = 0; index < count; index++) cursor.put(this.#offsets[index] ?? 0)
    for (const offset of lists) cursor.put(offset)
    return cursor.at - start
  }

  /** Of all objects met and not written yet, and those they lead to. */
  #writeRecords(): void {
    const { met } = this.#known
    for (let known = met[this.#next]; known !== undefined; known = met[this.#next]) {
      this.#offsets[this.#next++] = this.#cursor.at - this.#cursor.start
      this.#writeRecord(known)
    }
  }

  #finish(block: Block, words: number, reserve: Reserve): Block | undefined {
    const same = this.#newest.findSame(block.start, words, this.#strings.epoch)
    if (same !== undefined) {
      this.#memory.hold(same)
      return same
    }
    const { start } = block
    this.#memory.commit(block, blockKind.part, words)
    if (!this.#strings.flush(reserve)) {
      this.#memory.release(block)
      return undefined
    }
    const { blocks } = this.#strings
    this.#words[start + partHeader.stringBlockCount] = blocks.length
    for (let index = 0; index < blocks.length; index++)
      this.#words[start + partHeader.stringBlocks + index] = blocks[index]?.start ?? 0
    this.#memory.use(block, blocks)
    this.#newest.set(block, words, this.#strings.epoch)
    return block
  }

  /** What is remembered of a capture that was none might be half of it. */
  #forgetPass(): void {
    this.#known.met.length = 0
    this.#references.cut(0)
  }

  #writeCell(value: unknown, at: number): void {
    const words = this.#words
    switch (typeof value) {
      case 'number':
        words[at] = cell.number
        words[at + 1] = value
        return
      case 'string':
        words[at] = cell.string
        words[at + 1] = this.#strings.intern(value)
        return
      case 'boolean':
        words[at] = cell.boolean
        words[at + 1] = value ? 1 : 0
        return
      case 'undefined':
        words[at] = cell.undefined
        words[at + 1] = 0
        return
      case 'bigint':
        words[at] = cell.bigint
        words[at + 1] = this.#strings.intern(value.toString())
        return
      case 'object':
        if (value === null) {
          words[at] = cell.null
          words[at + 1] = 0
        } else this.#references.write(value, at, this.#place)
        return
      default:
        throw new Refused()
    }
  }

  #writeRecord(known: KnownObject): void {
    const { object, place } = known
    const isDue = (this.#capture + known.number) % fullCheckEvery === 0
    const kind = isDue ? undefined : known.kind
    if (kind?.kind === 'object' && this.#writeKnown(known)) return
    known.kind = kind !== undefined && kind.kind !== 'object' ? kind : this.#names.kindOf(object)
    this.#place = noPlace
    switch (known.kind?.kind) {
      case 'object':
        this.#writeObject(known, known.kind.className)
        return
      case 'array':
        this.#begin(record.array)
        if (object === this.#watched?.array) this.#lists.writeEach(this.#watched.array, (index) => this.#enter(index))
        else if (Array.isArray(object)) this.#lists.write(object, object, place, known.texts)
        return
      case 'map':
        if (object instanceof Map) this.#writeMap(object, known)
        return
      case 'set':
        if (object instanceof Set) this.#writeSet(object, known)
        return
      case 'date':
        if (isDate(object)) writeDate(this.#cursor, object)
        return
      case 'buffer':
        if (object instanceof ArrayBuffer) writeBuffer(this.#cursor, this.#memory.views.bytes, object)
        return
      case 'view':
        if (ArrayBuffer.isView(object)) this.#writeCell(object.buffer, beginView(this.#cursor, object))
        return
      case undefined:
        throw new Refused()
    }
  }

  /** All that hangs from the items before is written before the next one is read. */
  #enter(index: number): void {
    this.#writeRecords()
    this.#place = noPlace
    this.#watched?.enter(index)
  }

  #begin(tag: number): void {
    this.#cursor.need(1)
    this.#cursor.put(tag)
  }

  /** One that has the keys and the `constructor` it had. False where it is something else: nothing is written then. */
  #writeKnown({ object, shape, constructedBy }: KnownObject): boolean {
    if (shape === undefined || object.constructor !== constructedBy) return false
    const { keys } = shape
    const fields = fieldsOf(object)
    const pending = this.#references.pendingCount
    const before = this.#cursor.at
    let at = this.#beginShaped(shape)
    let index = 0
    for (const key in object) {
      if (key !== keys[index]) {
        index = -1
        break
      }
      this.#place = shape.serial * maxShapedKeys + index++
      this.#writeCell(fields[key], at)
      at += 2
    }
    if (index === keys.length) return true
    this.#cursor.at = before
    this.#references.cut(pending)
    return false
  }

  /** Gives the word of its first cell. */
  #beginShaped(shape: Shape): number {
    if (shape.epoch !== this.#strings.epoch) {
      shape.id = this.#strings.intern(shape.text)
      shape.epoch = this.#strings.epoch
    }
    const cursor = this.#cursor
    const count = shape.keys.length
    cursor.need(2 + 2 * count)
    cursor.put(record.shaped)
    cursor.put(shape.id)
    const { at } = cursor
    cursor.at += 2 * count
    return at
  }

  #writeObject(known: KnownObject, className: string): void {
    const { object, place } = known
    const keys = Object.keys(object)
    // Symbols and hidden properties are refused; accessors are found by the state's checker.
    if (Reflect.ownKeys(object).length !== keys.length) throw new Refused()
    const fields = fieldsOf(object)
    known.shape = undefined
    if (keys.length > maxShapedKeys || keys.includes('__proto__')) {
      this.#begin(record.dictionary)
      this.#begin(this.#strings.intern(className))
      this.#lists.write(keys, undefined, noPlace, known.keyTexts)
      const values = keys.map((key) => fields[key])
      this.#lists.write(values, object, place, known.texts)
      return
    }
    const shape = this.#shapes.find(className, keys)
    let at = this.#beginShaped(shape)
    for (let index = 0; index < keys.length; index++, at += 2) {
      this.#place = shape.serial * maxShapedKeys + index
      this.#writeCell(fields[keys[index] ?? ''], at)
    }
    known.shape = shape
    known.constructedBy = object.constructor
  }

  #writeMap(map: ReadonlyMap<unknown, unknown>, known: KnownObject): void {
    this.#begin(record.map)
    const keys = this.#keys
    const items = this.#items
    let index = 0
    for (const key of map.keys()) keys[index++] = key
    index = 0
    for (const value of map.values()) items[index++] = value
    keys.length = index
    items.length = index
    this.#lists.write(keys, undefined, noPlace, known.keyTexts)
    this.#lists.write(items, map, known.place, known.texts)
  }

  #writeSet(set: ReadonlySet<unknown>, known: KnownObject): void {
    this.#begin(record.set)
    const items = this.#items
    let index = 0
    for (const item of set) items[index++] = item
    items.length = index
    this.#lists.write(items, set, known.place, known.texts)
  }
}
