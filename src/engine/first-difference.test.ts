// Where two states differ, named so that a person finds it; and it finds a difference exactly where the state hash does.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDifference } from './first-difference.ts'
import { StateHasher } from './state-hash.ts'

class Tank {
  hp = 1
}

const between = (left: unknown, right: unknown) =>
  firstDifference(left, right, 'state', (prototype) => prototype.constructor.name)

const hashOf = (value: unknown): string => {
  const hasher = new StateHasher()
  hasher.add(value)
  return hasher.digest()
}

describe('[HS6] the first place at which two states differ', () => {
  test.each<[string, unknown, unknown, object | undefined]>([
    ['nothing', { a: [1, NaN, new Tank()] }, { a: [1, NaN, new Tank()] }, undefined],
    ['a number', { a: [1, { hp: 3 }] }, { a: [1, { hp: 4 }] }, { path: 'state.a[1].hp', left: '3', right: '4' }],
    ['zeros', { a: 0 }, { a: -0 }, { path: 'state.a', left: '0', right: '-0' }],
    ['a field', { a: 1 }, { a: 1, b: 2 }, { path: 'state.b', left: 'absent', right: '2' }],
    ['order of fields', { a: 1, b: 1 }, { b: 1, a: 1 }, { path: 'state', left: 'keys a, b', right: 'keys b, a' }],
    ['a value before the order of fields', { a: 1, b: 1 }, { b: 2, a: 1 }, { path: 'state.b', left: '1', right: '2' }],
    ['a length', [1], [1, 2], { path: 'state.length', left: '1', right: '2' }],
    ['a hole', [undefined], Array(1), { path: 'state[0]', left: 'undefined', right: 'a hole' }],
    ['a class', { t: new Tank() }, { t: { hp: 1 } }, { path: 'state.t', left: 'an instance of Tank' }],
    ['a map', new Map([['a', 1]]), new Map([['a', 2]]), { path: 'state.get("a")', left: '1', right: '2' }],
    ['a set', new Set([1]), new Set([2]), { path: 'state<item>' }],
    ['a date', { d: new Date(1) }, { d: new Date(2) }, { path: 'state.d', left: '1', right: '2' }],
    ['an element', { f: Float64Array.of(1, 2) }, { f: Float64Array.of(1, 3) }, { path: 'state.f[1]', right: '3' }],
  ])('%s', (_name, left, right, expected) => {
    if (expected === undefined) expect(between(left, right)).toBeUndefined()
    else expect(between(left, right)).toMatchObject(expected)
  })

  test('objects that are one here and two there; cycles end', () => {
    const one = { hp: 1 }
    expect(between({ a: one, b: one }, { a: { hp: 1 }, b: { hp: 1 } })).toMatchObject({ path: 'state.b' })
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const same: { self?: unknown } = {}
    same.self = same
    expect(between(cycle, same)).toBeUndefined()
  })

  test('it finds one where the hashes differ, and none where they agree', () => {
    const graph = fc.object({
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withDate: true,
      withSparseArray: true,
    })
    fc.assert(
      fc.property(graph, graph, (left, right) => {
        expect(between(left, structuredClone(left))).toBeUndefined()
        expect(between(left, right) === undefined).toBe(hashOf(left) === hashOf(right))
      }),
    )
  })
})
