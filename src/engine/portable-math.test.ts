// The portable Math against pinned bits. The same table (fixtures/math-bits.json) is run in Chromium by e2e.

import { describe, expect, test } from 'vitest'
import bits from './fixtures/math-bits.json'
import { createMath, portablePow, power } from './portable-math.ts'
import { isCallable, readProperty } from './reflection.ts'

const table: Readonly<Record<string, readonly string[]>> = bits

function fromHex(text: string): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${text}`))
  return view.getFloat64(0)
}

function toHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Number.isNaN(value) ? NaN : value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

function callMath(math: Math, name: string, args: readonly number[]): number {
  const member = readProperty(math, name)
  return isCallable(member) ? Number(Reflect.apply(member, math, args)) : Number(member)
}

/** Distance in units in the last place; 0 for equal values and two NaNs. */
function distance(left: number, right: number): number {
  if (Object.is(left, right)) return 0
  if (!Number.isFinite(left) || !Number.isFinite(right) || (left === 0 && right === 0)) return Infinity
  return Math.abs(Number(order(left) - order(right)))
}

function order(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const raw = view.getBigInt64(0)
  return raw < 0n ? -(raw & 0x7fff_ffff_ffff_ffffn) : raw
}

const portable = createMath('portable')
const native = createMath('native')
const functionNames = Object.keys(table).filter((name) => typeof readProperty(Math, name) === 'function')

describe('[FL5] pinned bits', () => {
  test.each(Object.keys(table))('Math.%s', (name) => {
    for (const row of table[name] ?? []) {
      const numbers = row.split(' ')
      const args = numbers.slice(0, -1).map(fromHex)
      expect(`${name}(${args.join(', ')}) = ${toHex(callMath(portable, name, args))}`).toBe(
        `${name}(${args.join(', ')}) = ${numbers.at(-1)}`,
      )
    }
  })

  test('the table covers every member of the realm’s Math that all realms have', () => {
    const beyondStandard = new Set(['f16round', 'sumPrecise', 'random'])
    const members = Object.getOwnPropertyNames(Math).filter((name) => !beyondStandard.has(name))
    expect(Object.keys(table).sort()).toEqual(members.sort())
    for (const name of functionNames) expect((table[name] ?? []).length).toBeGreaterThanOrEqual(20)
  })
})

describe('[FL5] the portable Math is a Math', () => {
  test('it has every member, with the same kinds and attributes', () => {
    expect(Object.getOwnPropertyNames(portable).sort()).toEqual(Object.getOwnPropertyNames(Math).sort())
    for (const name of Object.getOwnPropertyNames(Math)) {
      const own = Object.getOwnPropertyDescriptor(portable, name)
      const real = Object.getOwnPropertyDescriptor(Math, name)
      expect({ name, type: typeof own?.value, writable: own?.writable, enumerable: own?.enumerable }).toEqual({
        name,
        type: typeof real?.value,
        writable: real?.writable,
        enumerable: real?.enumerable,
      })
    }
    expect(Object.prototype.toString.call(portable)).toBe('[object Math]')
    expect(portable.sin.name).toBe('sin')
  })

  test('it agrees with the realm’s to 4 units in the last place, signs, zeros and infinities included', () => {
    for (const name of functionNames) {
      for (const row of table[name] ?? []) {
        const args = row.split(' ').slice(0, -1).map(fromHex)
        const apart = distance(callMath(portable, name, args), callMath(Math, name, args))
        expect(apart, `Math.${name}(${args.join(', ')})`).toBeLessThanOrEqual(4)
      }
    }
  })

  test('arguments are coerced as Math does', () => {
    expect(callMath(portable, 'sin', [Number('0')])).toBe(0)
    expect(Reflect.apply(portable.cos, undefined, ['0'])).toBe(1)
    expect(Reflect.apply(portable.exp, undefined, [null])).toBe(1)
    expect(Reflect.apply(portable.sin, undefined, [])).toBeNaN()
    expect(Reflect.apply(portable.hypot, undefined, ['3', 4])).toBe(5)
    expect(portable.hypot()).toBe(0)
  })

  test('`native` is the realm’s own', () => {
    for (const name of functionNames) expect(readProperty(native, name)).toBe(readProperty(Math, name))
  })

  test('random names what to use, or draws from what it was given', () => {
    expect(() => portable.random()).toThrow(/`random`/)
    expect(() => native.random()).toThrow(/`random`/)
    expect(createMath('portable', () => 0.25).random()).toBe(0.25)
  })
})

describe('[FL5] powers', () => {
  test('exponents that go by multiplication give the bits of multiplication', () => {
    for (const x of [0.1, -1.7, 1e200, -1e-200, 3, NaN, -0, Infinity, -Infinity, 5e-324]) {
      expect(portablePow(x, 2)).toBe(x * x)
      expect(portablePow(x, 3)).toBe(x * x * x)
      expect(portablePow(x, 4)).toBe(x * x * (x * x))
      expect(portablePow(x, 1)).toBe(x)
      expect(portablePow(x, -1)).toBe(1 / x)
      expect(portablePow(x, 0)).toBe(1)
    }
    expect(portablePow(2, 0.5)).toBe(Math.SQRT2)
    expect(portablePow(-0, 0.5)).toBe(0)
    expect(portablePow(-Infinity, 0.5)).toBe(Infinity)
  })

  test('whole powers that a number can hold are exact', () => {
    for (let base = 2; base <= 20; base++) {
      for (let exponent = 0; ; exponent++) {
        const exact = BigInt(base) ** BigInt(exponent)
        if (exact > BigInt(Number.MAX_SAFE_INTEGER)) break
        expect(portablePow(base, exponent)).toBe(Number(exact))
      }
    }
  })

  test.each(['portable', 'native'] as const)('`**` takes numbers, bigints and what coerces to them (%s)', (kind) => {
    const pow = (...operands: readonly unknown[]): unknown => Reflect.apply(power(kind), undefined, operands)
    expect(pow(2, 10)).toBe(1024)
    expect(pow(2n, 64n)).toBe(2n ** 64n)
    expect(pow('3', 2)).toBe(9)
    expect(pow({ valueOf: () => 5 }, true)).toBe(5)
    expect(pow(Object(2n), 3n)).toBe(8n)
    expect(pow(undefined, 2)).toBeNaN()
    expect(() => pow(2n, 2)).toThrow(TypeError)
    expect(() => pow(2n, -1n)).toThrow(RangeError)
    expect(() => pow(Symbol('x'), 2)).toThrow(TypeError)
  })

  test('`**` coerces its base before its exponent', () => {
    const order: string[] = []
    const operand = (name: string): unknown => ({ valueOf: () => (order.push(name), 2) })
    Reflect.apply(power('portable'), undefined, [operand('base'), operand('exponent')])
    expect(order).toEqual(['base', 'exponent'])
  })

  test('Math.pow and `**` give the same bits', () => {
    const pow = power('portable')
    for (const row of table['pow'] ?? []) {
      const [base = 0, exponent = 0] = row.split(' ').map(fromHex)
      expect(toHex(Number(pow(base, exponent)))).toBe(toHex(portable.pow(base, exponent)))
    }
  })
})
