// Proof that no object of the packed rows stands in two of them. Twice the same object means twice the same words: so rows are
// found again by their words, and only those that meet are compared. Nothing is remembered of an object, nothing is written to it.

import type { MemoryViews } from './capture-memory.ts'
import type { RowPart } from './row-code.ts'
import type { RowList } from './row-list.ts'

/** An object of a packed row. */
export interface RowObject {
  readonly list: RowList
  /** As in `RowCode.parts`; 0: the row's own object. */
  readonly part: number
  readonly object: object
}

/** One part of all rows of a list. */
interface Column {
  readonly list: RowList
  readonly part: number
  readonly about: RowPart
}

const none: readonly RowObject[] = []
/** Words of an object by which it is found; at the second try, where too many have the same first one. */
const fewWords = 1
const manyWords = 8
/** Set in NaNs and infinities. */
const exponent = 0x7ff00000

/** Words of an object that may stand in order. */
const orderedWords = 4

export class DistinctRows {
  readonly #words: Float64Array
  readonly #halves: Int32Array
  /** Numbers of objects, plus 1, by hash of their words. */
  #table = new Int32Array(0)

  /** Of the memory in which rows are packed. */
  constructor({ words, halves }: MemoryViews) {
    this.#words = words
    this.#halves = halves
  }

  /**
   * Objects that were met before in these lists, which were packed in one pass: each once for every time but the first. Lists
   * without any are marked as proven. Of a kind of object of which no list has new ones nothing is looked at.
   */
  findShared(lists: readonly RowList[]): readonly RowObject[] {
    if (lists.every(({ unproven }) => unproven === 'none')) return none
    const shared: RowObject[] = []
    for (const columns of columnsByShape(lists).values())
      if (columns.some(({ list }) => list.unproven !== 'none')) this.#look(columns, shared)
    if (shared.length === 0) for (const list of lists) list.unproven = 'none'
    return shared
  }

  /** `columns`: of one shape. */
  #look(columns: readonly Column[], shared: RowObject[]): void {
    const [first] = columns
    if (first !== undefined && columns.length === 1 && this.#isOrdered(first)) return
    const format = first?.about.format
    const isUniform = columns.every(({ about }) => about.format === format && about.width > 0)
    if (isUniform && (this.#lookByWords(columns, fewWords, shared) || this.#lookByWords(columns, manyWords, shared)))
      return
    lookOneByOne(columns, shared)
  }

  /** One of the first words climbs or falls from row to row, as ids do: no object is there twice. */
  #isOrdered({ list, about }: Column): boolean {
    const words = this.#words
    const { width } = list.code
    const from = list.start + about.word
    const end = from + rowsOf(list) * width
    for (let word = 0; word < Math.min(orderedWords, about.width); word++) {
      let before = words[from + word] ?? 0
      let at = from + word + width
      const doesClimb = (words[at] ?? 0) > before
      for (; at < end; at += width) {
        const next = words[at] ?? 0
        if (!(doesClimb ? next > before : next < before)) break
        before = next
      }
      if (at >= end) return true
    }
    return false
  }

  /** False where too many objects have the same words. */
  #lookByWords(columns: readonly Column[], words: number, shared: RowObject[]): boolean {
    const table = this.#emptyTable(columns)
    let looksLeft = 1000
    for (const { list } of columns) looksLeft += (words === fewWords ? 1 : 8) * rowsOf(list)
    const before = shared.length
    const mask = table.length - 1
    // Those that may stand twice first; then each of the others is looked for among them.
    for (const isUnproven of [true, false]) {
      let first = 1
      for (const { list, part, about } of columns) {
        const { width, parts } = list.code
        const rows = rowsOf(list)
        const { unproven } = list
        const count = Math.min(words, about.width) * 2
        const hasAny = isUnproven ? unproven !== 'none' : unproven !== 'all'
        for (let row = 0; hasAny && row < rows; row++) {
          if (unproven === 'fresh') {
            if (isUnproven) row = list.nextFresh(row, rows)
            else if (list.isFresh(row)) continue
            if (row === rows) break
          }
          const object = list.objects[row * parts.length + part] ?? list
          let slot = this.#hash((list.start + row * width + about.word) * 2, count) & mask
          let other = table[slot] ?? 0
          while (other !== 0 && objectOf(columns, other - 1) !== object) {
            if (--looksLeft < 0) {
              shared.length = before
              return false
            }
            slot = (slot + 1) & mask
            other = table[slot] ?? 0
          }
          if (other !== 0) shared.push({ ...shorter(columnOf(columns, other - 1), { list, part }), object })
          else if (isUnproven) table[slot] = first + row
        }
        first += rows
      }
    }
    return true
  }

  /** With room for twice what may be put in, and for few to be far apart. */
  #emptyTable(columns: readonly Column[]): Int32Array {
    let count = 8
    for (const { list } of columns) count += unprovenOf(list)
    const size = Math.max(4096, 2 ** Math.ceil(Math.log2(2 * count)))
    if (this.#table.length < size) this.#table = new Int32Array(size)
    return this.#table.subarray(0, size).fill(0)
  }

  #hash(from: number, count: number): number {
    const halves = this.#halves
    let hash = 0
    for (let half = from; half < from + count; half += 2) {
      const low = halves[half] ?? 0
      const high = halves[half + 1] ?? 0
      // One NaN may be written in several ways.
      if ((high & exponent) !== exponent) hash = Math.imul(hash ^ low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
    }
    return hash ^ (hash >>> 15)
  }
}

function unprovenOf(list: RowList): number {
  if (list.unproven === 'none') return 0
  const rows = rowsOf(list)
  if (list.unproven === 'all') return rows
  let count = 0
  for (let row = list.nextFresh(0, rows); row < rows; row = list.nextFresh(row + 1, rows)) count++
  return count
}

/** Objects are numbered column by column. */
function objectOf(columns: readonly Column[], number: number): object | undefined {
  let left = number
  for (const { list, part } of columns) {
    const stride = list.code.parts.length
    const place = left * stride + part
    if (place < list.objects.length) return list.objects[place]
    left -= list.objects.length / stride
  }
  return undefined
}

function columnOf(columns: readonly Column[], number: number): Column | undefined {
  let left = number
  return columns.find(({ list }) => (left -= rowsOf(list)) < 0)
}

/** The second where both are as long. */
function shorter(one: Column | undefined, other: Omit<Column, 'about'>): Omit<Column, 'about'> {
  return one !== undefined && rowsOf(one.list) < rowsOf(other.list) ? { list: one.list, part: one.part } : other
}

function lookOneByOne(columns: readonly Column[], shared: RowObject[]): void {
  const met = new Set<object>()
  for (const { list, part } of columns) {
    const stride = list.code.parts.length
    for (let place = part; place < list.objects.length; place += stride) {
      const object = list.objects[place] ?? list
      if (met.has(object)) shared.push({ list, part, object })
      else met.add(object)
    }
  }
}

function rowsOf(list: RowList): number {
  return list.objects.length / list.code.parts.length
}

/** Objects of different shapes are different objects. Longer lists come first: what they share is another's. */
function columnsByShape(lists: readonly RowList[]): ReadonlyMap<string, readonly Column[]> {
  const columns = new Map<string, Column[]>()
  for (const list of lists.toSorted((left, right) => rowsOf(right) - rowsOf(left))) {
    for (const [part, about] of list.code.parts.entries()) {
      const same = columns.get(about.shapeText)
      if (same === undefined) columns.set(about.shapeText, [{ list, part, about }])
      else same.push({ list, part, about })
    }
  }
  return columns
}
