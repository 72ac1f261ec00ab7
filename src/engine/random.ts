// Seeded random streams. A stream belongs to (seed, module, phase) and starts anew each frame, so that the same frame
// always draws the same numbers, whatever ran before it. Generator: sfc32 (Chris Doty-Humphrey, PractRand).

import ln from '@stdlib/math-base-special-ln'
import type { Random } from '../protocol/module.ts'
import { hashText, mixWord } from './word-mixing.ts'

type RandomMethods = Pick<Random, 'range' | 'integer' | 'pick' | 'normal' | 'shuffle'>

/** A stream for one call; for the frame loop, keep a `RandomStream` and reset it instead. */
export function createRandom(seed: number, module: string, phase: string, frame: number): Random {
  const stream = new RandomStream(module, phase)
  stream.reset(seed, frame)
  return stream.random
}

/** A reusable stream. `random` is handed to the module; `reset` puts it at the start of a frame, allocating nothing. */
export class RandomStream {
  readonly random: Random
  readonly #moduleWord: number
  readonly #phaseWord: number
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  constructor(module: string, phase: string) {
    this.#moduleWord = hashText(module, 0x9e3779b9)
    this.#phaseWord = hashText(phase, 0x85ebca6b)
    this.random = this.#createRandom()
    this.reset(0, 0)
  }

  /** `seed` and `frame` are taken as unsigned 32-bit integers. */
  reset(seed: number, frame: number): void {
    let word = mixWord(seed | 0, 0x2545f491)
    word = mixWord(word ^ this.#moduleWord, 0x1b873593)
    this.#a = word
    word = mixWord(word ^ this.#phaseWord, 0x38b34ae5)
    this.#b = word
    word = mixWord(word ^ (frame | 0), 0x7feb352d)
    this.#c = word
    this.#counter = 1
    // Twelve rounds let every seed bit reach every state bit.
    for (let round = 0; round < 12; round++) this.nextWord()
  }

  /** The next 32 bits, as a signed integer. */
  nextWord(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum
  }

  /** 0 ≤ x < 1, 53 bits. */
  next(): number {
    const high = this.nextWord() >>> 5
    const low = this.nextWord() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  #createRandom(): Random {
    const next = (): number => this.next()
    const integer = (low: number, high: number): number => {
      const first = Math.ceil(low)
      const last = Math.floor(high)
      if (!(first <= last))
        throw new RangeError(`random.integer(${low}, ${high}): there is no whole number from ${low} to ${high}`)
      return first + Math.floor(next() * (last - first + 1))
    }
    const methods: RandomMethods = {
      range: (low, high) => {
        const value = low + (high - low) * next()
        // Rounding can reach the upper bound, which is excluded.
        return value >= high && high > low ? low : value
      },
      integer,
      pick: <Item>(items: readonly Item[]): Item => {
        if (items.length === 0) throw new RangeError('random.pick needs at least one item')
        return itemAt(items, Math.floor(next() * items.length))
      },
      normal: (mean = 0, deviation = 1) => {
        // Marsaglia's polar method: arithmetic, ln and √ only, all of them portable.
        for (;;) {
          const u = 2 * next() - 1
          const v = 2 * next() - 1
          const square = u * u + v * v
          if (square > 0 && square < 1) return mean + deviation * (u * Math.sqrt((-2 * ln(square)) / square))
        }
      },
      shuffle: <Item>(items: readonly Item[]): Item[] => {
        const result = items.slice()
        for (let index = result.length - 1; index > 0; index--) {
          const other = Math.floor(next() * (index + 1))
          const kept = itemAt(result, index)
          result[index] = itemAt(result, other)
          result[other] = kept
        }
        return result
      },
    }
    return Object.assign(next, methods)
  }
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the index is in range, and Item may include undefined
  return items[index] as Item
}
