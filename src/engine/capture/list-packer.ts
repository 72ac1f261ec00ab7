// Lists of values, as arrays, maps, sets and large objects have them. Those of objects are packed in rows, one list of rows for each
// shape the objects have; what rows were made of is remembered by container and by place.
//
//   a list of objects ─► one shape ─► rows            ┐ a row does not fit: a wider layout, or
//                    └─► several ──► kinds, rows … ◄──┘ the items are sorted by shape anew
//   at the end of the pass: proof that no object is in two rows, else the pass begins anew without those that are

import { list as listTag } from './capture-format.ts'
import type { MemoryViews } from './capture-memory.ts'
import type { ClassNames } from './class-names.ts'
import { DistinctRows, type RowObject } from './distinct-rows.ts'
import type { ItemGroups } from './item-groups.ts'
import { KnownLists } from './known-lists.ts'
import type { KnownObject, Place } from './known-objects.ts'
import { layoutOf, layoutText, widenLayout, withoutPart, type Layout } from './layout.ts'
import type { ListTexts } from './list-texts.ts'
import { PassAborted, type PackCursor } from './pack-pass.ts'
import { compilePacking, isShaped, type RowCode } from './row-code.ts'
import { fullCheckRounds, RowList, type ShapeTest } from './row-list.ts'
import { RowSearch } from './row-search.ts'
import type { ShapeIndex } from './shape-index.ts'
import type { StringTable } from './string-table.ts'
import {
  writeBooleans,
  writeCells,
  writeEach,
  writeListHead,
  writeNumbers,
  writeSparse,
  writeStrings,
} from './value-lists.ts'

/** What a list packer shares with the pass it is part of. */
export interface ListPass {
  readonly cursor: PackCursor
  readonly views: MemoryViews
  readonly names: ClassNames
  readonly shapes: ShapeIndex
  readonly strings: StringTable
  readonly keysPerCapture: number
  readonly writeCell: (value: unknown, at: number) => void
  /** False where none of these has a record of its own, or had one lately. */
  readonly mayHaveMet: (objects: readonly object[]) => boolean
  /** The object is new in a row. False where it has a record of its own in this pass. */
  readonly claim: (object: object) => boolean
  /** References to be settled at the end of the pass: how many there are, and back to so many. */
  readonly pendingCount: () => number
  readonly forgetPending: (count: number) => void
}

const minRows = 16
const maxLayouts = 300

export class ListPacker {
  /** Of the lists packed in rows in this pass, from the start of the block. */
  readonly offsets: number[] = []
  /** Captures before this one that may hold rows without what was found in this one: it may have been there then. */
  lateBy = 0
  /** Objects that look like rows have got records of their own in this pass: each list still to come is asked for them. */
  areAloneSettled = false
  readonly #pass: ListPass
  readonly #isShaped: ShapeTest
  readonly #codes = new Map<string, RowCode>()
  /** Shapes of objects in rows, ever. */
  readonly #rowShapes = new Set<string>()
  readonly #lists = new KnownLists()
  readonly #distinct: DistinctRows
  /** Packed in this pass: their numbers are indices. */
  readonly #packed: RowList[] = []
  readonly #packedGroups: ItemGroups[] = []
  readonly #search = new RowSearch(this.#packed)
  #passNumber = 0
  #capture = 0
  #isSettled = true

  constructor(pass: ListPass) {
    this.#pass = pass
    this.#isShaped = (object, shape) => isShaped(object, shape, pass.names.isClass)
    this.#distinct = new DistinctRows(pass.views)
  }

  beginCapture(): void {
    this.#capture++
    this.lateBy = 0
    if (!this.#isSettled) this.#lists.clear()
    this.#isSettled = false
  }

  beginPass(): void {
    this.#passNumber++
    this.areAloneSettled = false
    this.#cutPacked(0)
  }

  /** All is written. Throws `PassAborted` where an object is in two rows. */
  endPass(): void {
    if (this.#packed.length === 0) return
    const shared = this.#distinct.findShared(this.#packed)
    if (shared.length === 0) return
    this.#separate(shared)
    throw new PassAborted()
  }

  /** The pass was the capture: lists it did not meet are forgotten. */
  endCapture(): void {
    this.#isSettled = true
    this.#lists.endCapture(this.#passNumber, this.#capture)
    this.#search.clear()
  }

  /** It has class and keys as objects in rows have, or had. */
  isLikeRow(object: object): boolean {
    if (this.#rowShapes.size === 0) return false
    const text = this.#shapeText(object)
    return text !== undefined && this.#rowShapes.has(text)
  }

  /** Whether it is in a row packed in this pass, where it was before. */
  locate({ object, rowList, rowPlace }: KnownObject): boolean {
    return rowList !== undefined && rowList.pass === this.#passNumber && rowList.objects[rowPlace] === object
  }

  /** Whether it is in any row packed in this pass; it knows where then. */
  search(known: KnownObject): boolean {
    return this.locate(known) || this.#search.find(known)
  }

  /** Writes a list. Rows are tried where `container` is given; it may be `values` itself. `texts`: its own, of the last capture. */
  write(values: readonly unknown[], container: object | undefined, place: Place, texts: ListTexts): void {
    const { cursor, strings, writeCell } = this.#pass
    const first = values[0]
    switch (typeof first) {
      case 'undefined':
        if (values.length === 0) return writeListHead(cursor, listTag.numbers, 0)
        break
      case 'number':
        if (writeNumbers(cursor, values)) return
        break
      case 'string':
        if (writeStrings(cursor, values, texts, strings)) return
        break
      case 'boolean':
        if (writeBooleans(cursor, values)) return
        break
      case 'object':
        if (container === undefined || values.length < minRows) break
        if (this.#writeObjects(values, container, place)) return
        break
      default:
    }
    if (values !== container || !writeSparse(cursor, values, writeCell)) writeCells(cursor, values, writeCell)
  }

  /** Writes a cell for each; `enter` is called before each, and may write what the cells before refer to. */
  writeEach(values: readonly unknown[], enter: (index: number) => void): void {
    writeEach(this.#pass.cursor, values, this.#pass.writeCell, enter)
  }

  /** False where they are not to be in rows; nothing is written then. */
  #writeObjects(values: readonly unknown[], container: object, place: Place): boolean {
    if (this.#lists.isRefused(container, place, this.#capture)) return false
    const groups = this.#lists.of(container, place, this.#passNumber)
    if (groups.shapes.length === 0 && !this.#addShape(groups, values[0])) groups.isUniform = false
    const [only] = groups.shapes
    if (groups.isUniform && only !== undefined && this.#writeRows(only, groups, values)) return true
    groups.isUniform = false
    if (this.#writeGroups(groups, values, true) || this.#writeGroups(groups, values, false)) return true
    this.#lists.refuse(groups, this.#capture)
    return false
  }

  /** `isSure`: as `ItemGroups.split` has it. False where not all rows fit after all; nothing is written then. */
  #writeGroups(groups: ItemGroups, values: readonly unknown[], isSure: boolean): boolean {
    groups.split(values, this.#isShaped, isSure)
    if (groups.isLookDue(this.#capture, minRows) && this.#lookForShapes(groups))
      groups.split(values, this.#isShaped, false)
    const { shapes, others } = groups
    const only = groups.groups.findIndex((items) => items.length === values.length)
    const list = shapes[only]
    if (list !== undefined) {
      groups.keepOnly(list)
      return this.#writeRows(list, groups, values)
    }
    if (others.length === values.length) return false
    const { cursor, views } = this.#pass
    const { at } = cursor
    const pending = this.#pass.pendingCount()
    const packed = this.#packed.length
    const kindWords = Math.ceil(values.length / 8)
    cursor.need(3 + kindWords)
    cursor.put(listTag.mixed)
    cursor.put(values.length)
    cursor.put(shapes.length + 1)
    if (kindWords > 0) cursor.words[cursor.at + kindWords - 1] = 0
    views.bytes.set(groups.kinds.subarray(0, values.length), cursor.at * 8)
    cursor.at += kindWords
    writeCells(cursor, others, this.#pass.writeCell)
    for (const [index, shape] of shapes.entries()) {
      if (this.#writeRows(shape, groups, groups.groups[index] ?? [])) continue
      cursor.at = at
      this.#pass.forgetPending(pending)
      this.#cutPacked(packed)
      return false
    }
    return true
  }

  /** Gives shapes of their own to objects among the others of which there are many alike. */
  #lookForShapes(groups: ItemGroups): boolean {
    const alike = new Map<string, { readonly first: object; count: number }>()
    for (const item of groups.others) {
      if (typeof item !== 'object' || item === null) continue
      const text = this.#shapeText(item)
      if (text === undefined) continue
      const found = alike.get(text)
      if (found === undefined) alike.set(text, { first: item, count: 1 })
      else found.count++
    }
    groups.looked(this.#capture)
    let isAny = false
    for (const { first, count } of [...alike.values()].toSorted((left, right) => right.count - left.count))
      if (count >= minRows && this.#addShape(groups, first)) isAny = true
    return isAny
  }

  /** Undefined where it can't be in a row. */
  #shapeText(object: object): string | undefined {
    const className = this.#pass.names.rowClassOf(object)
    return className === undefined ? undefined : this.#pass.shapes.find(className, Object.keys(object)).text
  }

  #addShape(groups: ItemGroups, object: unknown): boolean {
    if (!isObjectValue(object)) return false
    const layout = layoutOf(object, this.#pass.names.rowClassOf)
    const code = layout === undefined ? undefined : this.#codeOf(layout)
    return code !== undefined && groups.add(new RowList(code, this.#pass.strings.epoch, this.#pass.keysPerCapture))
  }

  /** False where a row has another shape: nothing is written then. */
  #writeRows(list: RowList, groups: ItemGroups, rows: readonly unknown[]): boolean {
    const { cursor, strings } = this.#pass
    const start = cursor.at
    const pending = this.#pass.pendingCount()
    const count = rows.length
    list.begin(count, strings.epoch)
    let noted = -1
    for (let row = 0; ;) {
      const { code } = list
      cursor.need(4 + count * code.width)
      row = list.packRows(rows, row, cursor.words, start + 4)
      let other = rows[row]
      if (row === count) {
        const odd = list.findOdd(count, this.#isShaped)
        if (odd === undefined) break
        this.lateBy = fullCheckRounds
        other = rows[odd]
      } else if (!list.isFresh(row)) {
        if (list.objects[row * code.paths.length] !== other) {
          list.align(rows, row)
          continue
        }
        if (!list.hasObjects(row, other)) {
          list.refresh(row, count)
          continue
        }
        // As where a class was exchanged for its next version: the same shape.
        const isShapeSame = list.isRowShaped(row, this.#isShaped)
        if (row !== noted && isShapeSame && list.noteConstructors(row)) {
          noted = row
          continue
        }
        if (!isShapeSame) this.lateBy = Math.max(this.lateBy, list.rounds - 1)
      }
      // Another shape: a wider layout from the first row on, or none.
      this.#pass.forgetPending(pending)
      if (!isObjectValue(other) || !this.#widen(list, other)) return false
      row = 0
    }
    this.#claim(list, groups, count)
    cursor.put(listTag.rows)
    cursor.put(count)
    cursor.put(this.offsets.length)
    cursor.put(strings.intern(list.code.text))
    cursor.at = start + 4 + count * list.code.width
    list.packed(count)
    list.start = start + 4
    list.index = this.offsets.length
    list.pass = this.#passNumber
    this.offsets.push(start - cursor.start)
    this.#packed.push(list)
    this.#packedGroups.push(groups)
    return true
  }

  /** Throws `PassAborted` where an object that is new in a row was met before the list was. */
  #claim(list: RowList, groups: ItemGroups, count: number): void {
    if (!list.hasFresh && !this.areAloneSettled) return
    if (!this.#pass.mayHaveMet(list.objects)) return
    const width = list.code.paths.length
    const met: object[] = []
    const next = (row: number): number => (this.areAloneSettled ? row : list.nextFresh(row, count))
    for (let row = next(0); row < count; row = next(row + 1)) {
      for (let part = 0; part < width; part++) {
        const object = list.objects[row * width + part]
        if (object !== undefined && !this.#pass.claim(object)) met.push(object)
      }
    }
    if (met.length === 0) return
    // Met before once more, as where the list hangs from its own item: then it has to be so.
    if (list.abortedIn === this.#capture) this.#castOut(groups, list, met)
    list.abortedIn = this.#capture
    throw new PassAborted()
  }

  /** Objects in two rows: those in the shorter list go, inner ones get cells of their own. */
  #separate(shared: readonly RowObject[]): void {
    const byList = new Map<RowList, object[]>()
    for (const { list, part, object } of shared) {
      if (part > 0) this.#setApart(list, part)
      else byList.set(list, [...(byList.get(list) ?? []), object])
    }
    for (const [list, objects] of byList) {
      const groups = this.#packedGroups[list.index]
      if (groups !== undefined) this.#castOut(groups, list, objects)
    }
  }

  #castOut(groups: ItemGroups, list: RowList, objects: readonly object[]): void {
    if (!groups.castOut(objects, list.objects.length / list.code.paths.length))
      this.#lists.refuse(groups, this.#capture)
  }

  /** The object at this place in each row is flattened into it no more. */
  #setApart(list: RowList, part: number): void {
    const path = list.code.paths[part]
    const layout = path === undefined ? undefined : withoutPart(list.code.layout, path)
    const code = layout === undefined ? undefined : this.#codeOf(layout)
    if (code !== undefined) list.use(code)
  }

  #widen(list: RowList, object: object): boolean {
    const wider = widenLayout(list.code.layout, object, this.#pass.names.rowClassOf)
    const code = wider === undefined || wider === list.code.layout ? undefined : this.#codeOf(wider)
    if (code === undefined) return false
    list.use(code)
    return true
  }

  #codeOf(layout: Layout): RowCode | undefined {
    const text = layoutText(layout)
    let code = this.#codes.get(text)
    if (code === undefined) {
      // Shapes without number are no shapes worth compiling for.
      if (this.#codes.size >= maxLayouts) return undefined
      const { strings, writeCell, names } = this.#pass
      code = compilePacking(layout, text, { intern: strings.intern, writeCell, isClass: names.isClass })
      this.#codes.set(text, code)
      for (const { shapeText } of code.parts) this.#rowShapes.add(shapeText)
    }
    return code
  }

  /** Of the lists packed in this pass, only the first stay. */
  #cutPacked(count: number): void {
    if (this.#packed.length === count) return
    for (const list of this.#packed.slice(count)) list.pass = -1
    this.#packed.length = count
    this.#packedGroups.length = count
    this.offsets.length = count
    this.#search.clear()
  }
}

function isObjectValue(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
