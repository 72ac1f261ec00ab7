// Which texts a list had at its last capture, with their ids: where the same text stands in the same place nothing is looked up.

import type { StringTable } from './string-table.ts'

/** Of one list. */
export class ListTexts {
  readonly #texts: string[] = []
  readonly #ids: number[] = []
  #epoch = -1

  /** Writes the ids of all values from word `at` on. False where one is no text. */
  write(values: readonly unknown[], words: Float64Array, at: number, strings: StringTable): boolean {
    const texts = this.#texts
    const ids = this.#ids
    if (this.#epoch !== strings.epoch) texts.length = 0
    this.#epoch = strings.epoch
    const count = values.length
    for (let index = 0; index < count; index++) {
      const value = values[index]
      if (typeof value !== 'string') return false
      if (value !== texts[index]) {
        texts[index] = value
        ids[index] = strings.intern(value)
      }
      words[at + index] = ids[index] ?? 0
    }
    texts.length = count
    return true
  }
}
