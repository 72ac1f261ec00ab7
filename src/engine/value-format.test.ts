import { describe, expect, test } from 'vitest'
import { formatValue, formatValues } from './value-format.ts'

class Tank {
  hp = 3
}

describe('previews of values', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  // oxlint-disable-next-line eslint/no-sparse-arrays -- a hole is what is shown
  const hole = [1, , 2]
  test.each([
    [12.5, '12.5'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [10n, '10n'],
    ['it is "x"', '"it is \\"x\\""'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [{}, '{}'],
    [[], '[]'],
    [{ id: 0, x: 12.4, 'two words': 'y' }, '{ id: 0, x: 12.4, "two words": "y" }'],
    [[1, 'a', { b: 2 }], '[1, "a", { b: 2 }]'],
    [{ a: { b: { c: 1 } } }, '{ a: { b: {…} } }'],
    [{ a: { list: [1, 2] } }, '{ a: { list: Array(2) } }'],
    [new Tank(), 'Tank { hp: 3 }'],
    [Object.assign(Object.create(null), { a: 1 }), '{ a: 1 }'],
    [new Map([['a', 1]]), 'Map(1) { "a" → 1 }'],
    [new Set([1, 2]), 'Set(2) { 1, 2 }'],
    [new Set(), 'Set(0) {}'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'Invalid Date'],
    [new TypeError('no'), 'TypeError: no'],
    [/x/g, '/x/g'],
    [Promise.resolve(1), 'Promise'],
    [new ArrayBuffer(8), 'ArrayBuffer(8)'],
    [new DataView(new ArrayBuffer(4)), 'DataView(4)'],
    [new Float32Array([0.5, 1]), 'Float32Array(2) [0.5, 1]'],
    [function tick() {}, 'ƒ tick()'],
    [() => 1, 'ƒ ()'],
    [cycle, '{ self: [circular] }'],
    [hole, '[1, empty, 2]'],
    [Array.from({ length: 100 }, (_, index) => index), '[0, 1, 2, 3, 4, 5, 6, 7, … 92 more]'],
    [
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, index])),
      '{ k0: 0, k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, k6: 6, k7: 7, … }',
    ],
  ])('%s', (value, expected) => {
    expect(formatValue(value)).toBe(expected)
  })

  test('an accessor is not called', () => {
    let calls = 0
    expect(
      formatValue({
        get x() {
          return ++calls
        },
      }),
    ).toBe('{ x: (…) }')
    expect(calls).toBe(0)
  })

  test('length and cost are bounded', () => {
    const long = 'x'.repeat(1000)
    const wide = Array.from({ length: 100_000 }, (_, index) => ({ text: long, index }))
    expect(formatValue(wide).length).toBeLessThanOrEqual(200)
    expect(formatValue('x'.repeat(100_000)).length).toBeLessThanOrEqual(210)
    expect(formatValues([wide, 'y'.repeat(100_000)]).length).toBeLessThanOrEqual(10_000)
  })
})

describe('[FL6] console arguments', () => {
  test.each([
    [['hp', 3, { x: 1 }], 'hp 3 { x: 1 }'],
    [[], ''],
    [['100 %'], '100 %'],
    [
      ['%s has %d of %i (%f) %o %%', 'Tank', '7', 7.9, '1.5', { a: 1 }, 'rest'],
      'Tank has 7 of 7 (1.5) { a: 1 } % rest',
    ],
    [['%cred', 'color: red', 'x'], 'red x'],
    [['%s'], '%s'],
    [['%s and %s', 'one'], 'one and %s'],
    [['%d', 10n], '10n'],
    [[new Error('boom')], 'Error: boom'],
    [['two\nlines'], 'two\nlines'],
  ])('case %#', (values, expected) => {
    expect(formatValues(values)).toBe(expected)
  })
})
