import { describe, expect, test } from 'vitest'
import { isSameShape, shapeOf, shapeWords } from './state-shape.ts'

class Tank {
  hp = 3
}
class Unknown {
  x = 1
}
const names = (prototype: object): string | undefined => (prototype === Tank.prototype ? 'Tank' : undefined)
const words = (value: unknown): string => shapeWords(shapeOf(value, names))
const isSame = (left: unknown, right: unknown): boolean => isSameShape(shapeOf(left, names), shapeOf(right, names))

test.each([
  [1, 'number'],
  ['x', 'string'],
  [true, 'boolean'],
  [1n, 'bigint'],
  [null, 'null'],
  [undefined, 'undefined'],
  [() => 1, 'unknown'],
  [new Unknown(), 'unknown'],
  [{ x: 1, y: 2 }, '{ x, y }'],
  [[], 'unknown[]'],
  [[null, 1], 'number[]'],
  [[1, 'x'], '(number | string)[]'],
  [[new Tank()], 'Tank[]'],
  [new Map([['a', new Tank()]]), 'Map<string, Tank>'],
  [new Set([1]), 'Set<number>'],
  [new Date(0), 'Date'],
  [new Float32Array(2), 'Float32Array'],
  [new DataView(new ArrayBuffer(4)), 'DataView'],
  [new ArrayBuffer(4), 'ArrayBuffer'],
  [Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 1])), 'Record<string, number>'],
  [
    [
      { a: 1, b: 2 },
      { a: 1, c: 2 },
    ],
    '({ a: number, b: number } | { a: number, c: number })[]',
  ],
])('[ML5] the shape of %o is said as %s', (value, expected) => {
  expect(words(value)).toBe(expected)
})

describe('equality', () => {
  test.each<[string, unknown, unknown]>([
    ['values', { hp: 3, name: 'x' }, { hp: 5, name: 'y' }],
    ['lengths', { tanks: [{ hp: 1 }] }, { tanks: [{ hp: 2 }, { hp: 3 }] }],
    ['the order of fields', { a: 1, b: 2 }, { b: 1, a: 2 }],
    ['an optional element', [{ at: null }, { at: { x: 1 } }], [{ at: { x: 1 } }]],
    ['lengths of typed arrays', new Float32Array(2), new Float32Array(3)],
    ['null and undefined', { a: null }, { a: undefined }],
  ])('[ML5] %s do not count', (_, left, right) => {
    expect(isSame(left, right)).toBe(true)
  })

  test.each<[string, unknown, unknown]>([
    ['a field more', { a: 1 }, { a: 1, b: 1 }],
    ['another type', { a: [{ b: 1 }] }, { a: [{ b: 'x' }] }],
    ['another class', [new Tank()], [{ hp: 3 }]],
    ['another container', new Map(), new Set()],
    ['keys of a map', new Map([[1, 1]]), new Map([['a', 1]])],
    ['elements where none were', [], [1]],
    ['another typed array', new Float32Array(2), new Float64Array(2)],
    ['other mixtures', [1, 'x'], [1, true]],
  ])('[ML5] %s counts', (_, left, right) => {
    expect(isSame(left, right)).toBe(false)
  })
})

test('[ML5] cycles, aliases and depth end', () => {
  interface Node {
    next: Node | null
    value: number
  }
  const ring: Node = { next: null, value: 1 }
  ring.next = ring
  expect(words(ring)).toBe('{ next, value }')
  let chain: Node = { next: null, value: 0 }
  for (let length = 0; length < 10_000; length++) chain = { next: chain, value: length }
  expect(words(chain)).toBe('{ next, value }')
  // Thirty levels that each hold the one below twice: a million paths, thirty objects.
  let shared: object = { leaf: 1 }
  for (let level = 0; level < 30; level++) shared = { left: shared, right: shared }
  expect(words(shared)).toBe('{ left, right }')
})

test('[ML5] of a long array a sample is looked at, from its start to its end', () => {
  let reads = 0
  const counted = {
    get hp(): number {
      reads++
      return 1
    },
  }
  const long = Array.from({ length: 100_000 }, () => ({ ...counted }))
  expect(words(long)).toBe('{ hp }[]')
  reads = 0
  const watched = (): object => Object.defineProperties({}, Object.getOwnPropertyDescriptors(counted))
  shapeOf(Array.from({ length: 100_000 }, watched), names)
  expect(reads).toBeLessThanOrEqual(1024)
  expect(reads).toBeGreaterThan(500)
})
