import { describe, expect, test } from 'vitest'
import { CoppiceError } from '../protocol/errors.ts'
import { copyPlain } from './plain-copy.ts'
import { createShadowDate } from './shadow-date.ts'
import type { ClassKind } from './state-rules.ts'

class Tank {
  hp = 3
  isAlive(): boolean {
    return this.hp > 0
  }
}
class Safe {
  #code = 1
  read(): number {
    return this.#code
  }
}
const classOf = (prototype: object): ClassKind =>
  prototype === Tank.prototype ? 'known' : prototype === Safe.prototype ? 'private' : 'unknown'
const refusal = (value: unknown): string => {
  try {
    copyPlain(value, { root: 'data', classOf })
  } catch (error) {
    if (error instanceof CoppiceError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'copied'
}

describe('[MB4] a copy', () => {
  test('equals the value and shares nothing with it', () => {
    const value = {
      id: 7,
      name: 'x',
      nested: { list: [1, { two: 2 }], empty: {}, none: null, not: undefined },
      map: new Map<unknown, unknown>([[{ key: 1 }, new Set([[1]])]]),
      when: new Date(5),
      bytes: new Uint8Array([1, 2]),
    }
    const copy = copyPlain(value)
    expect(copy).toEqual(value)
    expect(copy).not.toBe(value)
    expect(copy.nested.list).not.toBe(value.nested.list)
    expect(copy.map).not.toBe(value.map)
    expect(copy.when).not.toBe(value.when)
    expect(copy.bytes.buffer).not.toBe(value.bytes.buffer)
  })

  test.each([[1], ['x'], [null], [undefined], [true], [10n], [-0]])('of the primitive %s is itself', (value) => {
    expect(copyPlain(value)).toBe(value)
  })

  test('keeps aliases, small and large', () => {
    const shared = { x: 1 }
    const small = copyPlain({ a: shared, b: shared })
    expect(small.a).toBe(small.b)
    const large = copyPlain(Array.from({ length: 100 }, () => shared))
    expect(new Set(large).size).toBe(1)
    expect(large[0]).not.toBe(shared)
  })

  test('keeps cycles', () => {
    const value: { self?: unknown; list: unknown[] } = { list: [] }
    value.self = value
    value.list.push(value)
    const copy = copyPlain(value)
    expect(copy.self).toBe(copy)
    expect(copy.list[0]).toBe(copy)
    expect(copy).not.toBe(value)
  })

  test('keeps holes, length and order', () => {
    const value: unknown[] = [1]
    value.length = 4
    value[2] = { x: 1 }
    const copy = copyPlain(value)
    expect(copy.length).toBe(4)
    expect(1 in copy).toBe(false)
    expect(3 in copy).toBe(false)
    expect(Object.keys(copyPlain({ b: 1, a: { z: 1, y: 2 } }))).toEqual(['b', 'a'])
  })

  test('keeps views that share a buffer sharing one', () => {
    const buffer = new ArrayBuffer(16)
    const value = {
      bytes: new Uint8Array(buffer, 4, 4),
      floats: new Float64Array(buffer),
      view: new DataView(buffer, 2),
      buffer,
    }
    value.bytes[0] = 9
    const copy = copyPlain(value)
    expect(copy.bytes.buffer).toBe(copy.buffer)
    expect(copy.floats.buffer).toBe(copy.buffer)
    expect(copy.view.buffer).toBe(copy.buffer)
    expect([copy.bytes.byteOffset, copy.bytes.length, copy.view.byteOffset]).toEqual([4, 4, 2])
    copy.bytes[0] = 1
    expect(value.bytes[0]).toBe(9)
    expect(new Uint8Array(copy.buffer)[4]).toBe(1)
  })

  test('keeps classes, where they are known', () => {
    const copy = copyPlain({ tanks: [new Tank()] }, { classOf })
    expect(copy.tanks[0]).toBeInstanceOf(Tank)
    expect(copy.tanks[0]?.isAlive()).toBe(true)
  })

  test('keeps objects without prototype, and keys that are no ordinary names', () => {
    const bare: object = Object.assign(Object.create(null), { a: 1 })
    expect(Object.getPrototypeOf(copyPlain({ bare }).bare)).toBe(null)
    const tricky: Record<string, unknown> = JSON.parse('{ "__proto__": { "polluted": true }, "a": { "__proto__": 1 } }')
    const copy = copyPlain(tricky)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(copy, '__proto__')?.value).toEqual({ polluted: true })
    expect(Object.hasOwn(Object(copy['a']), '__proto__')).toBe(true)
  })

  test('keeps the class of a shadow date', () => {
    const ShadowDate = createShadowDate(Date, () => 0)
    const copy = copyPlain({ when: new ShadowDate(5) })
    expect(copy.when).toBeInstanceOf(ShadowDate)
    expect(copy.when.getTime()).toBe(5)
  })

  test('of a frozen object may be changed; an accessor becomes its value', () => {
    const copy = copyPlain(Object.freeze({ list: Object.freeze([1]) }))
    expect(Object.isFrozen(copy)).toBe(false)
    expect(Object.isFrozen(copy.list)).toBe(false)
    const accessor = {
      get x() {
        return 5
      },
    }
    expect(Object.getOwnPropertyDescriptor(copyPlain(accessor), 'x')?.value).toBe(5)
  })

  test('of 100 000 links is no problem', () => {
    let list: object = {}
    for (let index = 0; index < 100_000; index++) list = { next: list }
    expect(() => copyPlain(list)).not.toThrow()
  })
})

describe('what state may not hold is refused with its path', () => {
  test.each([
    ['a function', { list: [{ f: () => 1 }] }, /^invalid-state: data\.list\[0\]\.f is a function/],
    ['a function alone', () => 1, /^invalid-state: data is a function/],
    ['a symbol', { s: Symbol('x') }, /^invalid-state: data\.s is a symbol/],
    ['a symbol in an array', [Symbol('x')], /^invalid-state: data\[0\] is a symbol/],
    ['a symbol key', { a: { [Symbol('k')]: 1 } }, /^invalid-state: data\.a has the symbol key/],
    ['a promise', { p: Promise.resolve() }, /^invalid-state: data\.p is a promise/],
    ['an unknown class', { e: new Error('x') }, /^invalid-state: data\.e is an Error/],
    [
      'a class with #private members',
      { s: new Safe() },
      /^invalid-state: data\.s is an instance of Safe, which has #private/,
    ],
    [
      'shared memory',
      new Uint8Array(new SharedArrayBuffer(1)),
      /^invalid-state: data is a Uint8Array on a SharedArrayBuffer/,
    ],
    ['deep in a Map', { m: new Map([['k', [() => 1]]]) }, /^invalid-state: data\.m\.get\("k"\)\[0\] is a function/],
  ])('%s', (_what, value, message) => {
    expect(refusal(value)).toMatch(message)
  })

  test('instances are refused where no class is known', () => {
    expect(() => copyPlain({ t: new Tank() })).toThrow(/^value\.t is a Tank/)
  })
})
