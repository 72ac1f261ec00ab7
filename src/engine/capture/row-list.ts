// A list packed in rows, from capture to capture: the objects its rows were made of, and which of them are checked how.

import type { RowCode, RowShape, RowTexts } from './row-code.ts'

/** Whether an object is one of those a row is made of, by a full check. */
export type ShapeTest = (object: object, shape: RowShape) => boolean

/** Captures in which every row is checked in full once; and rows that are in any case. */
export const fullCheckRounds = 64
const minShare = 4

export class RowList {
  code: RowCode
  /** All objects of all rows, row by row. */
  objects: object[] = []
  /** The registry's id of each. */
  ids: number[] = []
  texts: RowTexts
  /** The pass in which it was packed last, and its number in that pass. */
  pass = -1
  index = 0
  /** One of its objects was claimed by another list, or stood alone: look at all of them. */
  isDoubted = false
  /** One of its objects stands elsewhere too. */
  isShared = false
  /** The capture in which it made a pass begin anew. */
  abortedIn = -1
  epoch: number
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

  /** As `PackRows`, with the first row of all at word `at`; of a long list, the keys of some are checked. */
  packRows(rows: readonly unknown[], from: number, words: Float64Array, at: number): number {
    const count = rows.length
    const share = this.#rowsPerCapture
    const keysFrom = count > share ? Math.min(count, this.#nextKeys) : 0
    const keysTo = count > share ? Math.min(count, keysFrom + share) : count
    let row = from
    if (row < keysFrom) row = this.#pack(false, rows, row, keysFrom, words, at)
    if (row >= keysFrom && row < keysTo) row = this.#pack(true, rows, row, keysTo, words, at)
    return row < keysTo || row === count ? row : this.#pack(false, rows, row, count, words, at)
  }

  #pack(areKeysChecked: boolean, rows: readonly unknown[], from: number, to: number, words: Float64Array, at: number) {
    const { code, objects, texts } = this
    const pack = areKeysChecked ? code.pack : code.packKnown
    return pack(rows, from, to, objects, this.#constructors, words, at + from * code.width, texts)
  }

  /** It has so many rows, all packed. */
  packed(count: number): void {
    this.objects.length = count * this.code.paths.length
    this.ids.length = this.objects.length
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
    const { shapes } = this.code
    for (let part = 0; part < shapes.length; part++) {
      const object = this.objects[row * shapes.length + part]
      const shape = shapes[part]
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

  /** Other columns, other ids: what strings stood where is forgotten. */
  forgetTexts(epoch: number): void {
    this.texts = emptyTexts(this.code)
    this.epoch = epoch
  }
}

function emptyTexts(code: RowCode): RowTexts {
  return {
    texts: Array.from({ length: code.textColumns }, () => []),
    ids: Array.from({ length: code.textColumns }, () => []),
  }
}
