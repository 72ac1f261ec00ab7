import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyPlain } from './plain-copy.ts'
import { StateHasher } from './state-hash.ts'

function hashOf(...values: unknown[]): string {
  const hasher = new StateHasher()
  for (const value of values) hasher.add(value)
  return hasher.digest()
}

class Tank {
  hp = 3
}
class Truck {
  hp = 3
}

const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, NaN, Infinity),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.float64Array({ maxLength: 3 }),
  fc.uint8Array({ maxLength: 5 }),
)
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('node'), { maxKeys: 4 }),
    fc.array(fc.tuple(leaf, tie('node')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('node'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
}))

describe('[FL5] the hash is equal', () => {
  test('for a value and its copy', () => {
    fc.assert(
      fc.property(node, (value) => {
        expect(hashOf(copyPlain(value))).toBe(hashOf(value))
      }),
      { numRuns: 300 },
    )
  })

  test('in every realm: pinned', () => {
    expect(hashOf({})).toBe('1a5f16f59548f6b1')
    expect(
      hashOf({ a: 1, b: ['x', null, -0, NaN], c: new Map([[1, new Set([2n])]]), d: new Float32Array([1.5]) }),
    ).toBe('278065175c3ec785')
  })

  test('whatever bits a NaN has, in typed arrays too', () => {
    const other = new Float64Array(1)
    new BigUint64Array(other.buffer)[0] = 0xfff8_0000_0000_0001n
    expect(other[0]).toBeNaN()
    expect(hashOf(other)).toBe(hashOf(new Float64Array([NaN])))
    expect(hashOf(other[0])).toBe(hashOf(NaN))
    const single = new Float32Array(1)
    new Uint32Array(single.buffer)[0] = 0xffc0_0001
    expect(hashOf(single)).toBe(hashOf(new Float32Array([NaN])))
  })

  test('after a reset, as from a new hasher', () => {
    const hasher = new StateHasher()
    hasher.add({ a: [1, 2, { b: 'x' }] })
    hasher.digest()
    hasher.reset()
    hasher.add({ c: 1 })
    expect(hasher.digest()).toBe(hashOf({ c: 1 }))
    expect(hasher.digest()).toBe(hashOf({ c: 1 }))
  })
})

describe('[FL5] the hash differs', () => {
  const shared = { x: 1 }
  const cycle: { next?: unknown } = {}
  cycle.next = cycle
  const twoCycle: { next?: unknown } = { next: {} }
  twoCycle.next = { next: twoCycle }
  const buffer = new ArrayBuffer(16)
  // oxlint-disable-next-line eslint/no-sparse-arrays -- a hole is what is tested
  const hole = [1, , 2]
  test.each([
    ['0 and −0', 0, -0],
    ['a number and its text', 1, '1'],
    ['1 and 1n', 1, 1n],
    ['undefined and null', undefined, null],
    ['true and 1', true, 1],
    ['a sign changed twice', [1, 2], [-1, -2]],
    ['values swapped', { a: 1, b: 2 }, { a: 2, b: 1 }],
    ['key order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['key names', { a: 1 }, { b: 1 }],
    ['keys cut elsewhere', { ab: 1, c: 1 }, { a: 1, bc: 1 }],
    ['texts cut elsewhere', ['ab', 'c'], ['a', 'bc']],
    ['a text and one with a zero unit more', 'a', 'a\0'],
    ['nesting', [[1], 2], [[1, 2]]],
    ['an absent and an undefined field', {}, { a: undefined }],
    ['a hole and undefined', hole, [1, undefined, 2]],
    ['an array and an object', [1], { 0: 1 }],
    ['a Map and an object', new Map([['a', 1]]), { a: 1 }],
    [
      'insertion order of a Map',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ],
    ['insertion order of a Set', new Set([1, 2]), new Set([2, 1])],
    ['dates', new Date(0), new Date(1)],
    ['classes', new Tank(), new Truck()],
    ['an instance and a plain object', new Tank(), { hp: 3 }],
    ['an object without prototype', Object.create(null), {}],
    ['an alias and a copy', [shared, shared], [shared, { x: 1 }]],
    ['cycles of other length', cycle, twoCycle],
    ['kinds of typed arrays', new Int8Array(4), new Uint8Array(4)],
    ['one buffer and two', [new Uint8Array(buffer), new Uint8Array(buffer)], [new Uint8Array(16), new Uint8Array(16)]],
    ['offsets of views', new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4, 4)],
    ['bytes beyond the last whole word', new Uint8Array([0, 0, 0, 0, 1]), new Uint8Array([0, 0, 0, 0, 2])],
    ['floats of an odd number of words', new Float32Array([0, 0, 1]), new Float32Array([0, 0, 2])],
    ['the last half of a float buffer', tailed(1), tailed(2)],
  ])('between %s', (_what, left, right) => {
    expect(hashOf(left)).not.toBe(hashOf(right))
  })

  test('between one value added and two', () => {
    expect(hashOf([1, 2])).not.toBe(hashOf(1, 2))
    expect(hashOf(1, 2)).not.toBe(hashOf(2, 1))
    expect(hashOf(shared, shared)).not.toBe(hashOf(shared, { x: 1 }))
  })

  test('by any one bit of 64', () => {
    const base = new Float64Array([1.5])
    const seen = new Set<string>()
    for (let bit = 0; bit < 64; bit++) {
      const changed = base.slice()
      const words = new BigUint64Array(changed.buffer)
      words[0] = (words[0] ?? 0n) ^ (1n << BigInt(bit))
      seen.add(hashOf(changed[0]))
    }
    expect(seen.size).toBe(64)
  })

  test('for 30 000 small values: no two alike, in either half', () => {
    const whole = new Set<string>()
    const first = new Set<string>()
    const second = new Set<string>()
    const hasher = new StateHasher()
    for (let index = 0; index < 30_000; index++) {
      hasher.reset()
      hasher.add({ x: index % 300, y: Math.floor(index / 300) })
      const digest = hasher.digest()
      whole.add(digest)
      first.add(digest.slice(0, 8))
      second.add(digest.slice(8))
    }
    expect(whole.size).toBe(30_000)
    // Of 30 000 random 32-bit numbers a pair is alike in one case of ten.
    expect(first.size).toBeGreaterThan(29_995)
    expect(second.size).toBeGreaterThan(29_995)
  })

  test('for two different values of any kind', () => {
    fc.assert(
      fc.property(node, node, (left, right) => {
        fc.pre(!isDeepEqual(left, right))
        expect(hashOf(left)).not.toBe(hashOf(right))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the hash keeps going', () => {
  test('through 100 000 links', () => {
    let list: object = {}
    for (let index = 0; index < 100_000; index++) list = { next: list }
    expect(hashOf(list)).toMatch(/^[0-9a-f]{16}$/)
  })

  test('over texts and buffers longer than its own buffer', () => {
    const text = 'x'.repeat(50_000)
    expect(hashOf(text)).not.toBe(hashOf(`${text.slice(0, -1)}y`))
    const floats = new Float64Array(20_000)
    const other = floats.slice()
    other[19_999] = 1
    expect(hashOf(floats)).not.toBe(hashOf(other))
  })

  test('over what state may not hold, by its being there', () => {
    expect(hashOf({ f: () => 1 })).toBe(hashOf({ f: () => 2 }))
    expect(hashOf({ f: () => 1 })).not.toBe(hashOf({ f: undefined }))
  })

  test('with class names from outside', () => {
    const named = (name: string): string => {
      const hasher = new StateHasher(() => name)
      hasher.add(new Tank())
      return hasher.digest()
    }
    expect(named('a.ts#Tank')).not.toBe(named('b.ts#Tank'))
  })
})

/** Three words, of which the last is beyond the last whole float. */
function tailed(word: number): unknown[] {
  const buffer = new ArrayBuffer(12)
  const words = new Int32Array(buffer)
  words[2] = word
  return [new Float64Array(buffer, 0, 1), words]
}

/** As the hash sees it: key order counts, NaNs do not differ. */
function isDeepEqual(left: unknown, right: unknown): boolean {
  return describeValue(left) === describeValue(right)
}

function describeValue(value: unknown): string {
  if (value instanceof Date) return `date ${value.getTime()}`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${[...new Uint8Array(value.buffer)].join()}]`
  if (Array.isArray(value)) return `[${value.map(describeValue).join()}]`
  if (value instanceof Map) return `map {${[...value].map((entry) => describeValue(entry)).join()}}`
  if (value instanceof Set) return `set {${[...value].map(describeValue).join()}}`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${describeValue(item)}`)
      .join()}}`
  }
  if (typeof value === 'string') return JSON.stringify(value)
  return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
}
