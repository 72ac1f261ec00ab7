// Walks a list along what it was in the last capture: which item stood where. Finds what stayed, what was removed and what
// came in between in a look or two each; an item it does not find counts as new, which costs time and is never wrong.

/** Old places looked at ahead of the expected one, while few items in a row were not found. */
const nearby = 32
const fewMisses = 16

export class Alignment {
  #old: readonly unknown[]
  readonly #stride: number
  readonly #count: number
  /** The old place that comes next where nothing changed. */
  #next: number
  /** Items in a row that were not found. */
  #misses = 0
  /** Old places that may be looked at far ahead, in all. */
  #budget: number

  /** Of the old list every `stride`-th element counts; items before `from` are where they were. */
  constructor(old: readonly unknown[], stride = 1, from = 0) {
    this.#next = from
    this.#old = old
    this.#stride = stride
    this.#count = Math.floor(old.length / stride)
    this.#budget = this.#count
  }

  /** The old list from now on: a copy of it. */
  moveTo(old: readonly unknown[]): void {
    this.#old = old
  }

  /** Where the item stood; −1 where it was not found. To be called for each index in turn: places only climb. */
  find(items: readonly unknown[], index: number): number {
    const item = items[index]
    if (this.#is(this.#next, item)) return this.#found(this.#next)
    // As many were replaced as came.
    if (this.#is(this.#next + this.#misses, item)) return this.#found(this.#next + this.#misses)
    if (this.#misses < fewMisses) {
      const place = this.#lookAhead(item, items[index + 1])
      if (place >= 0) return this.#found(place)
    }
    this.#misses++
    return -1
  }

  /** Of an item just found: how many from it on stand as they stood. The next to be found is the one behind them. */
  run(items: readonly unknown[], index: number): number {
    const old = this.#old
    const stride = this.#stride
    const most = Math.min(items.length - index, this.#count - this.#next + 1)
    let place = this.#next * stride
    let length = 1
    while (length < most && items[index + length] === old[place]) {
      length++
      place += stride
    }
    this.#next += length - 1
    return length
  }

  #is(place: number, item: unknown): boolean {
    return place < this.#count && this.#old[place * this.#stride] === item
  }

  #found(place: number): number {
    this.#next = place + 1
    this.#misses = 0
    return place
  }

  /** Far ahead only where the item after it follows there too: one that was moved is no stretch removed. */
  #lookAhead(item: unknown, following: unknown): number {
    const near = this.#next + nearby
    for (let place = this.#next + 1; place <= near; place++) if (this.#is(place, item)) return place
    for (let place = near + 1; place < this.#count && this.#budget > 0; place++, this.#budget--)
      if (this.#is(place, item)) return this.#is(place + 1, following) ? place : -1
    return -1
  }
}
