// The state tree's view of a value: only what is expanded is walked, collections by the range asked for, previews bounded.

import type { InspectedNode, InspectionRequest } from '../protocol/inspection.ts'
import type { PathStep } from '../protocol/values.ts'
import { isPathKey } from './data-path.ts'
import { isDate } from './dates.ts'
import { classNameOfValue, formatPrimitive, formatValue } from './value-format.ts'

const defaultCount = 100
const maxCount = 1000
const maxTextLength = 10_000

/** Which paths below a node are expanded. */
interface Expansion {
  range: { readonly first: number; readonly count: number } | undefined
  readonly below: Map<string, Expansion>
}

/**
 * The root as a node, with children where its path (`[]`) is among those expanded, and so on downwards. Paths that lead
 * nowhere are left out. Cost grows with what is expanded; a `first` far into a Map or Set is walked to.
 */
export function inspect(
  root: unknown,
  request: Pick<InspectionRequest, 'expanded'>,
  classNameOf?: (prototype: object) => string,
): InspectedNode {
  const expansion: Expansion = { range: undefined, below: new Map() }
  for (const { path, first = 0, count = defaultCount } of request.expanded) {
    let at = expansion
    for (const step of path) {
      const key = stepKey(step)
      let next = at.below.get(key)
      if (next === undefined) at.below.set(key, (next = { range: undefined, below: new Map() }))
      at = next
    }
    at.range = { first: Math.max(0, Math.floor(first)), count: Math.min(maxCount, Math.max(0, Math.floor(count))) }
  }
  return nodeOf('', root, expansion, classNameOf)
}

function nodeOf(
  step: PathStep,
  value: unknown,
  expansion: Expansion | undefined,
  classNameOf?: (prototype: object) => string,
): InspectedNode {
  if (typeof value !== 'object' || value === null) return primitiveNode(step, value)
  const className = classNameOfValue(value, classNameOf)
  const { kind, size } = describe(value)
  const node: InspectedNode = {
    step,
    kind,
    ...(className === undefined || kind === 'map' || kind === 'set' || kind === 'date' ? {} : { className }),
    preview: formatValue(value, {
      depth: 1,
      entries: 6,
      length: 100,
      ...(classNameOf === undefined ? {} : { classNameOf }),
    }),
    size,
    ...(isDate(value) ? { value: value.getTime() } : {}),
  }
  const range = expansion?.range
  if (range === undefined || size === 0 || kind === 'buffer' || kind === 'other') return node
  const firstChild = Math.min(range.first, size)
  const children = childrenOf(value, firstChild, Math.min(range.count, size - firstChild)).map(([childStep, child]) =>
    nodeOf(childStep, child, expansion?.below.get(stepKey(childStep)), classNameOf),
  )
  return { ...node, children, firstChild }
}

function primitiveNode(step: PathStep, value: unknown): InspectedNode {
  const type = typeof value
  if (type === 'function' || type === 'symbol') return { step, kind: 'other', preview: formatValue(value), size: 0 }
  const shown = typeof value === 'string' && value.length > maxTextLength ? value.slice(0, maxTextLength) : value
  return { step, kind: 'primitive', value: shown, preview: formatPrimitive(value), size: 0 }
}

function describe(value: object): Pick<InspectedNode, 'kind' | 'size'> {
  if (Array.isArray(value)) return { kind: 'array', size: value.length }
  if (value instanceof Map) return { kind: 'map', size: value.size }
  if (value instanceof Set) return { kind: 'set', size: value.size }
  if (isDate(value)) return { kind: 'date', size: 0 }
  if (value instanceof ArrayBuffer) return { kind: 'buffer', size: value.byteLength }
  if (value instanceof DataView) return { kind: 'buffer', size: value.byteLength }
  if (ArrayBuffer.isView(value)) return { kind: 'typed-array', size: Number(Reflect.get(value, 'length')) }
  if (value instanceof Promise || value instanceof Error || value instanceof RegExp) return { kind: 'other', size: 0 }
  return { kind: 'object', size: Object.keys(value).length }
}

function childrenOf(value: object, first: number, count: number): (readonly [PathStep, unknown])[] {
  if (value instanceof Map) {
    return range(value.entries(), first, count).map(([key, item], index) => [
      isPathKey(key) ? { key } : first + index,
      item,
    ])
  }
  if (value instanceof Set) return range(value.values(), first, count).map((item, index) => [first + index, item])
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from({ length: count }, (_, index) => [first + index, Reflect.get(value, first + index)])
  }
  return Object.keys(value)
    .slice(first, first + count)
    .map((key) => [key, propertyOf(value, key)])
}

/** An accessor is not called: its place shows no value. */
function propertyOf(object: object, key: string): unknown {
  const value: unknown = Reflect.getOwnPropertyDescriptor(object, key)?.value
  return value
}

function range<Item>(items: Iterable<Item>, first: number, count: number): Item[] {
  const taken: Item[] = []
  let at = 0
  for (const item of items) {
    if (at >= first + count) break
    if (at++ >= first) taken.push(item)
  }
  return taken
}

/** Steps as keys of a map: index 3, text '3' and Map key 3 stay apart. */
function stepKey(step: PathStep): string {
  return typeof step === 'object' ? `key:${typeof step.key}:${step.key}` : `${typeof step}:${step}`
}
