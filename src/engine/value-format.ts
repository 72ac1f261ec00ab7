// One-line previews of values, bounded in depth and length, as a console or a collapsed tree node shows them. Never runs
// code of the value's: accessors are not called.

import { isDate, isDatePrototype } from './dates.ts'

export interface FormatLimits {
  /** Levels of containers whose entries are shown; default 2. */
  readonly depth?: number
  /** Entries shown per container; default 8. */
  readonly entries?: number
  /** Characters in all, more or less; default 200. */
  readonly length?: number
  /** Names classes; default: the constructor's name. */
  readonly classNameOf?: (prototype: object) => string
}

/** Console arguments as one text: strings bare, all else as previews; `%s %d %i %f %o %O %j %c` in the first are filled. */
export function formatValues(values: readonly unknown[], limits: FormatLimits = {}): string {
  const bounds = { depth: 3, entries: 20, length: 2000, ...limits }
  const [first, ...rest] = values
  const parts: string[] = []
  let remaining: readonly unknown[] = values
  if (typeof first === 'string' && first.includes('%') && rest.length > 0) {
    const filled = fillTemplate(first, rest, bounds)
    parts.push(filled.text)
    remaining = rest.slice(filled.used)
  }
  for (const value of remaining) parts.push(typeof value === 'string' ? value : formatValue(value, bounds))
  return cut(parts.join(' '), Math.max(bounds.length, 10_000))
}

/** One value as one line: `{ id: 0, x: 12.4, … }`, `[1, 2, 3, … 97 more]`, `Tank { hp: 3 }`, `Map(2) { "a" → 1, … }`. */
export function formatValue(value: unknown, limits: FormatLimits = {}): string {
  return new Preview(limits).format(value)
}

/** The name of a value's class as the tree shows it; undefined for plain objects, arrays and primitives. */
export function classNameOfValue(
  value: object,
  classNameOf: (prototype: object) => string = constructorName,
): string | undefined {
  const prototype = Reflect.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null) return undefined
  return isDatePrototype(prototype) ? 'Date' : classNameOf(prototype) || undefined
}

function constructorName(prototype: object): string {
  const constructor: unknown =
    Reflect.getOwnPropertyDescriptor(prototype, 'constructor')?.value ?? Reflect.get(prototype, 'constructor')
  return typeof constructor === 'function' ? constructor.name : ''
}

/** The text of a primitive; strings quoted. */
export function formatPrimitive(value: unknown, maxLength = 100): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(cut(value, maxLength))
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'symbol':
      return String(value)
    default:
      return String(value)
  }
}

class Preview {
  readonly #depth: number
  readonly #entries: number
  readonly #maxLength: number
  readonly #classNameOf: (prototype: object) => string
  readonly #open = new Set<object>()
  #length = 0

  constructor(limits: FormatLimits) {
    this.#depth = limits.depth ?? 2
    this.#entries = limits.entries ?? 8
    this.#maxLength = limits.length ?? 200
    this.#classNameOf = limits.classNameOf ?? constructorName
  }

  format(value: unknown): string {
    return cut(this.#any(value, this.#depth), this.#maxLength)
  }

  #any(value: unknown, depth: number): string {
    const text = this.#text(value, depth)
    this.#length += text.length
    return text
  }

  #text(value: unknown, depth: number): string {
    if (typeof value === 'function') return value.name === '' ? 'ƒ ()' : `ƒ ${value.name}()`
    if (typeof value !== 'object' || value === null) return formatPrimitive(value, this.#maxLength)
    if (this.#open.has(value)) return '[circular]'
    this.#open.add(value)
    const text = this.#object(value, depth)
    this.#open.delete(value)
    return text
  }

  #object(value: object, depth: number): string {
    const name = classNameOfValue(value, this.#classNameOf)
    if (Array.isArray(value)) return this.#array(value, depth, name)
    if (value instanceof Map) {
      return this.#braced(
        `${name ?? 'Map'}(${value.size})`,
        value.size,
        value.entries(),
        depth,
        ([key, item]) => `${this.#any(key, 0)} → ${this.#any(item, depth - 1)}`,
      )
    }
    if (value instanceof Set) {
      return this.#braced(`${name ?? 'Set'}(${value.size})`, value.size, value.values(), depth, (item) =>
        this.#any(item, depth - 1),
      )
    }
    if (isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
    if (value instanceof Error) return `${value.name}: ${value.message}`
    if (value instanceof RegExp) return String(value)
    if (value instanceof Promise) return 'Promise'
    if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`
    if (value instanceof DataView) return `DataView(${value.byteLength})`
    if (ArrayBuffer.isView(value)) return this.#typedArray(value, depth, name ?? 'TypedArray')
    const keys = Object.keys(value)
    return this.#braced(name ?? '', keys.length, keys, depth, (key) => this.#property(value, key, depth - 1))
  }

  #property(object: object, key: string, depth: number): string {
    const property = Reflect.getOwnPropertyDescriptor(object, key)
    const label = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : formatPrimitive(key)
    const isAccessor = property?.get !== undefined || property?.set !== undefined
    return `${label}: ${isAccessor ? '(…)' : this.#any(property?.value, depth)}`
  }

  #array(array: readonly unknown[], depth: number, name: string | undefined): string {
    if (depth <= 0) return `${name ?? 'Array'}(${array.length})`
    const parts: string[] = []
    for (let index = 0; index < array.length && this.#hasRoom(parts.length); index++) {
      parts.push(index in array ? this.#any(array[index], depth - 1) : 'empty')
    }
    return `${name === undefined ? '' : `${name} `}[${withRest(parts, array.length)}]`
  }

  #typedArray(view: ArrayBufferView, depth: number, name: string): string {
    const length = Number(Reflect.get(view, 'length'))
    if (depth <= 0) return `${name}(${length})`
    const parts: string[] = []
    for (let index = 0; index < length && this.#hasRoom(parts.length); index++)
      parts.push(this.#any(Reflect.get(view, index), 0))
    return `${name}(${length}) [${withRest(parts, length)}]`
  }

  #braced<Item>(
    label: string,
    size: number,
    items: Iterable<Item>,
    depth: number,
    format: (item: Item) => string,
  ): string {
    const space = label === '' ? '' : `${label} `
    if (size === 0) return `${space}{}`
    if (depth <= 0) return `${space}{…}`
    const parts: string[] = []
    for (const item of items) {
      if (!this.#hasRoom(parts.length)) break
      parts.push(format(item))
    }
    return `${space}{ ${parts.length < size ? [...parts, '…'].join(', ') : parts.join(', ')} }`
  }

  #hasRoom(shown: number): boolean {
    return shown < this.#entries && this.#length < this.#maxLength
  }
}

function withRest(parts: readonly string[], size: number): string {
  return parts.length < size ? [...parts, `… ${size - parts.length} more`].join(', ') : parts.join(', ')
}

function fillTemplate(
  template: string,
  values: readonly unknown[],
  limits: FormatLimits,
): { text: string; used: number } {
  let used = 0
  const text = template.replaceAll(/%[sdifoOjc%]/g, (mark) => {
    if (mark === '%%') return '%'
    if (used >= values.length) return mark
    const value = values[used++]
    switch (mark) {
      case '%c':
        return ''
      case '%s':
        return typeof value === 'string' ? value : formatValue(value, limits)
      case '%d':
      case '%i':
        return typeof value === 'bigint'
          ? `${value}n`
          : String(mark === '%i' ? Math.trunc(Number(value)) : Number(value))
      case '%f':
        return String(Number(value))
      default:
        return formatValue(value, limits)
    }
  })
  return { text, used }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`
}
