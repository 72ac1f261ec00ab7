// Where two values first differ, as the state hash sees them (FL5): values, order of keys, classes, holes, aliases, cycles. A hash tells
// that two states are not the same; this tells people in what.

import { isDate } from './dates.ts'
import { fieldsOf, isObject } from './reflection.ts'
import { formatValue } from './value-format.ts'
import { formatStep } from './value-path.ts'
import type { PlaceStep } from './value-path.ts'

export interface Difference {
  /** From the root's name on: `state.tanks[3].hp`. */
  readonly path: string
  /** Both values in short; `absent` where one has none there. */
  readonly left: string
  readonly right: string
}

/** Two objects that stand at the same place. */
interface Pair {
  readonly left: object
  readonly right: object
  readonly step: PlaceStep
  readonly parent: Pair | undefined
}

type ClassNameOf = (prototype: object) => string

/**
 * The shallowest place at which `left` and `right` differ, undefined where they are the same; `root` names both. Fields in another order
 * are told of only where nothing else differs. Nothing recurses.
 */
export function firstDifference(
  left: unknown,
  right: unknown,
  root: string,
  classNameOf: ClassNameOf,
): Difference | undefined {
  return new Comparison(root, classNameOf).run(left, right)
}

class Comparison {
  readonly #root: string
  readonly #classNameOf: ClassNameOf
  readonly #partners = new Map<object, object>()
  readonly #partnersBack = new Map<object, object>()
  readonly #queue: Pair[] = []
  #found: Difference | undefined
  #order: Difference | undefined

  constructor(root: string, classNameOf: ClassNameOf) {
    this.#root = root
    this.#classNameOf = classNameOf
  }

  run(left: unknown, right: unknown): Difference | undefined {
    this.#compare(left, right, { kind: 'root' }, undefined)
    for (let index = 0; index < this.#queue.length && this.#found === undefined; index++) {
      const pair = this.#queue[index]
      if (pair !== undefined) this.#compareObjects(pair)
    }
    return this.#found ?? this.#order
  }

  #compare(left: unknown, right: unknown, step: PlaceStep, parent: Pair | undefined): void {
    if (this.#found !== undefined) return
    if (isObject(left) && isObject(right)) {
      const known = this.#partners.get(left)
      const knownBack = this.#partnersBack.get(right)
      if (known === undefined && knownBack === undefined) {
        this.#partners.set(left, right)
        this.#partnersBack.set(right, left)
        this.#queue.push({ left, right, step, parent })
      } else if (known !== right) {
        const here = known === undefined ? 'an object of its own' : 'the same object as elsewhere'
        const there = knownBack === undefined ? 'an object of its own' : 'the same object as elsewhere'
        this.#differ(here, there, step, parent)
      }
      return
    }
    // What state may not hold counts only as being there.
    const isOther = (value: unknown): boolean => typeof value === 'function' || typeof value === 'symbol'
    if (Object.is(left, right) || (isOther(left) && isOther(right))) return
    this.#differ(formatValue(left, { depth: 1 }), formatValue(right, { depth: 1 }), step, parent)
  }

  #compareObjects(pair: Pair): void {
    const { left, right } = pair
    const leftKind = this.#kindOf(left)
    const rightKind = this.#kindOf(right)
    if (leftKind !== rightKind) this.#differ(leftKind, rightKind, pair.step, pair.parent)
    else if (Array.isArray(left) && Array.isArray(right)) this.#compareArrays(left, right, pair)
    else if (left instanceof Map && right instanceof Map) this.#compareMaps(left, right, pair)
    else if (left instanceof Set && right instanceof Set) this.#compareSets(left, right, pair)
    else if (isDate(left) && isDate(right)) this.#compare(left.getTime(), right.getTime(), { kind: 'root' }, pair)
    else if (ArrayBuffer.isView(left) && ArrayBuffer.isView(right)) this.#compareViews(left, right, pair)
    else if (left instanceof ArrayBuffer && right instanceof ArrayBuffer)
      this.#compareElements(new Uint8Array(left), new Uint8Array(right), pair)
    else this.#compareFields(left, right, pair)
  }

  #compareFields(left: object, right: object, pair: Pair): void {
    const leftKeys = Object.keys(left)
    const rightKeys = Object.keys(right)
    const leftFields = fieldsOf(left)
    const rightFields = fieldsOf(right)
    const isReordered = leftKeys.length === rightKeys.length && leftKeys.some((key, index) => key !== rightKeys[index])
    for (const key of leftKeys) {
      const step = { kind: 'property', key } as const
      if (Object.hasOwn(right, key)) this.#compare(leftFields[key], rightFields[key], step, pair)
      else this.#differ(formatValue(leftFields[key]), 'absent', step, pair)
    }
    for (const key of rightKeys) {
      if (!Object.hasOwn(left, key))
        this.#differ('absent', formatValue(rightFields[key]), { kind: 'property', key }, pair)
    }
    if (isReordered)
      this.#order ??= {
        path: this.#pathOf(pair.step, pair.parent),
        left: `keys ${leftKeys.join(', ')}`,
        right: `keys ${rightKeys.join(', ')}`,
      }
  }

  #compareArrays(left: readonly unknown[], right: readonly unknown[], pair: Pair): void {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const step = { kind: 'property', key: index } as const
      if (index in left === index in right) this.#compare(left[index], right[index], step, pair)
      else this.#differ(index in left ? 'undefined' : 'a hole', index in right ? 'undefined' : 'a hole', step, pair)
    }
    this.#compareSizes(left.length, right.length, 'length', pair)
  }

  #compareMaps(left: ReadonlyMap<unknown, unknown>, right: ReadonlyMap<unknown, unknown>, pair: Pair): void {
    const others = right.entries()
    for (const [key, value] of left) {
      const other = others.next()
      if (other.done === true) break
      const [otherKey, otherValue] = other.value
      this.#compare(key, otherKey, { kind: 'map-key', key }, pair)
      this.#compare(value, otherValue, { kind: 'map-value', key }, pair)
    }
    this.#compareSizes(left.size, right.size, 'size', pair)
  }

  #compareSets(left: ReadonlySet<unknown>, right: ReadonlySet<unknown>, pair: Pair): void {
    const others = right.values()
    for (const value of left) {
      const other = others.next()
      if (other.done === true) break
      this.#compare(value, other.value, { kind: 'set-item' }, pair)
    }
    this.#compareSizes(left.size, right.size, 'size', pair)
  }

  #compareViews(left: ArrayBufferView, right: ArrayBufferView, pair: Pair): void {
    this.#compareSizes(left.byteOffset, right.byteOffset, 'byteOffset', pair)
    if (left instanceof DataView || right instanceof DataView) {
      this.#compareSizes(left.byteLength, right.byteLength, 'byteLength', pair)
      this.#compare(left.buffer, right.buffer, { kind: 'property', key: 'buffer' }, pair)
    } else {
      this.#compareElements(elementsOf(left), elementsOf(right), pair)
      // Which views share a buffer counts; what is in it was compared, and more of it follows where it is longer.
      this.#compare(left.buffer, right.buffer, { kind: 'property', key: 'buffer' }, pair)
    }
  }

  #compareElements(left: ArrayLike<unknown>, right: ArrayLike<unknown>, pair: Pair): void {
    const length = Math.min(left.length, right.length)
    for (let index = 0; index < length; index++) {
      if (Object.is(left[index], right[index])) continue
      this.#compare(left[index], right[index], { kind: 'property', key: index }, pair)
      return
    }
    this.#compareSizes(left.length, right.length, 'length', pair)
  }

  #compareSizes(left: number, right: number, key: string, pair: Pair): void {
    if (left !== right) this.#compare(left, right, { kind: 'property', key }, pair)
  }

  #differ(left: string, right: string, step: PlaceStep, parent: Pair | undefined): void {
    this.#found ??= { path: this.#pathOf(step, parent), left, right }
  }

  #pathOf(step: PlaceStep, parent: Pair | undefined): string {
    let path = formatStep(step)
    for (let pair = parent; pair !== undefined; pair = pair.parent) path = formatStep(pair.step) + path
    return this.#root + path
  }

  #kindOf(value: object): string {
    const prototype = Reflect.getPrototypeOf(value)
    if (Array.isArray(value)) return 'an array'
    if (value instanceof Map) return 'a Map'
    if (value instanceof Set) return 'a Set'
    if (isDate(value)) return 'a Date'
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `a ${value.constructor.name}`
    if (prototype === null || prototype === Object.prototype) return 'a plain object'
    return `an instance of ${this.#classNameOf(prototype)}`
  }
}

function elementsOf(view: ArrayBufferView): ArrayLike<unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every view but DataView, which the caller has excluded, is a list
  return view as ArrayBufferView & ArrayLike<unknown>
}
