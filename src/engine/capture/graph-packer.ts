// Packs one part's state into a block of words: a record per object, in the order in which they are met, and lists of
// uniform objects in rows. Any graph of what state may hold comes out as it went in: aliases, cycles, holes, buffers.
//
//   pass: root → queue of objects → records → pending references → table of offsets
//   An object met outside of rows that turns out to be part of one ends the pass; the next one knows it. A list that stays
//   in doubt, or shares an object with another, is packed object by object: slower, always right.

import { CoppiceError } from '../../protocol/errors.ts'
import { isDate, isShadowDate } from '../dates.ts'
import { fieldsOf } from '../reflection.ts'
import { checkState } from '../state-rules.ts'
import { blockKind, cell, partHeader, record, rowReferenceBase, viewTypes } from './capture-format.ts'
import type { CaptureMemory, Region } from './capture-memory.ts'
import { ClassNames, type CaptureClasses } from './class-names.ts'
import { ListPacker, type Place } from './list-packer.ts'
import { OutOfRoom, PackCursor, PassAborted } from './pack-pass.ts'
import { ShapeIndex } from './shape-index.ts'
import { StringTable } from './string-table.ts'

/** Finds room for so many words, dropping old captures where it must; undefined where there is none. */
export type Reserve = (words: number) => Region | undefined

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
  readonly #numbers = new Map<object, number>()
  readonly #queue: object[] = []
  readonly #places: Place[] = []
  readonly #offsets: number[] = []
  readonly #pendingObjects: object[] = []
  readonly #pendingWords: number[] = []
  readonly #pendingPlaces: Place[] = []
  /** What the map or set being written holds; kept, so that its room need not be made again. */
  readonly #keys: unknown[] = []
  readonly #items: unknown[] = []
  /** Of what is being written. */
  #place: Place = rootPlace
  #lastWords = 0

  constructor(memory: CaptureMemory, classes: CaptureClasses) {
    this.#memory = memory
    this.#classes = classes
    this.#words = memory.views.words
    this.#names = new ClassNames(classes)
    this.#strings = new StringTable(memory)
    this.#cursor = new PackCursor(this.#words)
    this.#lists = new ListPacker({
      cursor: this.#cursor,
      names: this.#names,
      strings: this.#strings,
      writeCell: (value, at) => this.#writeCell(value, at),
      isAlone: (object) => this.#numbers.has(object),
      pendingCount: () => this.#pendingObjects.length,
      forgetPending: (count) => this.#cutPending(count),
    })
  }

  /**
   * Packs a state into a block of its own and gives the block's offset; undefined where there is no room. Throws a
   * CoppiceError `invalid-state` with the path to what state may not hold.
   */
  pack(name: string, root: unknown, reserve: Reserve): number | undefined {
    this.#strings.restartIfGrown()
    this.#names.begin()
    this.#lists.beginCapture()
    let wanted = Math.max(this.#lastWords, partHeader.words)
    for (;;) {
      const region = reserve(wanted)
      if (region === undefined) return undefined
      try {
        const words = this.#runPass(name, root, region)
        this.#lastWords = words
        this.#lists.endCapture()
        return this.#finish(region, words, reserve)
      } catch (error) {
        if (error instanceof OutOfRoom) wanted = Math.max(wanted + (wanted >>> 2), error.words)
        else if (!(error instanceof PassAborted)) throw this.#explained(root, error)
      } finally {
        this.#forgetPass()
      }
    }
  }

  /** Of the newest capture. */
  get lastWords(): number {
    return this.#lastWords
  }

  dispose(): void {
    this.#strings.dispose()
  }

  #runPass(name: string, root: unknown, region: Region): number {
    const cursor = this.#cursor
    const { start } = region
    this.#forgetPass()
    this.#lists.beginPass()
    cursor.begin(region)
    cursor.need(partHeader.words)
    cursor.at += partHeader.words
    this.#words[start + partHeader.nameId] = this.#strings.intern(name)
    this.#place = rootPlace
    this.#writeCell(root, start + partHeader.rootCell)
    let next = 0
    do {
      for (; next < this.#queue.length; next++) {
        const object = this.#queue[next]
        if (object === undefined) continue
        this.#offsets.push(cursor.at - start)
        this.#writeRecord(object, this.#places[next])
      }
      this.#settlePending()
    } while (next < this.#queue.length)
    const lists = this.#lists.offsets
    cursor.need(this.#offsets.length + lists.length)
    this.#words[start + partHeader.tableOffset] = cursor.at - start
    this.#words[start + partHeader.objectCount] = this.#offsets.length
    this.#words[start + partHeader.listCount] = lists.length
    for (const offset of this.#offsets) cursor.put(offset)
    for (const offset of lists) cursor.put(offset)
    return cursor.at - start
  }

  #finish(region: Region, words: number, reserve: Reserve): number | undefined {
    const offset = this.#memory.commit(region, blockKind.part, words)
    if (!this.#strings.flush(reserve)) {
      this.#memory.release(offset)
      return undefined
    }
    const blocks = this.#strings.blockOffsets
    this.#words[offset + partHeader.stringBlockCount] = blocks.length
    for (const [index, block] of blocks.entries()) {
      this.#words[offset + partHeader.stringBlocks + index] = block
      this.#memory.hold(block)
    }
    return offset
  }

  #forgetPass(): void {
    if (this.#numbers.size > 0) this.#numbers.clear()
    this.#queue.length = 0
    this.#places.length = 0
    this.#offsets.length = 0
    this.#cutPending(0)
  }

  #cutPending(count: number): void {
    this.#pendingObjects.length = count
    this.#pendingWords.length = count
    this.#pendingPlaces.length = count
  }

  /** What was refused, with the path to it. */
  #explained(root: unknown, error: unknown): unknown {
    if (!(error instanceof Refused)) return error
    const problem = checkState(root, { classOf: (prototype) => this.#classes.kindOf(prototype) })
    return new CoppiceError('invalid-state', problem ?? 'state holds what it may not')
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
        } else this.#writeReference(value, at)
        return
      default:
        throw new Refused()
    }
  }

  #writeReference(object: object, at: number): void {
    let number = this.#numbers.get(object)
    if (number === undefined) {
      const found = this.#lists.find(object)
      if (found === 'unvisited') {
        this.#pendingObjects.push(object)
        this.#pendingWords.push(at)
        this.#pendingPlaces.push(this.#place)
        return
      }
      if (found !== undefined) {
        this.#words[at] = cell.rowReference
        this.#words[at + 1] = found.list.index * rowReferenceBase + found.place
        return
      }
      number = this.#enqueue(object)
    }
    this.#words[at] = cell.reference
    this.#words[at + 1] = number
  }

  #enqueue(object: object): number {
    const number = this.#queue.push(object) - 1
    this.#places.push(this.#place)
    this.#numbers.set(object, number)
    return number
  }

  /** Objects that were in rows before: they are in rows packed by now, or stand alone this time. */
  #settlePending(): void {
    for (let index = 0; index < this.#pendingObjects.length; index++) {
      const object = this.#pendingObjects[index]
      const at = this.#pendingWords[index]
      if (object === undefined || at === undefined) continue
      const found = this.#lists.find(object)
      if (found !== undefined && found !== 'unvisited') {
        this.#words[at] = cell.rowReference
        this.#words[at + 1] = found.list.index * rowReferenceBase + found.place
        continue
      }
      let number = this.#numbers.get(object)
      if (number === undefined) {
        this.#lists.doubt(object)
        this.#place = this.#pendingPlaces[index]
        number = this.#enqueue(object)
      }
      this.#words[at] = cell.reference
      this.#words[at + 1] = number
    }
    this.#cutPending(0)
  }

  #writeRecord(object: object, place: Place): void {
    const kind = this.#names.kindOf(object)
    if (kind === undefined) throw new Refused()
    this.#place = noPlace
    switch (kind.kind) {
      case 'object':
        this.#writeObject(object, kind.className, place)
        return
      case 'array':
        this.#begin(record.array)
        if (Array.isArray(object)) this.#lists.write(object, object, place)
        return
      case 'map':
        if (object instanceof Map) this.#writeMap(object, place)
        return
      case 'set':
        if (object instanceof Set) this.#writeSet(object, place)
        return
      case 'date':
        if (isDate(object)) this.#writeDate(object)
        return
      case 'buffer':
        if (object instanceof ArrayBuffer) this.#writeBuffer(object)
        return
      case 'view':
        if (ArrayBuffer.isView(object)) this.#writeView(object)
    }
  }

  #begin(tag: number): void {
    this.#cursor.need(1)
    this.#cursor.put(tag)
  }

  #writeObject(object: object, className: string, place: Place): void {
    const keys = Object.keys(object)
    // Symbols and hidden properties are refused; accessors are found by the state's checker.
    if (Reflect.ownKeys(object).length !== keys.length) throw new Refused()
    const fields = fieldsOf(object)
    const cursor = this.#cursor
    if (keys.length > maxShapedKeys || keys.includes('__proto__')) {
      this.#begin(record.dictionary)
      cursor.need(1)
      cursor.put(this.#strings.intern(className))
      this.#lists.write(keys, undefined, noPlace)
      this.#lists.write(
        keys.map((key) => fields[key]),
        object,
        place,
      )
      return
    }
    const shape = this.#shapes.find(className, keys)
    if (shape.epoch !== this.#strings.epoch) {
      shape.id = this.#strings.intern(shape.text)
      shape.epoch = this.#strings.epoch
    }
    const count = keys.length
    cursor.need(2 + 2 * count)
    cursor.put(record.shaped)
    cursor.put(shape.id)
    let { at } = cursor
    cursor.at += 2 * count
    for (let index = 0; index < count; index++, at += 2) {
      this.#place = shape.serial * maxShapedKeys + index
      this.#writeCell(fields[keys[index] ?? ''], at)
    }
  }

  #writeMap(map: ReadonlyMap<unknown, unknown>, place: Place): void {
    this.#begin(record.map)
    const keys = this.#keys
    const items = this.#items
    let index = 0
    map.forEach((value, key) => {
      keys[index] = key
      items[index++] = value
    })
    keys.length = index
    items.length = index
    this.#lists.write(keys, undefined, noPlace)
    this.#lists.write(items, map, place)
  }

  #writeSet(set: ReadonlySet<unknown>, place: Place): void {
    this.#begin(record.set)
    const items = this.#items
    let index = 0
    set.forEach((item) => {
      items[index++] = item
    })
    items.length = index
    this.#lists.write(items, set, place)
  }

  #writeDate(date: Date): void {
    const cursor = this.#cursor
    cursor.need(3)
    cursor.put(record.date)
    cursor.put(date.getTime())
    cursor.put(isShadowDate(date) ? 1 : 0)
  }

  #writeBuffer(buffer: ArrayBuffer): void {
    const cursor = this.#cursor
    const words = Math.ceil(buffer.byteLength / 8)
    cursor.need(2 + words)
    cursor.put(record.buffer)
    cursor.put(buffer.byteLength)
    this.#memory.views.bytes.set(new Uint8Array(buffer), cursor.at * 8)
    cursor.at += words
  }

  #writeView(view: ArrayBufferView): void {
    const cursor = this.#cursor
    const name: unknown = Reflect.get(view, Symbol.toStringTag)
    const length: unknown = Reflect.get(view, 'length')
    cursor.need(6)
    cursor.put(record.view)
    cursor.put(viewTypes.indexOf(typeof name === 'string' ? name : ''))
    cursor.put(view.byteOffset)
    cursor.put(typeof length === 'number' ? length : view.byteLength)
    this.#writeCell(view.buffer, cursor.at)
    cursor.at += 2
  }
}

/** State holds what it may not; where is looked up by who catches it. */
class Refused extends Error {}
