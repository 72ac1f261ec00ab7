// The objects of one part's state that have a record of their own, or are referred to as parts of rows, from capture to capture:
// what kind each is, which keys it has. One that was met before is checked quickly, and in full in every 64th capture.

import type { ObjectKind } from './class-names.ts'
import { ListTexts } from './list-texts.ts'
import type { RowList } from './row-list.ts'
import type { Shape } from './shape-index.ts'

/** Where a container was met: stays the same where a state puts a new container in place of the old one. */
export type Place = number | undefined

/** Captures from one full check of a known object to the next. */
export const fullCheckEvery = 64

/** So many are looked for in a long list rather than the other way round. */
const fewObjects = 8

/** Captures for which one that is not asked for is kept. */
const keptCaptures = 16

/** An object that something refers to. */
export class KnownObject {
  readonly object: object
  /** The pass in which it was asked for last. */
  asked = -1
  /** It has been part of a row, or looks like one: rows are asked first. */
  mayBeRow = false
  /** Where it was part of a row last: a place in the list's `objects`. */
  rowList: RowList | undefined = undefined
  rowPlace = -1
  /** The pass in which it was met last, its number in it, and where. */
  pass = -1
  number = -1
  place: Place = undefined
  /** As the last full check found it; undefined before the first. */
  kind: ObjectKind | undefined = undefined
  /** Of plain objects and instances: which keys it had, and what its `constructor` was. */
  shape: Shape | undefined = undefined
  constructedBy: unknown = undefined
  #texts: ListTexts | undefined
  #keyTexts: ListTexts | undefined

  constructor(object: object) {
    this.object = object
  }

  /** Of its items. */
  get texts(): ListTexts {
    return (this.#texts ??= new ListTexts())
  }

  /** Of its keys, where it has any as values. */
  get keyTexts(): ListTexts {
    return (this.#keyTexts ??= new ListTexts())
  }
}

/** All of one part's. Those that a capture does not meet are forgotten. */
export class KnownObjects {
  readonly #known = new Map<object, KnownObject>()
  /** In the order in which they are met in this pass: their numbers are indices. */
  readonly met: KnownObject[] = []
  #pass = 0
  #askedCount = 0
  #captures = 0

  beginPass(): void {
    this.#pass++
    this.#askedCount = 0
    if (this.met.length > 0) this.met.length = 0
  }

  /** Undefined for one that was never asked for, or not since long. */
  find(object: object): KnownObject | undefined {
    return this.#known.get(object)
  }

  /** Whether one of these may have been asked for. */
  hasAnyOf(objects: readonly object[]): boolean {
    if (this.#known.size > fewObjects) return true
    for (const object of this.#known.keys()) if (objects.includes(object)) return true
    return false
  }

  add(object: object): KnownObject {
    const known = new KnownObject(object)
    this.#known.set(object, known)
    return known
  }

  /** It is not forgotten after this capture. */
  ask(known: KnownObject): void {
    if (known.asked === this.#pass) return
    known.asked = this.#pass
    this.#askedCount++
  }

  /** It has a record in this pass. */
  isMet(known: KnownObject): boolean {
    return known.pass === this.#pass
  }

  /** Met for the first time in this pass. */
  meet(known: KnownObject, place: Place): void {
    this.ask(known)
    known.pass = this.#pass
    known.place = place
    known.number = this.met.push(known) - 1
  }

  /** The pass was the capture. What it did not ask for may come back soon: it stays a while, where it is not much. */
  endCapture(): void {
    const left = this.#known.size - this.#askedCount
    if (left === 0 || (++this.#captures % keptCaptures > 0 && left < this.#askedCount * 3)) return
    for (const [object, known] of this.#known) if (known.asked !== this.#pass) this.#known.delete(object)
  }
}
