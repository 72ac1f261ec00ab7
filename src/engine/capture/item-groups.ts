// A list of objects, from capture to capture: which shape each item has. Items of one shape are packed in rows of their own, those
// that have none of its shapes, or may not be in rows, a cell each.

import { Alignment } from './alignment.ts'
import type { Place } from './known-objects.ts'
import type { RowList, ShapeTest } from './row-list.ts'

/** As many groups as a byte of kinds is used for, but one: the others. */
const maxShapes = 15
const captureRound = 64

export class ItemGroups {
  container: object
  readonly place: Place
  /** Row lists, one per shape. */
  readonly shapes: RowList[] = []
  /** What `split` found: the items of each shape, in the order of `shapes`; and all else, holes too. */
  readonly groups: unknown[][] = []
  readonly others: unknown[] = []
  /** Of each item: 0, or the number of its shape, plus 1. At least as long as the list was at the last `split`. */
  kinds = new Uint8Array(0)
  /** All items have one shape, as far as is known: nothing is split. */
  isUniform = true
  /** The pass in which it was packed last. */
  pass = -1
  /** Objects that stand elsewhere too. */
  readonly #outcasts = new Set<object>()
  #items: unknown[] = []
  /** As it was before the last `split`. */
  #kindsBefore = new Uint8Array(0)
  #lookAgainAt = 0
  #othersAtLook = 0

  constructor(container: object, place: Place) {
    this.container = container
    this.place = place
  }

  /** Sorts the items by shape. `isSure`: those that were there before have the shape they had, as far as is known. */
  split(items: readonly unknown[], isShaped: ShapeTest, isSure: boolean): void {
    const { groups, others, shapes } = this
    if (isSure && this.#areAsBefore(items)) return
    const count = items.length
    while (groups.length < shapes.length) groups.push([])
    for (const group of groups) group.length = 0
    others.length = 0
    const before = this.kinds
    if (this.#kindsBefore.length < count) this.#kindsBefore = new Uint8Array(count + (count >>> 1))
    const kinds = (this.kinds = this.#kindsBefore)
    this.#kindsBefore = before
    const alignment = new Alignment(this.#items)
    let kind = 0
    for (let index = 0; index < count; index++) {
      const item = items[index]
      const place = alignment.find(items, index)
      if (place >= 0) kind = before[place] ?? 0
      if (place < 0 || !isSure) kind = this.#kindOf(item, kind, isShaped)
      kinds[index] = kind
      const group = kind === 0 ? undefined : groups[kind - 1]
      if (group !== undefined) group.push(item)
      else if (item === undefined && !(index in items)) others.length++
      else others.push(item)
    }
    for (let index = 0; index < count; index++) this.#items[index] = items[index]
    this.#items.length = count
  }

  /** All are the very objects they were at the last `split`: what it found holds. What is no object is split anew: 0 may be −0, or none. */
  #areAsBefore(items: readonly unknown[]): boolean {
    const before = this.#items
    const count = items.length
    if (count !== before.length) return false
    for (let index = 0; index < count; index++) {
      const item = items[index]
      if (item !== before[index] || typeof item !== 'object') return false
    }
    return true
  }

  /** `guess` is tried first. */
  #kindOf(item: unknown, guess: number, isShaped: ShapeTest): number {
    if (typeof item !== 'object' || item === null || this.#outcasts.has(item)) return 0
    if (guess > 0 && this.#isOf(guess, item, isShaped)) return guess
    for (let kind = 1; kind <= this.shapes.length; kind++)
      if (kind !== guess && this.#isOf(kind, item, isShaped)) return kind
    return 0
  }

  #isOf(kind: number, item: object, isShaped: ShapeTest): boolean {
    const shape = this.shapes[kind - 1]?.code.parts[0]?.shape
    return shape !== undefined && isShaped(item, shape)
  }

  /** Whether it is time to look for shapes among the others: at first, now and then, and when they have become many more. */
  isLookDue(capture: number, least: number): boolean {
    const count = this.others.length
    return count >= least && (capture >= this.#lookAgainAt || count >= 2 * this.#othersAtLook)
  }

  /** Adds a shape in place of one that no item has, or where there is room; false where there is none. */
  add(list: RowList): boolean {
    const unused = this.groups.findIndex((group, index) => group.length === 0 && index < this.shapes.length)
    if (unused >= 0) this.shapes[unused] = list
    else if (this.shapes.length < maxShapes) this.shapes.push(list)
    else return false
    return true
  }

  /** All items have the shape of this list. */
  keepOnly(list: RowList): void {
    this.shapes.splice(0, this.shapes.length, list)
    this.isUniform = true
    // Kinds have other numbers now.
    this.#items = []
    this.groups.length = 0
    this.others.length = 0
  }

  /** It was looked for shapes. */
  looked(capture: number): void {
    this.#lookAgainAt = capture + captureRound
    this.#othersAtLook = this.others.length
    this.#outcasts.clear()
  }

  /** They are in no rows from now on. False where those are too many, of so many items. */
  castOut(objects: readonly object[], count: number): boolean {
    for (const object of objects) this.#outcasts.add(object)
    this.isUniform = false
    // What was known of them holds no more.
    this.#items = []
    return this.#outcasts.size * 4 <= count
  }
}
