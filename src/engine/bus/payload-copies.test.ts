// Whatever way data is copied, compiled for its shape or the general one, the copies are the same, and share nothing.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyAgain, copyPlain } from '../plain-copy.ts'
import { copiersFor, otherShape } from '../shape-copy.ts'
import { Bus } from './bus.ts'
import { PayloadCopies } from './payload-copies.ts'

/** More than it takes for a topic to get copiers of its own. */
const enough = 100
const hit = (index: number): object => ({
  by: index,
  at: { x: index / 2, y: 1.5 },
  tags: ['a', index],
  kind: 'hit',
})

const trained = (): PayloadCopies => {
  const copies = new PayloadCopies({ root: 'data' })
  for (let index = 0; index < enough; index++) copies.fresh('hit', hit(index))
  return copies
}

/** What a copy is, or why there is none: order of keys, prototypes, aliases and holes too. */
const outcome = (copy: () => unknown): unknown => {
  const seen = new Map<object, number>()
  const told = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : value
    const known = seen.get(value)
    if (known !== undefined) return `object ${known}`
    seen.set(value, seen.size)
    const fields = Reflect.ownKeys(value).map((key) => {
      const { writable, enumerable, ...field } = Reflect.getOwnPropertyDescriptor(value, key) ?? {}
      return [key, writable, enumerable, told(field.value)]
    })
    const length = Array.isArray(value) ? value.length : undefined
    const prototype: unknown = Reflect.getPrototypeOf(value)
    const maker: unknown =
      typeof prototype === 'object' && prototype !== null ? Reflect.get(prototype, 'constructor') : null
    return [
      typeof maker === 'function' ? maker.name : null,
      length,
      fields,
      value instanceof Map ? [...value].map(told) : [],
    ]
  }
  try {
    return told(copy())
  } catch (error) {
    return String(error)
  }
}

const objectsIn = (value: unknown, found = new Set<unknown>()): ReadonlySet<unknown> => {
  if (typeof value !== 'object' || value === null || found.has(value)) return found
  found.add(value)
  for (const item of Object.values(value)) objectsIn(item, found)
  return found
}

const shared = { x: 1, y: 2 }
const itself: Record<string, unknown> = { by: 1, tags: [], kind: 'hit' }
itself['at'] = itself
const oddities: readonly (readonly [string, unknown])[] = [
  ['keys in another order', { at: { x: 1, y: 2 }, by: 1, tags: [], kind: 'hit' }],
  ['a key more', { ...hit(1), more: 1 }],
  ['a key less', { by: 1, at: { x: 1, y: 2 }, tags: [] }],
  ['a key more within', { ...hit(1), at: { x: 1, y: 2, z: 3 } }],
  ['null for an object', { ...hit(1), at: null }],
  ['an object for a number', { ...hit(1), by: { x: 1 } }],
  ['an array for an object', { ...hit(1), at: [1, 2] }],
  ['objects in the list', { ...hit(1), tags: [{ a: 1 }] }],
  ['a long list', { ...hit(1), tags: Array.from({ length: 100 }, (_, index) => index) }],
  // oxlint-disable-next-line no-sparse-arrays -- holes are what it is about
  ['holes', { ...hit(1), tags: [1, , 3] }],
  ['a list with fields', { ...hit(1), tags: Object.assign([1, 2], { more: 1 }) }],
  ['a map', { ...hit(1), at: new Map([[1, 2]]) }],
  ['no prototype', { ...hit(1), at: Object.assign(Object.create(null), { x: 1, y: 2 }) }],
  [
    'a class',
    {
      ...hit(1),
      at: new (class At {
        x = 1
        y = 2
      })(),
    },
  ],
  ['a function', { ...hit(1), by: () => 1 }],
  ['a function in the list', { ...hit(1), tags: [() => 1] }],
  ['a symbol', { ...hit(1), kind: Symbol('kind') }],
  ['a symbol as key', { ...hit(1), [Symbol('key')]: 1 }],
  ['a symbol as key within', { ...hit(1), at: { x: 1, y: 2, [Symbol('key')]: 1 } }],
  ['an alias', { by: 1, at: shared, tags: shared, kind: 'hit' }],
  ['a cycle', itself],
  ['frozen', Object.freeze({ ...hit(1), at: Object.freeze({ x: 1, y: 2 }) })],
  [
    'an accessor',
    {
      by: 1,
      get at() {
        return { x: 1, y: 2 }
      },
      tags: [],
      kind: 'hit',
    },
  ],
  ['a hidden field', Object.defineProperty({ ...hit(1) }, 'hidden', { value: 1 })],
  ['a hidden field of the shape', Object.defineProperty({ ...hit(1) }, 'kind', { enumerable: false })],
  ['a field named __proto__', JSON.parse('{"by":1,"at":{"__proto__":{"z":1}},"tags":[],"kind":"hit"}')],
  ['no object', 7],
]

describe('[MB4] copies by shape', () => {
  test('what is of the shape is copied by it, and nothing else', () => {
    const copiers = copiersFor(hit(1))
    expect(copiers?.fresh(hit(2))).toEqual(hit(2))
    expect(copiers?.again(hit(2))).toEqual(hit(2))
    expect(copiers?.fresh({ ...hit(2), more: 1 })).toBe(otherShape)
    expect(copiersFor({ list: [{ a: 1 }] })).toBeUndefined()
    expect(copiersFor({ a: shared, b: shared })).toBeUndefined()
    expect(copiersFor([1, 2])).toBeUndefined()
  })

  test.each(oddities)('%s: as the general way has it', (_, value) => {
    const copies = trained()
    expect(outcome(() => copies.fresh('hit', value))).toEqual(outcome(() => copyPlain(value, { root: 'data' })))
    let kept: unknown
    try {
      kept = copyPlain(value, { root: 'data' })
    } catch {
      return
    }
    expect(outcome(() => copies.again('hit', kept))).toEqual(outcome(() => copyAgain(kept, { root: 'data' })))
  })

  test('an accessor is asked once', () => {
    let asked = 0
    const value = {
      get by() {
        return ++asked
      },
      at: { x: 1, y: 2 },
      tags: [],
      kind: 'hit',
    }
    const [copy] = [trained().fresh('hit', value)]
    expect(copy).toMatchObject({ by: asked })
    expect(asked).toBe(1)
  })

  const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constantFrom(null, undefined, 5n))
  const list = fc.array(leaf, { maxLength: 5 })
  const small = fc.dictionary(
    fc.string({ maxLength: 4 }),
    fc.oneof(leaf, list, fc.dictionary(fc.string({ maxLength: 3 }), leaf, { maxKeys: 3 })),
    { maxKeys: 5 },
  )
  /** A shape with values of its own, and now and then another one. */
  const stream = fc.tuple(
    small,
    fc.array(fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: small }), {
      minLength: 80,
      maxLength: 80,
    }),
  )

  test('random payloads come out of the bus as they went in, for each reader its own', () => {
    fc.assert(
      fc.property(stream, ([form, values]) => {
        const bus = new Bus()
        bus.setModules([
          { name: 'writer', subscriptions: [] },
          { name: 'one', subscriptions: ['x'] },
          { name: 'two', subscriptions: ['x'] },
        ])
        const payloads = values.map((value) =>
          typeof value === 'object' && value !== null ? value : { ...form, value, inner: { value, ...form } },
        )
        const before = structuredClone(payloads)
        bus.beginFrame(1, 0)
        for (const payload of payloads) bus.port('writer').publish('x', payload)
        bus.beginFrame(2, 1)
        const one = bus
          .port('one')
          .messages()
          .map(({ data }) => data)
        const two = bus
          .port('two')
          .messages()
          .map(({ data }) => data)
        expect(one).toEqual(before)
        expect(one.map((data) => outcome(() => data))).toEqual(payloads.map((data) => outcome(() => copyPlain(data))))
        expect(two).toEqual(before)
        expect(payloads).toEqual(before)
        const mine = [payloads, one, two].map((all) => objectsIn(all))
        for (const [index, objects] of mine.entries())
          for (const others of mine.slice(index + 1))
            for (const object of objects) expect(others.has(object)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
