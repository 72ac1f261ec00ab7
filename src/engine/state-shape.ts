// The shape of a value that a state may hold: which fields, of which types, without the values (ML5). Shapes are what two
// versions of a module's `init` are compared by. Bounded: of long arrays and maps a sample is looked at.

import { isDate } from './dates.ts'
import { isObject, readProperty } from './reflection.ts'

/** Names the class of instances with this prototype; undefined for none that state may hold. */
export type ClassNames = (prototype: object) => string | undefined

/** `element` and `key` are undefined where the container is empty: nothing is known. */
export type Shape =
  /** Not looked into: cycles, what is nested too deep, what no state may hold. Equal to everything. */
  | { readonly kind: 'any' }
  | { readonly kind: 'nothing'; readonly type: 'null' | 'undefined' }
  | { readonly kind: 'primitive'; readonly type: 'number' | 'string' | 'boolean' | 'bigint' }
  /** Plain, or an instance of a workspace's class. */
  | { readonly kind: 'object'; readonly className: string | undefined; readonly fields: ReadonlyMap<string, Shape> }
  /** A plain object with so many keys that they are taken for data. */
  | { readonly kind: 'dictionary'; readonly element: Shape | undefined }
  | { readonly kind: 'array'; readonly element: Shape | undefined }
  | { readonly kind: 'map'; readonly key: Shape | undefined; readonly element: Shape | undefined }
  | { readonly kind: 'set'; readonly element: Shape | undefined }
  | { readonly kind: 'date' }
  /** ArrayBuffer and its views; `length` in elements. */
  | { readonly kind: 'buffer'; readonly type: string; readonly length: number }
  /** Elements that are not alike: what they are, in words, sorted. */
  | { readonly kind: 'mixed'; readonly variants: readonly string[] }

const depthLimit = 48
/** A plain object with more keys is a dictionary. */
const fieldLimit = 256
/** Elements looked at: fewer in arrays within arrays, so that the whole stays bounded. */
const sampleSizes: readonly number[] = [1024, 32, 8]
const any: Shape = { kind: 'any' }

/** The shape of `value`. Cost is bounded by the kinds of things in it, not by their number. */
export function shapeOf(value: unknown, classNames: ClassNames): Shape {
  return new ShapeReader(classNames).read(value, 0, 0)
}

/** Whether both hold the same fields of the same types; lengths do not count, nor what can't be known. */
export function isSameShape(left: Shape, right: Shape): boolean {
  if (left === right || left.kind === 'any' || right.kind === 'any') return true
  switch (left.kind) {
    case 'nothing':
      return right.kind === 'nothing'
    case 'primitive':
      return right.kind === 'primitive' && left.type === right.type
    case 'buffer':
      return right.kind === 'buffer' && left.type === right.type
    case 'date':
      return right.kind === 'date'
    case 'mixed':
      return right.kind === 'mixed' && left.variants.join() === right.variants.join()
    case 'object':
      return (
        right.kind === 'object' &&
        left.className === right.className &&
        left.fields.size === right.fields.size &&
        [...left.fields].every(([key, field]) => isSameIfKnown(field, right.fields.get(key), false))
      )
    case 'map':
      return (
        right.kind === 'map' &&
        isSameIfKnown(left.key, right.key, true) &&
        isSameIfKnown(left.element, right.element, true)
      )
    case 'array':
    case 'set':
    case 'dictionary':
      return right.kind === left.kind && isSameIfKnown(left.element, right.element, true)
  }
}

function isSameIfKnown(left: Shape | undefined, right: Shape | undefined, canBeMissing: boolean): boolean {
  if (left === undefined || right === undefined) return canBeMissing && left === right
  return isSameShape(left, right)
}

/** Whether `value` itself is of this kind; what it holds is not looked at. Nothing and anything are never refused. */
export function isOfKind(value: unknown, shape: Shape, classNames: ClassNames): boolean {
  switch (shape.kind) {
    case 'any':
    case 'mixed':
    case 'nothing':
      return true
    case 'primitive':
      return typeof value === shape.type
    case 'array':
      return Array.isArray(value)
    case 'map':
      return value instanceof Map
    case 'set':
      return value instanceof Set
    case 'date':
      return isDate(value)
    case 'buffer':
      return isObject(value) && bufferType(value) === shape.type
    case 'object':
      return isInstance(value, shape.className, classNames)
    case 'dictionary':
      return isInstance(value, undefined, classNames)
  }
}

/** A plain object where no class is named; else an instance of the class or of one that extends it. */
export function isInstance(value: unknown, className: string | undefined, classNames: ClassNames): value is object {
  if (!isObject(value)) return false
  const prototype = Reflect.getPrototypeOf(value)
  if (className === undefined) return prototype === Object.prototype || prototype === null
  for (let link = prototype; link !== null && link !== Object.prototype; link = Reflect.getPrototypeOf(link)) {
    if (classNames(link) === className) return true
  }
  return false
}

/** `number`, `{ x, y }`, `Tank[]`, `Map<string, Tank>`: as short as a type can be said. */
export function shapeWords(shape: Shape | undefined): string {
  if (shape === undefined) return 'unknown'
  switch (shape.kind) {
    case 'any':
      return 'unknown'
    case 'nothing':
    case 'primitive':
    case 'buffer':
      return shape.type
    case 'date':
      return 'Date'
    case 'mixed':
      return shape.variants.join(' | ')
    case 'object':
      return (
        shape.className ?? `{ ${[...shape.fields.keys()].slice(0, 6).join(', ')}${shape.fields.size > 6 ? ', …' : ''} }`
      )
    case 'dictionary':
      return `Record<string, ${shapeWords(shape.element)}>`
    case 'array':
      return shape.element?.kind === 'mixed' ? `(${shapeWords(shape.element)})[]` : `${shapeWords(shape.element)}[]`
    case 'map':
      return `Map<${shapeWords(shape.key)}, ${shapeWords(shape.element)}>`
    case 'set':
      return `Set<${shapeWords(shape.element)}>`
  }
}

class ShapeReader {
  readonly #classNames: ClassNames
  readonly #known = new Map<object, Shape>()
  readonly #open = new Set<object>()

  constructor(classNames: ClassNames) {
    this.#classNames = classNames
  }

  read(value: unknown, depth: number, containers: number): Shape {
    switch (typeof value) {
      case 'number':
        return primitives.number
      case 'string':
        return primitives.string
      case 'boolean':
        return primitives.boolean
      case 'bigint':
        return primitives.bigint
      case 'undefined':
        return { kind: 'nothing', type: 'undefined' }
      case 'object':
        return value === null ? { kind: 'nothing', type: 'null' } : this.#readObject(value, depth, containers)
      default:
        return any
    }
  }

  #readObject(value: object, depth: number, containers: number): Shape {
    if (depth > depthLimit || this.#open.has(value)) return any
    const known = this.#known.get(value)
    if (known !== undefined) return known
    this.#open.add(value)
    const shape = this.#readNew(value, depth + 1, containers)
    this.#open.delete(value)
    this.#known.set(value, shape)
    return shape
  }

  #readNew(value: object, depth: number, containers: number): Shape {
    const size = sampleSizes[containers] ?? 4
    const element = (items: Iterable<unknown>): Shape | undefined => this.#join(items, depth, containers + 1)
    if (Array.isArray(value)) return { kind: 'array', element: element(sampleOf(value, size)) }
    if (value instanceof Map)
      return { kind: 'map', key: element(first(value.keys(), size)), element: element(first(value.values(), size)) }
    if (value instanceof Set) return { kind: 'set', element: element(first(value, size)) }
    if (isDate(value)) return { kind: 'date' }
    const buffer = bufferType(value)
    if (buffer !== undefined) {
      const length = readProperty(value, 'length') ?? readProperty(value, 'byteLength')
      return { kind: 'buffer', type: buffer, length: typeof length === 'number' ? length : 0 }
    }
    const prototype = Reflect.getPrototypeOf(value)
    const isPlain = prototype === Object.prototype || prototype === null
    const className = isPlain ? undefined : this.#classNames(prototype)
    if (!isPlain && className === undefined) return any
    const keys = Object.keys(value)
    if (isPlain && keys.length > fieldLimit) {
      const items = keys.slice(0, size).map((key) => readProperty(value, key))
      return { kind: 'dictionary', element: element(items) }
    }
    const fields = new Map(keys.map((key) => [key, this.read(readProperty(value, key), depth, containers)]))
    return { kind: 'object', className, fields }
  }

  #join(items: Iterable<unknown>, depth: number, containers: number): Shape | undefined {
    let joined: Shape | undefined
    for (const item of items) {
      const shape = this.read(item, depth, containers)
      joined = joined === undefined ? shape : joinShapes(joined, shape)
    }
    return joined
  }
}

const primitives = {
  number: { kind: 'primitive', type: 'number' },
  string: { kind: 'primitive', type: 'string' },
  boolean: { kind: 'primitive', type: 'boolean' },
  bigint: { kind: 'primitive', type: 'bigint' },
} as const satisfies Record<string, Shape>

/** What both are, or `mixed`. */
function joinShapes(left: Shape, right: Shape): Shape {
  if (left === right || left.kind === 'any' || right.kind === 'nothing') return left
  if (right.kind === 'any' || left.kind === 'nothing') return right
  if (left.kind === 'object' && right.kind === 'object') {
    if (left.className === right.className && left.fields.size === right.fields.size) {
      const fields = joinFields(left.fields, right.fields)
      if (fields !== undefined) return fields === left.fields ? left : { ...left, fields }
    }
  } else if (left.kind === 'map' && right.kind === 'map') {
    return {
      kind: 'map',
      key: joinIfKnown(left.key, right.key),
      element: joinIfKnown(left.element, right.element),
    }
  } else if (
    (left.kind === 'array' && right.kind === 'array') ||
    (left.kind === 'set' && right.kind === 'set') ||
    (left.kind === 'dictionary' && right.kind === 'dictionary')
  ) {
    return { ...left, element: joinIfKnown(left.element, right.element) }
  } else if (isSameShape(left, right)) return left
  return { kind: 'mixed', variants: [...new Set([...variantsOf(left), ...variantsOf(right)])].toSorted() }
}

function joinFields(
  left: ReadonlyMap<string, Shape>,
  right: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Shape> | undefined {
  let changed: Map<string, Shape> | undefined
  for (const [key, field] of left) {
    const other = right.get(key)
    if (other === undefined) return undefined
    const joined = joinShapes(field, other)
    if (joined === field) continue
    changed ??= new Map(left)
    changed.set(key, joined)
  }
  return changed ?? left
}

function joinIfKnown(left: Shape | undefined, right: Shape | undefined): Shape | undefined {
  return left === undefined || right === undefined ? (left ?? right) : joinShapes(left, right)
}

function variantsOf(shape: Shape): readonly string[] {
  if (shape.kind === 'mixed') return shape.variants
  if (shape.kind !== 'object') return [shapeWords(shape)]
  const fields = [...shape.fields].map(([key, field]) => `${key}: ${shapeWords(field)}`)
  return [`${shape.className ?? ''}{ ${fields.join(', ')} }`]
}

/** All, or the first half of `size` and as many more at even distances. */
function* sampleOf(array: readonly unknown[], size: number): Generator<unknown> {
  if (array.length <= size) {
    yield* array
    return
  }
  const half = size / 2
  for (let index = 0; index < half; index++) yield array[index]
  const distance = (array.length - half) / half
  for (let step = 0; step < half; step++) yield array[Math.floor(half + step * distance)]
}

function* first(items: Iterable<unknown>, size: number): Generator<unknown> {
  let count = 0
  for (const item of items) {
    if (count++ === size) return
    yield item
  }
}

/** `Float32Array`, `DataView`, `ArrayBuffer` …; undefined for all else. */
function bufferType(value: object): string | undefined {
  if (value instanceof ArrayBuffer) return 'ArrayBuffer'
  return ArrayBuffer.isView(value) ? Object.prototype.toString.call(value).slice(8, -1) : undefined
}
