// Lists of values, as arrays, maps, sets and large objects have them: numbers, strings and booleans a word each, objects of
// one layout in rows, anything else a cell each. What rows were made of is remembered by container and by place.

import { cell, list as listTag } from './capture-format.ts'
import type { ClassNames } from './class-names.ts'
import type { Place } from './known-objects.ts'
import { layoutOf, layoutText, widenLayout, type Layout } from './layout.ts'
import type { ListTexts } from './list-texts.ts'
import { PassAborted, type PackCursor } from './pack-pass.ts'
import { compilePacking, isShaped, type RowCode } from './row-code.ts'
import { RowIdentities } from './row-identities.ts'
import { fullCheckRounds, RowList, type ShapeTest } from './row-list.ts'
import type { StringTable } from './string-table.ts'

/** What a list packer shares with the pass it is part of. */
export interface ListPass {
  readonly cursor: PackCursor
  readonly names: ClassNames
  readonly strings: StringTable
  readonly keysPerCapture: number
  readonly writeCell: (value: unknown, at: number) => void
  /** Whether the object has a record of its own in this pass. */
  readonly isAlone: (object: object) => boolean
  /** References to be settled at the end of the pass: how many there are, and back to so many. */
  readonly pendingCount: () => number
  readonly forgetPending: (count: number) => void
}

const minRows = 16
const maxLayouts = 300
/** Captures until a list that could not be packed in rows is tried again. */
const retryAfter = 64

export class ListPacker {
  /** Of the lists packed in rows in this pass, from the start of the block. */
  readonly offsets: number[] = []
  /** Captures before this one that may hold rows without what was found in this one: it may have been there then. */
  lateBy = 0
  readonly #pass: ListPass
  readonly #isShaped: ShapeTest
  readonly #codes = new Map<string, RowCode>()
  readonly #lists = new Map<object, RowList>()
  readonly #byPlace = new Map<number, { readonly list: RowList; readonly container: object }>()
  /** Until which capture a container, or what stands at a place, is packed a cell each. */
  readonly #refused = new Map<object | number, number>()
  #identities = new RowIdentities()
  #passNumber = 0
  #capture = 0
  #isSettled = true

  constructor(pass: ListPass) {
    this.#pass = pass
    this.#isShaped = (object, shape) => isShaped(object, shape, pass.names.isClass)
  }

  beginCapture(): void {
    this.#capture++
    this.lateBy = 0
    let live = 0
    for (const list of this.#lists.values()) live += list.objects.length
    if (!this.#isSettled) this.#forgetAll()
    else if (this.#identities.size > 2 * live + 1000) this.#identities.keepOnly(this.#lists.values())
    this.#isSettled = false
  }

  beginPass(): void {
    this.#passNumber++
    this.offsets.length = 0
  }

  /** The pass was the capture: lists it did not meet are forgotten. */
  endCapture(): void {
    this.#isSettled = true
    for (const [container, list] of this.#lists) if (list.pass !== this.#passNumber) this.#lists.delete(container)
    for (const [place, { list }] of this.#byPlace) if (list.pass !== this.#passNumber) this.#byPlace.delete(place)
    for (const [key, until] of this.#refused) if (until < this.#capture) this.#refused.delete(key)
  }

  /** Where the object is part of a row. */
  find(object: object): { readonly list: RowList; readonly place: number } | 'unvisited' | undefined {
    return this.#identities.find(object, this.#passNumber)
  }

  /** The object stands alone in this pass. */
  doubt(object: object): void {
    this.#identities.doubt(object)
  }

  /** Writes a list. Rows are tried where `container` is given; it may be `values` itself. `texts`: its own, of the last capture. */
  write(values: readonly unknown[], container: object | undefined, place: Place, texts: ListTexts): void {
    const first = values[0]
    switch (typeof first) {
      case 'undefined':
        if (values.length === 0) return this.#writeHead(listTag.numbers, 0)
        break
      case 'number':
        if (this.#writeNumbers(values)) return
        break
      case 'string':
        if (this.#writeStrings(values, texts)) return
        break
      case 'boolean':
        if (this.#writeBooleans(values)) return
        break
      case 'object':
        if (first === null || container === undefined || values.length < minRows) break
        if (this.#writeRows(values, first, container, place)) return
        break
      default:
    }
    if (values !== container || !this.#writeSparse(values)) this.#writeCells(values)
  }

  /** Writes a cell for each; `enter` is called before each, and may write what the cells before refer to. */
  writeEach(values: readonly unknown[], enter: (index: number) => void): void {
    this.#writeHead(listTag.cells, values.length)
    const { cursor, writeCell } = this.#pass
    cursor.need(2 * values.length)
    const { at } = cursor
    cursor.at += 2 * values.length
    for (let index = 0; index < values.length; index++) {
      enter(index)
      writeCell(values[index], at + 2 * index)
    }
    enter(values.length)
  }

  #writeHead(tag: number, count: number): void {
    const { cursor } = this.#pass
    cursor.need(2)
    cursor.put(tag)
    cursor.put(count)
  }

  #writeNumbers(values: readonly unknown[]): boolean {
    const count = values.length
    const { cursor } = this.#pass
    cursor.need(2 + count)
    const { words } = cursor
    const at = cursor.at + 2
    for (let index = 0; index < count; index++) {
      const value = values[index]
      if (typeof value !== 'number') return false
      words[at + index] = value
    }
    this.#writeHead(listTag.numbers, count)
    cursor.at += count
    return true
  }

  #writeStrings(values: readonly unknown[], texts: ListTexts): boolean {
    const { cursor, strings } = this.#pass
    cursor.need(2 + values.length)
    if (!texts.write(values, cursor.words, cursor.at + 2, strings)) return false
    this.#writeHead(listTag.strings, values.length)
    cursor.at += values.length
    return true
  }

  #writeBooleans(values: readonly unknown[]): boolean {
    const count = values.length
    for (let index = 0; index < count; index++) if (typeof values[index] !== 'boolean') return false
    this.#writeHead(listTag.booleans, count)
    const { cursor } = this.#pass
    cursor.need(count)
    for (let index = 0; index < count; index++) cursor.words[cursor.at + index] = values[index] === true ? 1 : 0
    cursor.at += count
    return true
  }

  #writeCells(values: readonly unknown[]): void {
    const count = values.length
    this.#writeHead(listTag.cells, count)
    const { cursor, writeCell } = this.#pass
    cursor.need(2 * count)
    let { at } = cursor
    cursor.at += 2 * count
    for (let index = 0; index < count; index++, at += 2) {
      const value = values[index]
      if (value === undefined && !(index in values)) {
        cursor.words[at] = cell.hole
        cursor.words[at + 1] = 0
      } else writeCell(value, at)
    }
  }

  /** Mostly holes: only what there is, with its index. */
  #writeSparse(values: readonly unknown[]): boolean {
    if (values.length < 1024 || !hasHole(values)) return false
    const indices = Object.keys(values)
      .map(Number)
      .filter((index) => Number.isInteger(index))
    if (indices.length * 2 > values.length) return false
    this.#writeHead(listTag.sparse, values.length)
    const { cursor, writeCell } = this.#pass
    cursor.need(1 + 3 * indices.length)
    cursor.put(indices.length)
    for (const index of indices) {
      cursor.put(index)
      writeCell(values[index], cursor.at)
      cursor.at += 2
    }
    return true
  }

  /** False where they are no rows; nothing is written then. */
  #writeRows(rows: readonly unknown[], first: object, container: object, place: Place): boolean {
    if (this.#isRefused(container) || this.#isRefused(place)) return false
    const list = this.#listOf(container, place) ?? this.#newList(first)
    if (list === undefined) return this.#refuse(undefined, container, place)
    // Known from now on, so that a pass begun anew finds what this one found out.
    this.#lists.set(container, list)
    if (list.epoch !== this.#pass.strings.epoch) list.forgetTexts(this.#pass.strings.epoch)
    const { cursor, strings } = this.#pass
    const start = cursor.at
    const pending = this.#pass.pendingCount()
    const count = rows.length
    if (list.isDoubted && !this.#follow(list, rows, 0) && list.isShared) return this.#refuse(list, container, place)
    let noted = -1
    for (let row = 0; ;) {
      const { code } = list
      cursor.need(4 + count * code.width)
      row = list.packRows(rows, row, cursor.words, start + 4)
      let other: unknown
      if (row === count) {
        const odd = list.findOdd(count, this.#isShaped)
        if (odd === undefined) break
        this.lateBy = fullCheckRounds
        other = rows[odd]
      } else if (list.hasObjects(row, rows[row])) {
        // As where a class was exchanged for its next version: the same shape.
        const isShapeSame = list.isRowShaped(row, this.#isShaped)
        if (row !== noted && isShapeSame && list.noteConstructors(row)) {
          noted = row
          continue
        }
        if (!isShapeSame) this.lateBy = Math.max(this.lateBy, list.rounds - 1)
        other = rows[row]
      } else {
        if (this.#follow(list, rows, row)) continue
        other = rows[Math.floor(list.objects.length / code.paths.length)]
      }
      // Another shape: a wider layout from the first row on, or none.
      this.#pass.forgetPending(pending)
      if (!isObjectValue(other) || !this.#widen(list, other)) return this.#refuse(list, container, place)
      row = 0
    }
    cursor.put(listTag.rows)
    cursor.put(count)
    cursor.put(this.offsets.length)
    cursor.put(strings.intern(list.code.text))
    cursor.at = start + 4 + count * list.code.width
    list.packed(count)
    list.index = this.offsets.length
    list.pass = this.#passNumber
    this.offsets.push(start - cursor.start)
    if (place !== undefined) this.#byPlace.set(place, { list, container })
    return true
  }

  /** False where the list can't be in rows as it is: shared, or no objects as its layout says from where it now ends. */
  #follow(list: RowList, rows: readonly unknown[], from: number): boolean {
    const { isAlone } = this.#pass
    const found = this.#identities.follow(list, rows, from, rows.length, this.#passNumber, isAlone, this.#isShaped)
    switch (found.kind) {
      case 'followed':
        return true
      case 'met':
        if (list.abortedIn === this.#capture) {
          list.isShared = true
          return false
        }
        list.abortedIn = this.#capture
        throw new PassAborted()
      case 'shared':
        list.isShared = true
        return false
      case 'misshapen':
        return false
    }
  }

  #widen(list: RowList, object: object): boolean {
    if (list.isShared) return false
    const wider = widenLayout(list.code.layout, object, this.#pass.names.rowClassOf)
    const code = wider === undefined || wider === list.code.layout ? undefined : this.#codeOf(wider)
    if (code === undefined) return false
    if (code.paths.length !== list.code.paths.length) this.#identities.abandon(list)
    list.code = code
    list.forgetTexts(this.#pass.strings.epoch)
    return true
  }

  #isRefused(key: object | Place): boolean {
    return key !== undefined && (this.#refused.get(key) ?? -1) >= this.#capture
  }

  #refuse(list: RowList | undefined, container: object, place: Place): false {
    if (list !== undefined) this.#identities.abandon(list)
    this.#lists.delete(container)
    this.#refused.set(container, this.#capture + retryAfter)
    if (place !== undefined) {
      this.#byPlace.delete(place)
      this.#refused.set(place, this.#capture + retryAfter)
    }
    return false
  }

  /** The container's own, or that of a container which stood in its place and was not met since. */
  #listOf(container: object, place: Place): RowList | undefined {
    const own = this.#lists.get(container)
    if (own !== undefined) return own
    const before = place === undefined ? undefined : this.#byPlace.get(place)
    if (place === undefined || before === undefined || before.list.pass === this.#passNumber) return undefined
    this.#lists.delete(before.container)
    this.#lists.set(container, before.list)
    this.#byPlace.set(place, { list: before.list, container })
    return before.list
  }

  #newList(first: object): RowList | undefined {
    const layout = layoutOf(first, this.#pass.names.rowClassOf)
    const code = layout === undefined ? undefined : this.#codeOf(layout)
    return code === undefined ? undefined : new RowList(code, this.#pass.strings.epoch, this.#pass.keysPerCapture)
  }

  #codeOf(layout: Layout): RowCode | undefined {
    const text = layoutText(layout)
    let code = this.#codes.get(text)
    if (code === undefined) {
      // Shapes without number are no shapes worth compiling for.
      if (this.#codes.size >= maxLayouts) return undefined
      code = compilePacking(layout, text, {
        intern: this.#pass.strings.intern,
        writeCell: this.#pass.writeCell,
      })
      this.#codes.set(text, code)
    }
    return code
  }

  #forgetAll(): void {
    this.#lists.clear()
    this.#byPlace.clear()
    this.#identities = new RowIdentities()
  }
}

function isObjectValue(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hasHole(values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index++) if (values[index] === undefined && !(index in values)) return true
  return false
}
