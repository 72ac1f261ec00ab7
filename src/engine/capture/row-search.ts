// Where in the rows of a pass an object is: looked for in all of them, or, where many are asked for, in an index made for the pass.

import type { KnownObject } from './known-objects.ts'
import type { RowList } from './row-list.ts'

/** Searches of all rows before an index is made. */
const fewSearches = 8

export class RowSearch {
  /** Packed in the present pass. */
  readonly #lists: readonly RowList[]
  /** By object: the number of its list, and the place in it. */
  readonly #index = new Map<object, { readonly list: RowList; readonly place: number }>()
  #indexed = 0
  #searches = 0

  constructor(lists: readonly RowList[]) {
    this.#lists = lists
  }

  /** The lists are others. */
  clear(): void {
    if (this.#searches === 0) return
    this.#index.clear()
    this.#indexed = 0
    this.#searches = 0
  }

  /** Whether the object is there; it knows where then. */
  find(known: KnownObject): boolean {
    if (this.#searches++ >= fewSearches) return this.#findByIndex(known)
    for (const list of this.#lists) {
      const place = list.objects.indexOf(known.object)
      if (place < 0) continue
      known.rowList = list
      known.rowPlace = place
      return true
    }
    return false
  }

  #findByIndex(known: KnownObject): boolean {
    for (; this.#indexed < this.#lists.length; this.#indexed++) {
      const list = this.#lists[this.#indexed]
      for (const [place, object] of (list?.objects ?? []).entries())
        if (list !== undefined) this.#index.set(object, { list, place })
    }
    const found = this.#index.get(known.object)
    if (found === undefined) return false
    known.rowList = found.list
    known.rowPlace = found.place
    return true
  }
}
