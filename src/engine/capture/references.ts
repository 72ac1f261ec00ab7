// Cells that refer to objects. One with a record of its own is known by its number; one that is part of a row by list and place;
// and one that may be part of a row whose list was not packed yet is settled once all else is written.

import { cell, rowReferenceBase } from './capture-format.ts'
import type { KnownObject, KnownObjects, Place } from './known-objects.ts'
import type { ListPacker } from './list-packer.ts'

export class References {
  readonly #words: Float64Array
  readonly #known: KnownObjects
  readonly #lists: ListPacker
  /** To be settled: what, the word of its cell, where it was met. */
  readonly #objects: KnownObject[] = []
  readonly #at: number[] = []
  readonly #places: Place[] = []
  /** Those that turned out to be in no row. */
  readonly #alone: KnownObject[] = []

  constructor(words: Float64Array, known: KnownObjects, lists: ListPacker) {
    this.#words = words
    this.#known = known
    this.#lists = lists
  }

  /** Of the references to be settled. */
  get pendingCount(): number {
    return this.#objects.length
  }

  beginPass(): void {
    this.cut(0)
    if (this.#alone.length > 0) this.#alone.length = 0
  }

  /** Back to so many that are to be settled. */
  cut(count: number): void {
    if (this.#objects.length === count) return
    this.#objects.length = count
    this.#at.length = count
    this.#places.length = count
  }

  /** Writes the cell at a word; one that is met for the first time gets a record. */
  write(object: object, at: number, place: Place): void {
    let known = this.#known.find(object)
    if (known === undefined) {
      known = this.#known.add(object)
      known.mayBeRow = this.#lists.isLikeRow(object)
    }
    if (!this.#known.isMet(known)) {
      if (known.mayBeRow) {
        this.#known.ask(known)
        if (this.#lists.locate(known)) this.#writeRow(known, at)
        else {
          this.#objects.push(known)
          this.#at.push(at)
          this.#places.push(place)
        }
        return
      }
      this.#known.meet(known, place)
    }
    this.#words[at] = cell.reference
    this.#words[at + 1] = known.number
  }

  /** All lists met so far are packed: what is in none of their rows gets a record. */
  settle(): void {
    const count = this.#objects.length
    for (let index = 0; index < count; index++) {
      const known = this.#objects[index]
      const at = this.#at[index]
      if (known === undefined || at === undefined) continue
      if (!this.#known.isMet(known)) {
        if (this.#lists.search(known)) {
          this.#writeRow(known, at)
          continue
        }
        this.#lists.areAloneSettled = true
        this.#alone.push(known)
        this.#known.meet(known, this.#places[index])
      }
      this.#words[at] = cell.reference
      this.#words[at + 1] = known.number
    }
    this.cut(0)
  }

  /** False where none of these has been met outside of rows: there is nothing to claim. */
  mayHaveMet(objects: readonly object[]): boolean {
    return this.#known.hasAnyOf(objects)
  }

  /** The object is new in a row. False where it has a record in this pass; rows are asked first from now on. */
  claim(object: object): boolean {
    const known = this.#known.find(object)
    if (known === undefined) return true
    known.mayBeRow = true
    return !this.#known.isMet(known)
  }

  /** The pass was the capture. */
  endCapture(): void {
    for (const known of this.#alone) known.mayBeRow = false
    if (this.#alone.length > 0) this.#alone.length = 0
  }

  #writeRow({ rowList, rowPlace }: KnownObject, at: number): void {
    this.#words[at] = cell.rowReference
    this.#words[at + 1] = (rowList?.index ?? 0) * rowReferenceBase + rowPlace
  }
}
