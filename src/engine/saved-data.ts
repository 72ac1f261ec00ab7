// What modules find as `saved` when their `init` runs: as it came from outside, and what they saved since. It belongs to no program and is
// no part of the hash: what an `init` was told of it is an input, and kept with it.

import { CoppiceError } from '../protocol/errors.ts'
import type { SavedData, SavedEntry, SavedValues } from '../protocol/saved.ts'
import { describeType } from './definition.ts'
import { copyPlain } from './plain-copy.ts'
import { formatProperty } from './value-path.ts'

export const nothingSaved: SavedValues = {}

/** The saved data of one engine. */
export class Saved {
  #data = new Map<string, SavedValues>()

  /** In place of all there was. */
  set(data: SavedData): void {
    this.#data = new Map(Object.entries(data).filter(([, values]) => Object.keys(values).length > 0))
  }

  /** It left the program. */
  keep({ module, key, data }: SavedEntry): void {
    const values = Object.entries(this.of(module)).filter(([known]) => known !== key)
    this.#data.set(module, Object.fromEntries([...values, [key, data]]))
  }

  /** Never changed: a later save makes another object. */
  of(module: string): SavedValues {
    return this.#data.get(module) ?? nothingSaved
  }
}

/** What `init` is handed: a copy, its own. */
export function forInit(saved: SavedValues): SavedValues {
  return saved === nothingSaved ? {} : copyPlain(saved)
}

/**
 * A copy of what is to be saved: what JSON can hold, which is what a file gives back. Fields that are undefined are left out. Throws
 * `invalid-state` with the path to what it can't: `save:game: data.players is a Map`.
 */
export function copyForSaving(topic: string, data: unknown): unknown {
  return new JsonCopy(topic).copy(data, 'data')
}

class JsonCopy {
  readonly #topic: string
  readonly #around = new Set<object>()

  constructor(topic: string) {
    this.#topic = topic
  }

  copy(value: unknown, path: string): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#refuse(path, `is ${value}`)
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value
    if (typeof value !== 'object') return this.#refuse(path, `is ${describeType(value)}`)
    if (this.#around.has(value)) return this.#refuse(path, 'holds itself')
    this.#around.add(value)
    const copy = Array.isArray(value)
      ? Array.from(value, (item: unknown, index) => this.copy(item, path + formatProperty(index)))
      : this.#copyObject(value, path)
    this.#around.delete(value)
    return copy
  }

  #copyObject(value: object, path: string): unknown {
    const prototype: unknown = Reflect.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) {
      const maker: unknown = Reflect.get(value, 'constructor')
      return this.#refuse(
        path,
        `is a ${typeof maker === 'function' && maker.name !== '' ? maker.name : 'class instance'}`,
      )
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, this.copy(item, path + formatProperty(key))]),
    )
  }

  #refuse(path: string, what: string): never {
    throw new CoppiceError(
      'invalid-state',
      `${this.#topic}: ${path} ${what}. Saved data holds what JSON can: numbers, texts, true and false, null, lists and plain objects.`,
    )
  }
}
