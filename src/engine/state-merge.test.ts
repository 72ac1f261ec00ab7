import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyPlain } from './plain-copy.ts'
import { StateMerge } from './state-merge.ts'
import { compareShapes } from './state-plan.ts'
import { shapeOf } from './state-shape.ts'

const classNames = (): undefined => undefined

function mergeOf(before: unknown, after: unknown, state: unknown): StateMerge {
  const { plan } = compareShapes(shapeOf(before, classNames), shapeOf(after, classNames), after)
  if (plan === undefined) throw new Error('nothing to merge')
  return new StateMerge(plan, state, { classNames, copy: (value, path) => copyPlain(value, { root: path }) })
}

/** With the order of keys, which `toEqual` does not look at. */
const print = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item instanceof Map ? { map: [...item] } : item === undefined ? '∅' : item,
  )

describe('in place', () => {
  test('[ML5] aliases and cycles stay what they are, and an object met twice is changed and counted once', () => {
    const tank: { hp: number; self?: object } = { hp: 3 }
    tank.self = tank
    const init = (more: object): object => ({ tanks: [{ hp: 0, ...more }], chosen: { hp: 0, ...more } })
    const state = { tanks: [tank, tank], chosen: tank }
    const merge = mergeOf(init({}), init({ shield: 1 }), state)
    merge.apply()
    expect(state.tanks[0]).toBe(tank)
    expect(state.chosen).toBe(tank)
    expect(tank).toEqual({ hp: 3, self: tank, shield: 1 })
    expect(merge.merged().map(({ words }) => words)).toEqual(['Added shield: 1 to 1 element of tanks'])
  })

  test('[ML5] what is undefined in the state counts as missing, and is undefined again when taken back', () => {
    const state = { a: 1, b: undefined }
    const merge = mergeOf({ a: 0 }, { a: 0, b: 5 }, state)
    merge.apply()
    expect(state).toEqual({ a: 1, b: 5 })
    merge.revert()
    expect(print(state)).toBe(print({ a: 1, b: undefined }))
  })

  test('[ML5] names that mean something to objects are plain fields', () => {
    const after: unknown = JSON.parse('{"a":0,"__proto__":{"x":1},"constructor":2}')
    const state: object = { a: 1 }
    const merge = mergeOf({ a: 0 }, after, state)
    merge.apply()
    expect(Object.keys(state)).toEqual(['a', '__proto__', 'constructor'])
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype)
    merge.revert()
    expect(Object.keys(state)).toEqual(['a'])
  })

  test('[ML5] a setter of a class is not called', () => {
    class Tank {
      hp = 1
      get shield(): number {
        return 0
      }
      set shield(_: number) {
        throw new Error('called')
      }
    }
    const names = (prototype: object): string | undefined => (prototype === Tank.prototype ? 'Tank' : undefined)
    const wanted = Object.defineProperty(new Tank(), 'shield', { value: 5, enumerable: true })
    const { plan } = compareShapes(shapeOf(new Tank(), names), shapeOf(wanted, names), wanted)
    const state = new Tank()
    if (plan === undefined) throw new Error('nothing to merge')
    new StateMerge(plan, state, { classNames: names, copy: (value) => value }).apply()
    expect(Object.getOwnPropertyDescriptor(state, 'shield')?.value).toBe(5)
  })
})

describe('all or nothing', () => {
  test.each([
    ['added', { tanks: [{ hp: 0 }] }, { tanks: [{ hp: 0, shield: 1 }] }],
    ['renamed', { tanks: [{ hp: 0 }] }, { tanks: [{ health: 0 }] }],
  ])('[ML5] an object that can not be changed: nothing is %s', (_, before, after) => {
    const state = { tanks: [{ hp: 1 }, Object.freeze({ hp: 2 }), { hp: 3 }] }
    const was = print(state)
    const merge = mergeOf(before, after, state)
    expect(() => merge.apply()).toThrow(/can't be changed/)
    expect(print(state)).toBe(was)
    expect(merge.isApplied).toBe(false)
    expect(merge.merged()).toEqual([])
  })

  test('[ML5] a value no state may hold is found before anything is changed', () => {
    const state = { tanks: [{ hp: 1 }] }
    expect(() => mergeOf({ tanks: [{ hp: 0 }] }, { tanks: [{ hp: 0, on: { hit: () => 1 } }] }, state)).toThrow(
      /tanks\[\]\.on\.hit is a function/,
    )
    expect(print(state)).toBe('{"tanks":[{"hp":1}]}')
  })

  test('[ML5] differences are told one per path, at most 20', () => {
    const before = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 0]))
    const after = Object.fromEntries(Object.keys(before).map((key) => [key, 'x']))
    expect(mergeOf({ list: [before] }, { list: [after] }, { list: [before, before] }).differences).toHaveLength(20)
  })

  const leaf = fc.constantFrom<unknown>(0, 'x', true, null)
  const record = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '7'), leaf, { noNullPrototype: true })
  const init = fc.record({
    one: record,
    many: record.map((one) => [one]),
    byId: record.map((one) => new Map([[1, one]])),
  })

  test('[ML5] taken back, the state is what it was, to the order of keys; applied again, the same as at first', () => {
    fc.assert(
      fc.property(init, init, fc.array(record), record, (before, after, many, one) => {
        const { plan } = compareShapes(shapeOf(before, classNames), shapeOf(after, classNames), after)
        if (plan === undefined) return
        // The first of the list is met again elsewhere.
        const state = { one: many[0] ?? one, many, byId: new Map([[1, one]]) }
        const was = print(state)
        const merge = new StateMerge(plan, state, { classNames, copy: (value) => copyPlain(value) })
        expect(print(state)).toBe(was)
        if (merge.differences.length > 0) return
        merge.apply()
        const merged = print(state)
        merge.revert()
        expect(print(state)).toBe(was)
        merge.apply()
        expect(print(state)).toBe(merged)
      }),
      { numRuns: 1000 },
    )
  })
})

test('[ML5] a field renamed to a number is taken back to the place it had', () => {
  const state: Record<string, unknown> = { d: 0, a: 0 }
  const merge = mergeOf({ a: null, b: 'x' }, { 7: null }, state)
  merge.apply()
  expect(Object.keys(state)).toEqual(['7', 'd'])
  merge.revert()
  expect(Object.keys(state)).toEqual(['d', 'a'])
})

test('[ML5] objects held in many places end a comparison in bounded time, and it is said', () => {
  const tower = (leaf: object): object => {
    let shared = leaf
    // A million paths, twenty objects.
    for (let level = 0; level < 20; level++) shared = { left: shared, right: shared }
    return shared
  }
  const shapes = [shapeOf(tower({ v: 1 }), classNames), shapeOf(tower({ v: 1 }), classNames)] as const
  expect(compareShapes(...shapes, tower({ v: 1 }))).toEqual({ plan: undefined, kept: [] })
  const other = tower({ v: 1, w: 1 })
  const { kept } = compareShapes(shapes[0], shapeOf(other, classNames), other)
  expect(kept.map(({ words }) => words)).toEqual([expect.stringContaining('it is held in too many places')])
})
