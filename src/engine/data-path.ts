// Paths into plain data: from text, to text, reading and writing at them. Refusals are CoppiceErrors `invalid-path`.

import { CoppiceError } from '../protocol/errors.ts'
import type { DataPath, PathStep } from '../protocol/values.ts'
import { isDate } from './dates.ts'
import { formatProperty } from './value-path.ts'

/** A path as steps: `tanks[3].hp`, `tanks.3.hp`, `names["two words"]`; an empty text is the root. Steps pass unchanged. */
export function toDataPath(path: string | DataPath): DataPath {
  return typeof path === 'string' ? parsePath(path) : path
}

/** Numbers in brackets become numbers, all else text; digits between dots stay text and mean an index on arrays. */
export function parsePath(text: string): DataPath {
  const steps: PathStep[] = []
  const token = /\[\s*(\d+)\s*\]|\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]|(\.?)([^.[\]"'\s]+)/y
  let at = 0
  while (at < text.length) {
    token.lastIndex = at
    const match = token.exec(text)
    // A name needs a dot before it, except at the start, where it must have none.
    const isMisplacedName = match?.[4] !== undefined && (match[3] === '.') === (at === 0)
    if (match === null || isMisplacedName) {
      throw new CoppiceError(
        'invalid-path',
        `"${text}" is not a path (see column ${at + 1}). Write it as tanks[3].hp or names["two words"]`,
      )
    }
    if (match[1] !== undefined) steps.push(Number(match[1]))
    else if (match[2] !== undefined) steps.push(unquote(match[2]))
    else if (match[4] !== undefined) steps.push(match[4])
    at = token.lastIndex
  }
  return steps
}

/** The path as code would write it, after `root`: `state.tanks[3].hp`. Without root it reads as `parsePath` takes it. */
export function formatPath(path: DataPath, root = ''): string {
  const text = root + path.map(formatPathStep).join('')
  return root === '' && text.startsWith('.') ? text.slice(1) : text
}

/** The value at a path. Throws `invalid-path` where a step leads nowhere. */
export function getAt(root: unknown, path: DataPath): unknown {
  let value = root
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth]
    if (step === undefined) break
    const entry = entryAt(value, step)
    if (entry === undefined) throw noSuchEntry(value, path, depth)
    value = entry.value
  }
  return value
}

/**
 * Writes at a path, in place. All but the last step must exist; the last may be new on objects and maps, and one past the
 * end of an array. Throws `invalid-path`, and `invalid-argument` for what a typed array can't hold.
 */
export function setAt(root: unknown, path: DataPath, value: unknown): void {
  const last = path.at(-1)
  if (last === undefined)
    throw new CoppiceError('invalid-path', 'the path is empty: name a field of the state, such as tanks[3].hp')
  const parent = getAt(root, path.slice(0, -1))
  const where = formatPath(path, 'state')
  if (typeof parent !== 'object' || parent === null) throw noSuchEntry(parent, path, path.length - 1)
  if (parent instanceof Map) {
    parent.set(mapEntry(parent, last)?.key ?? keyOf(last), value)
  } else if (parent instanceof Set) {
    throw new CoppiceError('invalid-path', `${where} is an item of a Set, which has no place to write to`)
  } else if (ArrayBuffer.isView(parent)) {
    writeElement(parent, indexOf(last), value, where)
  } else if (Array.isArray(parent)) {
    const index = indexOf(last)
    if (index === undefined || index > parent.length) throw noSuchEntry(parent, path, path.length - 1)
    parent[index] = value
  } else if (isDate(parent) || parent instanceof ArrayBuffer) {
    throw noSuchEntry(parent, path, path.length - 1)
  } else {
    const key = String(keyOf(last))
    if (key === '__proto__') throw new CoppiceError('invalid-path', `${where} is not data`)
    Reflect.set(parent, key, value)
  }
}

function writeElement(view: ArrayBufferView, index: number | undefined, value: unknown, where: string): void {
  const length: unknown = Reflect.get(view, 'length')
  if (index === undefined || typeof length !== 'number' || index >= length) {
    throw new CoppiceError(
      'invalid-path',
      `${where} is outside of the typed array, whose length is ${typeof length === 'number' ? length : 'not known'}`,
    )
  }
  const isBig = view instanceof BigInt64Array || view instanceof BigUint64Array
  if (typeof value !== (isBig ? 'bigint' : 'number')) {
    throw new CoppiceError(
      'invalid-argument',
      `${where} holds ${isBig ? 'bigints' : 'numbers'}, not ${value === null ? 'null' : typeof value}`,
    )
  }
  Reflect.set(view, index, value)
}

/** One entry in a container, wrapped so that an entry that is undefined differs from none. */
function entryAt(container: unknown, step: PathStep): { readonly value: unknown } | undefined {
  if (typeof container !== 'object' || container === null) return undefined
  if (container instanceof Map) return mapEntry(container, step)
  if (container instanceof Set) {
    const index = indexOf(step)
    return index === undefined || index >= container.size ? undefined : { value: nthOf(container, index) }
  }
  if (Array.isArray(container) || ArrayBuffer.isView(container)) {
    const index = indexOf(step)
    const length: unknown = Reflect.get(container, 'length')
    return index === undefined || typeof length !== 'number' || index >= length
      ? undefined
      : { value: Reflect.get(container, index) }
  }
  const key = String(keyOf(step))
  return Object.hasOwn(container, key) ? { value: Reflect.get(container, key) } : undefined
}

/** By exact key; a text of digits also finds a number, and a number the n-th entry where its key can't be written in a path. */
function mapEntry(
  map: ReadonlyMap<unknown, unknown>,
  step: PathStep,
): { readonly key: unknown; readonly value: unknown } | undefined {
  const key = keyOf(step)
  if (map.has(key)) return { key, value: map.get(key) }
  if (typeof step === 'object') return undefined
  const index = indexOf(step)
  if (index === undefined) return undefined
  if (typeof step === 'string') return map.has(index) ? { key: index, value: map.get(index) } : undefined
  const entry = index < map.size ? nthOf(map, index) : undefined
  return entry === undefined || isPathKey(entry[0]) ? undefined : { key: entry[0], value: entry[1] }
}

/** True for map keys that a path step can name. */
export function isPathKey(key: unknown): key is string | number | boolean {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean'
}

function nthOf<Item>(items: Iterable<Item>, index: number): Item | undefined {
  let at = 0
  for (const item of items) if (at++ === index) return item
  return undefined
}

function keyOf(step: PathStep): string | number | boolean {
  return typeof step === 'object' ? step.key : step
}

function indexOf(step: PathStep): number | undefined {
  const key = keyOf(step)
  if (typeof key === 'number') return Number.isInteger(key) && key >= 0 ? key : undefined
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : undefined
}

function formatPathStep(step: PathStep): string {
  if (typeof step !== 'object') return formatProperty(step)
  return typeof step.key === 'boolean' ? `["${step.key}"]` : formatProperty(step.key)
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

function noSuchEntry(container: unknown, path: DataPath, depth: number): CoppiceError {
  const reached = formatPath(path.slice(0, depth), 'state')
  const step = path[depth]
  const wanted = step === undefined ? '' : formatPathStep(step)
  if (typeof container !== 'object' || container === null) {
    return new CoppiceError(
      'invalid-path',
      `${reached}${wanted} does not exist: ${reached} is ${container === null ? 'null' : typeof container}`,
    )
  }
  const length: unknown =
    Array.isArray(container) || ArrayBuffer.isView(container) ? Reflect.get(container, 'length') : undefined
  const hint = typeof length === 'number' ? `its length is ${length}` : `it has ${listKeys(container)}`
  return new CoppiceError('invalid-path', `${reached}${wanted} does not exist: ${hint}`)
}

function listKeys(container: object): string {
  if (container instanceof Set) return `${container.size} items`
  const keys = container instanceof Map ? [...container.keys()].filter(isPathKey).map(String) : Object.keys(container)
  if (keys.length === 0) return 'no entries'
  return keys.length > 8 ? `${keys.slice(0, 8).join(', ')}, …` : keys.join(', ')
}
