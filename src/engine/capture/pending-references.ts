// References met in a pass before it is known what they refer to: objects that were part of rows in the last capture.

import type { Place } from './known-objects.ts'

export class PendingReferences {
  readonly #objects: object[] = []
  readonly #words: number[] = []
  readonly #places: Place[] = []

  get count(): number {
    return this.#objects.length
  }

  /** `at`: the word of its cell. */
  add(object: object, at: number, place: Place): void {
    this.#objects.push(object)
    this.#words.push(at)
    this.#places.push(place)
  }

  /** Back to so many. */
  cut(count: number): void {
    this.#objects.length = count
    this.#words.length = count
    this.#places.length = count
  }

  /** All of them, which are none then. */
  settle(write: (object: object, at: number, place: Place) => void): void {
    for (let index = 0; index < this.#objects.length; index++) {
      const object = this.#objects[index]
      const at = this.#words[index]
      if (object !== undefined && at !== undefined) write(object, at, this.#places[index])
    }
    this.cut(0)
  }
}
