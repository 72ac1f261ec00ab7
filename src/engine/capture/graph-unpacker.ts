// Makes a state again from a part's block: first every object, empty, then rows, then what each holds, so that aliases and
// cycles need no second look. Reads nothing but the buffer; works in any thread that has it.

import { bufferViews } from '../../protocol/buffer-views.ts'
import { makeDate } from '../dates.ts'
import { construct, createObject, fieldsOf, isCallable, isObject } from '../reflection.ts'
import { bareClass, blockKind, cell, list, partHeader, plainClass, record, rowReferenceBase } from './capture-format.ts'
import type { MemoryViews } from './capture-memory.ts'
import { anyCells, objectPaths, parseLayout, widthOf, type Layout } from './layout.ts'
import { canAssign, classNamesOf, compileMaking, type MakeRows } from './row-making.ts'
import { parseShape } from './shape-index.ts'
import { StringBlocks } from './string-blocks.ts'

/** How a reader finds classes again. */
export interface RestoreClasses {
  /** The prototype instances of this class are to have; undefined where the class is not there. */
  prototypeOf(key: string): object | undefined
  /** Prototype of dates whose class shadowed the realm's; default: the realm's own. */
  readonly datePrototype?: object
}

interface KnownLayout {
  readonly layout: Layout
  readonly width: number
  readonly paths: readonly (readonly string[])[]
  readonly cells: ReturnType<typeof anyCells>
  prototypes: readonly (object | undefined)[]
  assigns: readonly boolean[]
  make: MakeRows
}

interface Rows {
  readonly objects: readonly unknown[]
  readonly known: KnownLayout
}

/** Reads parts of one buffer, one after the other. What it remembers (texts, compiled layouts) is checked at each use. */
export class GraphUnpacker {
  readonly #views: MemoryViews
  readonly #words: Float64Array
  readonly #classes: RestoreClasses
  readonly #texts: StringBlocks
  readonly #layouts = new Map<string, KnownLayout>()
  readonly #shapes = new Map<string, ReturnType<typeof parseShape>>()
  #start = 0
  #objects: object[] = []
  #offsets: number[] = []
  #lists: Rows[] = []
  /** Arrays whose items are rows, by the number of their list: what is made is put there at once. */
  readonly #arrays = new Map<number, unknown[]>()

  constructor(views: MemoryViews, classes: RestoreClasses) {
    this.#views = views
    this.#words = views.words
    this.#classes = classes
    this.#texts = new StringBlocks(views)
  }

  /** The part's name; throws where there is no part at this offset. */
  nameOf(offset: number): string {
    this.#begin(offset)
    return this.#text(this.#word(partHeader.nameId))
  }

  /**
   * A fresh graph, equal to what was packed. Throws where the block is no part, or is being overwritten by the thread
   * that owns the buffer; a CoppiceError is for the caller to make of it.
   */
  unpack(offset: number): unknown {
    this.#begin(offset)
    const table = offset + this.#word(partHeader.tableOffset)
    const objectCount = this.#count(this.#word(partHeader.objectCount))
    const listCount = this.#count(this.#word(partHeader.listCount))
    this.#offsets = Array.from({ length: objectCount }, (_, index) => offset + this.#at(table + index))
    this.#objects = []
    this.#lists = []
    this.#arrays.clear()
    for (const at of this.#offsets) this.#objects.push(this.#makeEmpty(at))
    for (const [index, at] of this.#offsets.entries()) {
      if (this.#at(at) === record.view) this.#objects[index] = this.#makeView(at)
    }
    for (let index = 0; index < listCount; index++) this.#makeRows(offset + this.#at(table + objectCount + index))
    for (let index = 0; index < listCount; index++)
      this.#joinRows(offset + this.#at(table + objectCount + index), this.#lists[index])
    for (const [index, at] of this.#offsets.entries()) {
      const object = this.#objects[index]
      if (object !== undefined) this.#fill(object, at)
    }
    const root = offset + partHeader.rootCell
    const value = this.#value(this.#at(root), this.#at(root + 1))
    this.#objects = []
    this.#lists = []
    this.#arrays.clear()
    return value
  }

  #begin(offset: number): void {
    if (this.#views.halves[offset * 2] !== blockKind.part) throw new RangeError('there is no part of a capture')
    this.#start = offset
    const blocks: number[] = []
    const count = Math.min(partHeader.maxStringBlocks, this.#word(partHeader.stringBlockCount))
    for (let index = 0; index < count; index++) blocks.push(this.#word(partHeader.stringBlocks + index))
    this.#texts.use(blocks)
  }

  #word(index: number): number {
    return this.#at(this.#start + index)
  }

  #at(index: number): number {
    const word = this.#words[index]
    if (word === undefined) throw new RangeError('a capture ends before its end')
    return word
  }

  /** A number of things that stand in words: never more than there are. */
  #count(word: number): number {
    if (!(word >= 0 && word <= this.#words.length)) throw new RangeError('a capture has a wrong count')
    return word
  }

  readonly #text = (id: number): string => this.#texts.text(id)

  readonly #value = (tag: number, payload: number): unknown => {
    switch (tag) {
      case cell.number:
        return payload
      case cell.string:
        return this.#text(payload)
      case cell.boolean:
        return payload === 1
      case cell.null:
        return null
      case cell.bigint:
        return BigInt(this.#text(payload))
      case cell.reference:
        return this.#objects[payload]
      case cell.rowReference:
        return this.#rowObject(payload)
      default:
        return undefined
    }
  }

  #rowObject(payload: number): unknown {
    const rows = this.#lists[Math.floor(payload / rowReferenceBase)]
    if (rows === undefined) return undefined
    const place = payload % rowReferenceBase
    const { paths } = rows.known
    return objectOf(rows.objects[Math.floor(place / paths.length)], paths[place % paths.length] ?? [])
  }

  #makeEmpty(at: number): object {
    switch (this.#at(at)) {
      case record.shaped:
        return this.#makeInstance(this.#shape(this.#at(at + 1)).className)
      case record.dictionary:
        return this.#makeInstance(this.#text(this.#at(at + 1)))
      case record.array: {
        const array: unknown[] = []
        if (this.#at(at + 1) === list.rows) this.#arrays.set(this.#at(at + 3), array)
        return array
      }
      case record.map:
        return new Map()
      case record.set:
        return new Set()
      case record.date:
        return makeDate(this.#at(at + 1), this.#at(at + 2) === 1 ? this.#classes.datePrototype : undefined)
      case record.buffer: {
        const byteLength = this.#count(this.#at(at + 1) / 8) * 8
        const buffer = new ArrayBuffer(byteLength)
        new Uint8Array(buffer).set(this.#views.bytes.subarray((at + 2) * 8, (at + 2) * 8 + byteLength))
        return buffer
      }
      default:
        return {}
    }
  }

  #makeInstance(className: string): object {
    if (className === plainClass) return {}
    return createObject(className === bareClass ? null : this.#prototype(className))
  }

  #prototype(className: string): object {
    const prototype = this.#classes.prototypeOf(className)
    if (prototype === undefined) throw new RangeError(`there is no class ${className}`)
    return prototype
  }

  #makeView(at: number): object {
    const buffer = this.#value(this.#at(at + 4), this.#at(at + 5))
    const maker: unknown = bufferViews[this.#at(at + 1)]
    if (!isCallable(maker)) throw new RangeError('a capture has a view of no type')
    return construct(maker, [buffer, this.#at(at + 2), this.#at(at + 3)])
  }

  #makeRows(at: number): void {
    const count = this.#count(this.#at(at + 1))
    const known = this.#layout(this.#text(this.#at(at + 3)))
    const objects = this.#arrays.get(this.#lists.length) ?? []
    known.make(this.#words, at + 4, count, this.#texts.texts, this.#value, objects)
    this.#lists.push({ known, objects })
  }

  /** References to rows that were not made when they were read. */
  #joinRows(at: number, rows: Rows | undefined): void {
    if (rows === undefined || rows.known.cells.length === 0) return
    const { cells, width, paths } = rows.known
    for (const { object, key, word } of cells) {
      for (let row = 0; row < rows.objects.length; row++) {
        const cellAt = at + 4 + row * width + word
        if (this.#at(cellAt) !== cell.rowReference) continue
        const target = objectOf(rows.objects[row], paths[object] ?? [])
        if (isObject(target)) fieldsOf(target)[key] = this.#rowObject(this.#at(cellAt + 1))
      }
    }
  }

  #fill(object: object, at: number): void {
    switch (this.#at(at)) {
      case record.shaped: {
        const { keys } = this.#shape(this.#at(at + 1))
        for (let index = 0, from = at + 2; index < keys.length; index++, from += 2)
          defineField(object, keys[index] ?? '', this.#value(this.#at(from), this.#at(from + 1)))
        return
      }
      case record.dictionary: {
        const keys: unknown[] = []
        const values: unknown[] = []
        this.#readList(this.#readList(at + 2, keys), values)
        for (const [index, key] of keys.entries()) defineField(object, String(key), values[index])
        return
      }
      case record.array:
        if (Array.isArray(object)) this.#readList(at + 1, object)
        return
      case record.map: {
        if (!(object instanceof Map)) return
        const keys: unknown[] = []
        const values = this.#listAt(this.#readList(at + 1, keys))
        for (let index = 0; index < keys.length; index++) object.set(keys[index], values[index])
        return
      }
      case record.set: {
        if (object instanceof Set) for (const item of this.#listAt(at + 1)) object.add(item)
        return
      }
      default:
    }
  }

  /** A list's values, which are not to be changed. */
  #listAt(at: number): readonly unknown[] {
    const rows = this.#at(at) === list.rows ? this.#lists[this.#at(at + 2)] : undefined
    if (rows !== undefined) return rows.objects
    const values: unknown[] = []
    this.#readList(at, values)
    return values
  }

  /** Appends a list's values to `target`; gives the word behind the list. */
  #readList(at: number, target: unknown[]): number {
    const tag = this.#at(at)
    const count = this.#at(at + 1)
    const end = (width: number): number => at + 2 + this.#count(count) * width
    switch (tag) {
      case list.numbers:
        for (let index = at + 2; index < end(1); index++) target.push(this.#words[index])
        return end(1)
      case list.strings:
        for (let index = at + 2; index < end(1); index++) target.push(this.#text(this.#at(index)))
        return end(1)
      case list.booleans:
        for (let index = at + 2; index < end(1); index++) target.push(this.#words[index] === 1)
        return end(1)
      case list.cells:
        for (let index = at + 2; index < end(2); index += 2) {
          if (this.#words[index] === cell.hole) target.length++
          else target.push(this.#value(this.#at(index), this.#at(index + 1)))
        }
        return end(2)
      case list.rows: {
        const rows = this.#lists[this.#at(at + 2)]
        if (rows === undefined) throw new RangeError('a capture has no such rows')
        if (target !== rows.objects) for (const object of rows.objects) target.push(object)
        return at + 4 + rows.objects.length * rows.known.width
      }
      case list.mixed:
        return this.#readMixed(at, count, target)
      case list.sparse: {
        target.length = count
        const present = this.#count(this.#at(at + 2))
        for (let item = 0, from = at + 3; item < present; item++, from += 3)
          target[this.#at(from)] = this.#value(this.#at(from + 1), this.#at(from + 2))
        return at + 3 + present * 3
      }
      default:
        throw new RangeError('a capture has a list of no kind')
    }
  }

  #readMixed(at: number, count: number, target: unknown[]): number {
    const lists: unknown[][] = []
    let end = at + 3 + Math.ceil(this.#count(count) / 8)
    for (let index = 0; index < this.#at(at + 2); index++) {
      const items: unknown[] = []
      end = this.#readList(end, items)
      lists.push(items)
    }
    const { bytes } = this.#views
    const next = lists.map(() => 0)
    for (let index = 0; index < count; index++) {
      const kind = bytes[(at + 3) * 8 + index] ?? 0
      const place = next[kind] ?? 0
      next[kind] = place + 1
      const items = lists[kind]
      if (items !== undefined && place in items) target.push(items[place])
      else target.length++
    }
    return end
  }

  #shape(id: number): ReturnType<typeof parseShape> {
    const text = this.#text(id)
    let shape = this.#shapes.get(text)
    if (shape === undefined) {
      if (this.#shapes.size > 2000) this.#shapes.clear()
      this.#shapes.set(text, (shape = parseShape(text)))
    }
    return shape
  }

  /** Compiled for the classes as they are now. */
  #layout(text: string): KnownLayout {
    let known = this.#layouts.get(text)
    const layout = known?.layout ?? parseLayout(text)
    const prototypes = classNamesOf(layout).map((name) =>
      name === plainClass || name === bareClass ? undefined : this.#prototype(name),
    )
    const assigns = canAssign(layout, prototypes)
    if (known === undefined) {
      const make = compileMaking(layout, prototypes)
      known = {
        layout,
        width: widthOf(layout),
        paths: objectPaths(layout),
        cells: anyCells(layout),
        prototypes,
        assigns,
        make,
      }
      this.#layouts.set(text, known)
    } else if (!isSameList(known.prototypes, prototypes) || !isSameList(known.assigns, assigns)) {
      known.prototypes = prototypes
      known.assigns = assigns
      known.make = compileMaking(layout, prototypes)
    }
    return known
  }
}

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}

function objectOf(object: unknown, path: readonly string[]): unknown {
  let found = object
  for (const key of path) found = isObject(found) ? Reflect.get(found, key) : undefined
  return found
}

/** As a literal would: never through a setter. */
function defineField(object: object, key: string, value: unknown): void {
  if (key in object) Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else fieldsOf(object)[key] = value
}
