// Data as UTF-8 JSON for the wire. What JSON can't say is written as an object with one key that begins with `$`; such a key of one's
// own has its `$` doubled. Anybody who sends plain JSON is understood.

import { bufferViews } from '../../protocol/buffer-views.ts'

/** `undefined` is no bytes. Throws a TypeError for cycles. */
export function encodeData(data: unknown): Uint8Array {
  const text = data === undefined ? '' : JSON.stringify(toJson(data, 0))
  return new TextEncoder().encode(text)
}

/** Throws an Error that says what is wrong. */
export function decodeData(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (text === '') return undefined
  const json: unknown = JSON.parse(text)
  return fromJson(json, 0)
}

const depthLimit = 200

function toJson(value: unknown, depth: number): unknown {
  if (depth > depthLimit) throw new TypeError(`it is nested deeper than ${depthLimit}, or in a circle`)
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true }
    case 'bigint':
      return { $bigint: String(value) }
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) }
    case 'object':
      return value === null ? null : objectToJson(value, depth + 1)
    case 'string':
    case 'boolean':
      return value
    default:
      throw new TypeError(`a ${typeof value} can't be sent`)
  }
}

function objectToJson(value: object, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toJson(item, depth))
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [toJson(key, depth), toJson(item, depth)]) }
  if (value instanceof Set) return { $set: [...value].map((item) => toJson(item, depth)) }
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.getTime() }
  if (value instanceof ArrayBuffer) return { $buffer: toBase64(new Uint8Array(value)) }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return { [`$${value.constructor.name}`]: toBase64(bytes) }
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key.startsWith('$') ? `$${key}` : key,
      toJson(item, depth),
    ]),
  )
}

function fromJson(json: unknown, depth: number): unknown {
  if (depth > depthLimit) throw new TypeError(`it is nested deeper than ${depthLimit}`)
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item: unknown) => fromJson(item, depth + 1))
  const entries: readonly (readonly [string, unknown])[] = Object.entries(json)
  const [first] = entries
  if (entries.length === 1 && first !== undefined && first[0].startsWith('$') && !first[0].startsWith('$$'))
    return special(first[0].slice(1), first[1], depth)
  return Object.fromEntries(
    entries.map(([key, item]) => [key.startsWith('$$') ? key.slice(1) : key, fromJson(item, depth + 1)]),
  )
}

function special(kind: string, json: unknown, depth: number): unknown {
  switch (kind) {
    case 'undefined':
      return undefined
    case 'bigint':
      if (typeof json === 'string' && /^-?\d{1,10000}$/.test(json)) return BigInt(json)
      break
    case 'number':
      if (json === '-0') return -0
      if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json)
      break
    case 'date':
      if (typeof json === 'number' || json === null) return new Date(json ?? NaN)
      break
    case 'map': {
      const pairs: unknown = fromJson(json, depth + 1)
      if (Array.isArray(pairs) && pairs.every(isPair)) return new Map(pairs)
      break
    }
    case 'set':
      if (Array.isArray(json)) return new Set(json.map((item: unknown) => fromJson(item, depth + 1)))
      break
    case 'buffer':
      if (typeof json === 'string') return fromBase64(json)
      break
    default: {
      const View = bufferViews.find(({ name }) => name === kind)
      if (View !== undefined && typeof json === 'string') return new View(fromBase64(json))
    }
  }
  throw new TypeError(`{ "$${kind}": … } is nothing Coppice writes`)
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function fromBase64(text: string): ArrayBuffer {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return bytes.buffer
}
