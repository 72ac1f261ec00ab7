// How many bytes a state takes, more or less: enough to see that it takes more than a machine has to spare (ML4).

import { isObject } from './reflection.ts'

/** Elements looked at of a long list: they are taken to be alike. */
const sampled = 64

/**
 * Bytes. An estimate that looks at a few elements of each list; where that is over `limit`, all of it is counted, up to the limit: more than
 * `limit` means more, no matter how much.
 */
export function stateSize(state: unknown, limit: number): number {
  const estimate = measure(state, sampled, Infinity)
  return estimate <= limit ? estimate : measure(state, Infinity, limit)
}

/** One value's share of the elements it stands for. */
interface Item {
  readonly value: unknown
  readonly weight: number
}

function measure(root: unknown, most: number, limit: number): number {
  const seen = new Set<object>()
  const queue: Item[] = [{ value: root, weight: 1 }]
  let bytes = 0
  for (let item = queue.pop(); item !== undefined && bytes <= limit; item = queue.pop()) {
    const { value, weight } = item
    if (typeof value === 'string') bytes += value.length * weight
    if (!isObject(value) || seen.has(value)) continue
    seen.add(value)
    if (ArrayBuffer.isView(value)) queue.push({ value: value.buffer, weight })
    else if (value instanceof ArrayBuffer) bytes += value.byteLength * weight
    else {
      const items = itemsOf(value)
      const { length } = items
      const step = Math.max(1, length / most)
      bytes += (16 + length * 8) * weight
      for (let at = 0; at < length; at += step) {
        const inner = items[Math.floor(at)]
        if (isObject(inner) || typeof inner === 'string') queue.push({ value: inner, weight: weight * step })
      }
    }
  }
  return bytes
}

function itemsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  if (value instanceof Set) return [...value]
  return Object.keys(value).map((key): unknown => Reflect.getOwnPropertyDescriptor(value, key)?.value)
}
