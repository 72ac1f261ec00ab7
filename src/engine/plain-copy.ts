// Copies of plain data: aliases, cycles, holes, prototypes and buffers shared by views come out as they went in. Small
// trees of plain objects and arrays, which is what most messages are, take a short way without an identity map.

import { CoppiceError } from '../protocol/errors.ts'
import { copyDate, isDate } from './dates.ts'
import { construct, createObject, fieldsOf, isCallable, readProperty, type Callable } from './reflection.ts'
import { refusalOf, type ClassKind } from './state-rules.ts'
import { formatStep, type PlaceStep } from './value-path.ts'

export interface CopyRules {
  /** What the path in an error starts with; default `value`. */
  readonly root?: string
  /** As for the state; default: every class is unknown, so instances are refused. */
  readonly classOf?: (prototype: object) => ClassKind
}

/**
 * A copy that shares nothing with the value. What state may not hold (functions, symbols, promises, unknown classes,
 * shared memory) is refused with its path by a CoppiceError `invalid-state`. Frozen objects are copied unfrozen, and
 * accessors as the value they give.
 */
export function copyPlain<Value>(value: Value, rules?: CopyRules): Value
export function copyPlain(value: unknown, rules: CopyRules = {}): unknown {
  if (typeof value !== 'object' || value === null) {
    const refusal = refusalOf(value, isUnknown)
    if (refusal !== undefined) throw refused(`${rules.root ?? 'value'} ${refusal}`)
    return value
  }
  const copy = copySmall(value, [value], false)
  return copy === beyondSmall ? new GraphCopy(value, rules).run() : copy
}

/** A copy of what `copyPlain` gave, by the same rules: quicker, because what it refuses can't be in there. */
export function copyAgain(value: unknown, rules: CopyRules): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy = copySmall(value, [value], true)
  return copy === beyondSmall ? new GraphCopy(value, rules).run() : copy
}

function isUnknown(): ClassKind {
  return 'unknown'
}

function refused(message: string): CoppiceError {
  return new CoppiceError('invalid-state', message)
}

const beyondSmall: unique symbol = Symbol('beyond a small copy')
const smallObjects = 8
const smallLength = 64

/**
 * Copies a small tree of plain objects and arrays; gives `beyondSmall` for all that is anything else. `seen`: the objects met so far, this one
 * among them. `isKnown`: it is a copy of ours, which has no symbol keys.
 */
function copySmall(value: object, seen: object[], isKnown: boolean): object | typeof beyondSmall {
  const prototype = Reflect.getPrototypeOf(value)
  if (prototype === Object.prototype) return copySmallObject(value, seen, isKnown)
  if (prototype === Array.prototype && Array.isArray(value) && value.length <= smallLength)
    return copySmallArray(value, seen, isKnown)
  return beyondSmall
}

function copySmallObject(value: object, seen: object[], isKnown: boolean): object | typeof beyondSmall {
  if (!isKnown && Object.getOwnPropertySymbols(value).length > 0) return beyondSmall
  const copy: Record<string, unknown> = { ...value }
  for (const key in copy) {
    const item = copy[key]
    if (typeof item === 'object' && item !== null) {
      const inner = key === '__proto__' ? beyondSmall : copyInner(item, seen, isKnown)
      if (inner === beyondSmall) return beyondSmall
      copy[key] = inner
    } else if (typeof item === 'function' || typeof item === 'symbol') return beyondSmall
  }
  return copy
}

function copySmallArray(value: readonly unknown[], seen: object[], isKnown: boolean): object | typeof beyondSmall {
  const copy = value.slice()
  for (let index = 0; index < copy.length; index++) {
    const item = copy[index]
    if (typeof item === 'object' && item !== null) {
      const inner = copyInner(item, seen, isKnown)
      if (inner === beyondSmall) return beyondSmall
      copy[index] = inner
    } else if (typeof item === 'function' || typeof item === 'symbol') return beyondSmall
  }
  return copy
}

function copyInner(item: object, seen: object[], isKnown: boolean): object | typeof beyondSmall {
  // An object met twice is an alias or a cycle, which the general way preserves.
  if (seen.length >= smallObjects || seen.includes(item)) return beyondSmall
  seen.push(item)
  return copySmall(item, seen, isKnown)
}

/** The general way: a queue of objects to fill, each with its parent so that a refusal can say where. */
class GraphCopy {
  readonly #copies = new Map<object, object>()
  readonly #sources: object[] = []
  readonly #parents: number[] = []
  readonly #steps: PlaceStep[] = []
  readonly #root: unknown
  readonly #rootName: string
  readonly #classOf: (prototype: object) => ClassKind
  #present = -1

  constructor(root: object, rules: CopyRules) {
    this.#root = root
    this.#rootName = rules.root ?? 'value'
    this.#classOf = rules.classOf ?? isUnknown
  }

  run(): unknown {
    const copy = this.#copyOf(this.#root, { kind: 'root' })
    for (this.#present = 0; this.#present < this.#sources.length; this.#present++) {
      const source = this.#sources[this.#present]
      const target = source === undefined ? undefined : this.#copies.get(source)
      if (source !== undefined && target !== undefined) this.#fill(source, target)
    }
    return copy
  }

  /** The copy of a value; that of a new object is empty still, and queued. */
  #copyOf(value: unknown, step: PlaceStep): unknown {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function' || typeof value === 'symbol')
        this.#refuse(step, refusalOf(value, isUnknown) ?? '')
      return value
    }
    const known = this.#copies.get(value)
    if (known !== undefined) return known
    const refusal = refusalOf(value, this.#classOf)
    if (refusal !== undefined) this.#refuse(step, refusal)
    const copy = this.#emptyCopy(value, step)
    this.#copies.set(value, copy)
    this.#sources.push(value)
    this.#parents.push(this.#present)
    this.#steps.push(step)
    return copy
  }

  #emptyCopy(value: object, step: PlaceStep): object {
    const prototype = Reflect.getPrototypeOf(value)
    if (Array.isArray(value)) {
      const array: unknown[] = []
      array.length = value.length
      return array
    }
    if (value instanceof Map) return new Map()
    if (value instanceof Set) return new Set()
    if (isDate(value)) return copyDate(value)
    if (value instanceof ArrayBuffer) return value.slice(0)
    if (ArrayBuffer.isView(value)) return this.#copyView(value, step)
    // Its fields lead to the originals until it is filled.
    return prototype === Object.prototype ? { ...value } : createObject(prototype)
  }

  #copyView(view: ArrayBufferView, step: PlaceStep): object {
    const buffer = this.#copyOf(view.buffer, step)
    const length = readProperty(view, 'length')
    return construct(constructorOf(view), [
      buffer,
      view.byteOffset,
      typeof length === 'number' ? length : view.byteLength,
    ])
  }

  #fill(source: object, target: object): void {
    if (Array.isArray(source) && Array.isArray(target)) {
      for (let index = 0; index < source.length; index++) {
        const item: unknown = source[index]
        if (item !== undefined || index in source) target[index] = this.#copyOf(item, { kind: 'property', key: index })
      }
      return
    }
    if (source instanceof Map && target instanceof Map) {
      for (const [key, value] of source) {
        target.set(this.#copyOf(key, { kind: 'map-key', key }), this.#copyOf(value, { kind: 'map-value', key }))
      }
      return
    }
    if (source instanceof Set && target instanceof Set) {
      for (const item of source) target.add(this.#copyOf(item, { kind: 'set-item' }))
      return
    }
    if (isDate(source) || source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return
    const [symbol] = Object.getOwnPropertySymbols(source)
    if (symbol !== undefined)
      throw refused(`${this.#pathOf(this.#present)} has the symbol key ${String(symbol)}: use a string as key`)
    const from = fieldsOf(source)
    const to = fieldsOf(target)
    const isPlain = Reflect.getPrototypeOf(source) === Object.prototype
    for (const key of Object.keys(source)) {
      const item = isPlain ? to[key] : from[key]
      const type = typeof item
      if (isPlain && (type === 'number' || type === 'string')) continue
      const value = this.#copyOf(item, { kind: 'property', key })
      if (key === '__proto__') defineField(target, key, value)
      else to[key] = value
    }
  }

  #refuse(step: PlaceStep, refusal: string): never {
    throw refused(`${this.#pathOf(this.#present)}${formatStep(step)} ${refusal}`)
  }

  #pathOf(index: number): string {
    const steps: string[] = []
    for (let at = index; at > 0; at = this.#parents[at] ?? 0) {
      const step = this.#steps[at]
      if (step !== undefined) steps.push(formatStep(step))
    }
    return this.#rootName + steps.reverse().join('')
  }
}

function constructorOf(view: ArrayBufferView): Callable {
  const { constructor } = view
  if (!isCallable(constructor)) throw new TypeError('a view without constructor can not be copied')
  return constructor
}

function defineField(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}
