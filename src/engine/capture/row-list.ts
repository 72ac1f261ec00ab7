// A list packed in rows, from capture to capture: the objects its rows were made of, and which of them are checked how.

import { Alignment } from './alignment.ts'
import type { RowCode, RowShape, RowTexts } from './row-code.ts'

/** Whether an object is one of those a row is made of, by a full check. */
export type ShapeTest = (object: object, shape: RowShape) => boolean

/** Captures in which every row is checked in full once; and rows that are in any case. */
export const fullCheckRounds = 64
const minShare = 4
/** Stands where no object is. */
const nothing: object = {}

export class RowList {
  code: RowCode
  /** All objects of all rows, row by row. */
  objects: object[] = []
  texts: RowTexts
  /** The pass in which it was packed last, its number in that pass, and the word of its first row. */
  pass = -1
  index = 0
  start = 0
  /** Rows with objects that may be in another row, its own or another list's, of those packed with it. */
  unproven: 'none' | 'fresh' | 'all' = 'all'
  /** The capture in which it made a pass begin anew. */
  abortedIn = -1
  epoch: number
  /** 1 for each row whose objects are new in their place. */
  #fresh = new Uint8Array(0)
  #hasFresh = false
  /** Rows to take as new where one more turns out to be. */
  #freshRun = 1
  /** `objects` are those of a capture. */
  #isSettled = true
  /** What `constructor` gave for each object of a row when one was checked in full. */
  readonly #constructors: unknown[] = []
  readonly #keysPerCapture: number
  /** Rows before this one were checked in full in this round; and of their keys. */
  #nextChecked = 0
  #nextKeys = 0

  constructor(code: RowCode, epoch: number, keysPerCapture: number) {
    this.#keysPerCapture = keysPerCapture
    this.code = code
    this.texts = emptyTexts(code)
    this.epoch = epoch
  }

  /** Before the rows of a pass. */
  begin(count: number, epoch: number): void {
    if (this.epoch !== epoch) this.#forgetTexts(epoch)
    // Which they were is not known any more.
    if (this.unproven === 'fresh') this.unproven = 'all'
    this.#clearFresh()
    if (!this.#isSettled) this.forgetObjects()
    this.#isSettled = false
    this.#freshRun = 1
    if (this.#fresh.length < count) this.#fresh = new Uint8Array(count + (count >>> 1))
  }

  /** As `PackRows`, with the first row of all at word `at`; of a long list, the keys of some known rows are checked. */
  packRows(rows: readonly unknown[], from: number, words: Float64Array, at: number): number {
    const count = rows.length
    if (!this.#hasFresh) return this.#packKnown(rows, from, count, words, at)
    const fresh = this.#fresh
    let row = from
    while (row < count) {
      const isFresh = fresh[row] === 1
      const end = fresh.indexOf(isFresh ? 0 : 1, row)
      const to = end < 0 ? count : Math.min(end, count)
      row = isFresh
        ? this.#pack(this.code.packNew, rows, row, to, words, at)
        : this.#packKnown(rows, row, to, words, at)
      if (row < to) return row
    }
    return count
  }

  #packKnown(rows: readonly unknown[], from: number, to: number, words: Float64Array, at: number): number {
    const count = rows.length
    const share = this.#rowsPerCapture
    const keysFrom = count > share ? Math.min(to, this.#nextKeys) : 0
    const keysTo = count > share ? Math.min(to, keysFrom + share) : to
    const { code } = this
    let row = from
    if (row < keysFrom) row = this.#pack(code.packKnown, rows, row, keysFrom, words, at)
    if (row >= keysFrom && row < keysTo) row = this.#pack(code.pack, rows, row, keysTo, words, at)
    return row < keysTo || row === to ? row : this.#pack(code.packKnown, rows, row, to, words, at)
  }

  #pack(
    pack: RowCode['pack'],
    rows: readonly unknown[],
    from: number,
    to: number,
    words: Float64Array,
    at: number,
  ): number {
    return pack(rows, from, to, this.objects, this.#constructors, words, at + from * this.code.width, this.texts)
  }

  /**
   * From this row on others stand where they stood: finds where each was, or takes it as new. Rows mostly move towards the start,
   * where they can be put in their new places one after the other; else that is done from a copy.
   */
  align(rows: readonly unknown[], from: number): void {
    const { objects, texts } = this
    const width = this.code.paths.length
    const count = rows.length
    const alignment = new Alignment(objects, width, from)
    const fresh = this.#fresh.fill(0, from, count)
    let old = objects
    let oldTexts = texts
    for (let row = from; row < count;) {
      const place = alignment.find(rows, row)
      if (place < 0) {
        // Its texts may well be those of the row that was here.
        fresh[row++] = 1
        continue
      }
      if (place < row && old === objects) {
        old = objects.slice()
        oldTexts = {
          texts: texts.texts.map((column) => column.slice()),
          ids: texts.ids.map((column) => column.slice()),
        }
        alignment.moveTo(old)
      }
      const length = alignment.run(rows, row)
      if (place !== row || old !== objects) {
        copy(old, place * width, objects, row * width, length * width)
        for (let column = 0; column < texts.texts.length; column++) {
          copy(oldTexts.texts[column] ?? [], place, texts.texts[column] ?? [], row, length)
          copy(oldTexts.ids[column] ?? [], place, texts.ids[column] ?? [], row, length)
        }
      }
      row += length
    }
    const firstFresh = fresh.indexOf(1, from)
    if (firstFresh < 0 || firstFresh >= count) return
    this.#noteFresh()
    for (let row = firstFresh; row < count; row++)
      if (fresh[row] === 1) for (let part = 0; part < width; part++) objects[row * width + part] = nothing
  }

  /** The objects in it are others than they were: of this row, and more the more often that is found. */
  refresh(row: number, count: number): void {
    const end = Math.min(count, row + this.#freshRun)
    this.#freshRun *= 2
    this.#fresh.fill(1, row, end)
    this.#noteFresh()
  }

  #noteFresh(): void {
    this.#hasFresh = true
    if (this.unproven === 'none') this.unproven = 'fresh'
  }

  #clearFresh(): void {
    if (this.#hasFresh) this.#fresh.fill(0)
    this.#hasFresh = false
  }

  /** The first row from this one on that was new in the last pass; `count` where there is none. */
  nextFresh(row: number, count: number): number {
    if (row < count && this.isFresh(row)) return row
    const next = this.#hasFresh ? this.#fresh.indexOf(1, row) : -1
    return next < 0 ? count : Math.min(next, count)
  }

  /** In the last pass. */
  isFresh(row: number): boolean {
    return this.#hasFresh && this.#fresh[row] === 1
  }

  get hasFresh(): boolean {
    return this.#hasFresh
  }

  /** It has so many rows, all packed, and nothing speaks against them. */
  packed(count: number): void {
    this.objects.length = count * this.code.paths.length
    for (const column of this.texts.texts) column.length = Math.min(column.length, count)
    for (const column of this.texts.ids) column.length = Math.min(column.length, count)
    this.#isSettled = true
    const next = this.#nextKeys + this.#rowsPerCapture
    this.#nextKeys = next >= count ? 0 : next
  }

  get #rowsPerCapture(): number {
    return Math.floor(this.#keysPerCapture / this.code.paths.length)
  }

  /** Captures in which the keys of all rows are checked once. */
  get rounds(): number {
    return Math.ceil(this.objects.length / this.code.paths.length / this.#rowsPerCapture)
  }

  /** Checks some rows in full, others in each capture; gives the first that is not what it was. */
  findOdd(count: number, isShaped: ShapeTest): number | undefined {
    const share = Math.min(count, Math.max(minShare, Math.ceil(count / fullCheckRounds)))
    for (let checked = 0; checked < share; checked++) {
      const row = this.#nextChecked < count ? this.#nextChecked : 0
      if (!this.isRowShaped(row, isShaped)) return row
      this.#nextChecked = row + 1
    }
    return undefined
  }

  isRowShaped(row: number, isShaped: ShapeTest): boolean {
    const { parts } = this.code
    for (let part = 0; part < parts.length; part++) {
      const object = this.objects[row * parts.length + part]
      const shape = parts[part]?.shape
      if (object === undefined || shape === undefined || !isShaped(object, shape)) return false
    }
    return true
  }

  /** Whether the row is made of the objects the list has for it. */
  hasObjects(row: number, first: unknown): boolean {
    const { paths } = this.code
    return paths.every((path, part) => {
      let object: unknown = first
      for (const key of path)
        object = typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined
      return object !== undefined && this.objects[row * paths.length + part] === object
    })
  }

  /** The row was checked in full. False where the constructors are what they were. */
  noteConstructors(row: number): boolean {
    const width = this.code.paths.length
    let isNew = false
    for (let part = 0; part < width; part++) {
      const constructor: unknown = this.objects[row * width + part]?.constructor
      isNew ||= this.#constructors[part] !== constructor
      this.#constructors[part] = constructor
    }
    return isNew
  }

  /** Its rows are laid out otherwise from now on. */
  use(code: RowCode): void {
    const { paths } = this.code
    this.code = code
    this.#forgetTexts(this.epoch)
    if (code.paths.length !== paths.length) this.forgetObjects()
  }

  /** All rows are new at the next pass. */
  forgetObjects(): void {
    this.objects.length = 0
    this.unproven = 'all'
    this.#clearFresh()
  }

  /** Other columns, other ids: what strings stood where is forgotten. */
  #forgetTexts(epoch: number): void {
    this.texts = emptyTexts(this.code)
    this.epoch = epoch
  }
}

/** What is behind the end of `from` leaves what is there, or nothing. */
function copy<Item>(from: readonly Item[], at: number, to: Item[], toAt: number, count: number): void {
  const end = Math.min(count, from.length - at)
  for (let index = 0; index < end; index++) {
    const item = from[at + index]
    if (item !== undefined) to[toAt + index] = item
  }
}

function emptyTexts(code: RowCode): RowTexts {
  return {
    texts: Array.from({ length: code.textColumns }, () => []),
    ids: Array.from({ length: code.textColumns }, () => []),
  }
}
