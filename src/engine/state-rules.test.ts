import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkState, StateChecker, type ClassKind } from './state-rules.ts'
import { createShadowDate } from './shadow-date.ts'

class Tank {
  hp = 3
}
class HeavyTank extends Tank {
  armour = 2
}
class Safe {
  #code = 1234
  open(code: number): boolean {
    return code === this.#code
  }
}
class Stranger {
  name = 'x'
}
class KnownList extends Array<number> {}
class KnownOfStranger extends Stranger {}

const rules = {
  classOf(prototype: object): ClassKind {
    if (prototype === Safe.prototype) return 'private'
    const known: readonly object[] = [
      Tank.prototype,
      HeavyTank.prototype,
      KnownList.prototype,
      KnownOfStranger.prototype,
    ]
    return known.includes(prototype) ? 'known' : 'unknown'
  },
}
const check = (value: unknown): string | undefined => checkState(value, rules)

describe('state may hold', () => {
  const shared = { id: 1 }
  const cycle: { self?: object } = {}
  cycle.self = cycle
  const holes: unknown[] = [1]
  holes[3] = 2
  const ShadowDate = createShadowDate(Date, () => 0)
  test.each([
    ['primitives', { a: 1, b: 'x', c: true, d: null, e: undefined, f: 10n, g: NaN }],
    ['nested plain objects and arrays', { tanks: [{ position: [1, 2] }] }],
    ['objects without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['Map and Set, with objects as keys', { map: new Map([[{ id: 1 }, new Set([[1]])]]) }],
    ['dates, of a shadow class too', { realm: new Date(0), shadow: new ShadowDate() }],
    [
      'buffers and views',
      { buffer: new ArrayBuffer(8), floats: new Float64Array(2), view: new DataView(new ArrayBuffer(1)) },
    ],
    ['instances of known classes', { tank: new Tank(), heavy: new HeavyTank() }],
    ['aliases', { first: shared, second: shared }],
    ['cycles', cycle],
    ['arrays with holes', { holes }],
    ['a primitive alone', 7],
  ])('%s', (_what, value) => {
    expect(check(value)).toBeUndefined()
  })
})

describe('state may not hold, and the message leads to it', () => {
  const withAccessor = { inner: {} }
  Object.defineProperty(withAccessor.inner, 'x', { get: () => 1, enumerable: true, configurable: true })
  const readOnly = {}
  Object.defineProperty(readOnly, 'x', { value: 1, enumerable: true, configurable: true })
  const hidden = {}
  Object.defineProperty(hidden, 'x', { value: 1, writable: true, configurable: true })
  test.each([
    ['a function', { tanks: [0, 1, 2, { onHit: () => 1 }] }, /^state\.tanks\[3\]\.onHit is a function.*process/],
    ['a class', { kind: Tank }, /^state\.kind is a function/],
    ['a symbol', { s: Symbol('s') }, /^state\.s is a symbol/],
    ['a symbol key', { a: { [Symbol('k')]: 1 } }, /^state\.a has the symbol key Symbol\(k\)/],
    ['a promise', { p: Promise.resolve(1) }, /^state\.p is a promise.*setup/],
    [
      'a thenable of an unknown class',
      {
        p: new (class {
          then(): void {}
        })(),
      },
      /^state\.p is a promise/,
    ],
    ['an accessor', withAccessor, /^state\.inner\.x is an accessor/],
    ['a read-only property', { a: readOnly }, /^state\.a\.x is read-only or hidden/],
    ['a hidden property', { a: hidden }, /^state\.a\.x is read-only or hidden/],
    ['a frozen object', { a: Object.freeze({ x: 1 }) }, /^state\.a is frozen/],
    ['a sealed array', { a: Object.seal([1]) }, /^state\.a is frozen, sealed/],
    [
      'an instance with #private members',
      { safe: new Safe() },
      /^state\.safe is an instance of Safe, which has #private members/,
    ],
    ['an instance of an unknown class', { s: new Stranger() }, /^state\.s is a Stranger: .*top level/],
    ['an instance whose base is unknown', { s: new KnownOfStranger() }, /^state\.s is a KnownOfStranger/],
    ['an array of a class', { list: new KnownList() }, /^state\.list is a KnownList, which extends Array/],
    ['a regular expression', { r: /x/ }, /^state\.r is a RegExp/],
    ['an error', { e: new Error('x') }, /^state\.e is an Error/],
    ['a WeakMap', { w: new WeakMap() }, /^state\.w is a WeakMap/],
    ['shared memory', { s: new SharedArrayBuffer(8) }, /^state\.s is a SharedArrayBuffer/],
    [
      'a view on shared memory',
      { s: new Uint8Array(new SharedArrayBuffer(8)) },
      /^state\.s is a Uint8Array on a SharedArrayBuffer/,
    ],
    ['a match, an array with named properties', { m: /b/.exec('abc') }, /^state\.m has the extra property "index"/],
    [
      'a Map with named properties',
      { m: Object.assign(new Map(), { extra: 1 }) },
      /^state\.m has the extra property "extra"/,
    ],
    ['a function in a Map', { byId: new Map([['a', { f: () => 1 }]]) }, /^state\.byId\.get\("a"\)\.f is a function/],
    ['a function as key', { byId: new Map([[() => 1, 1]]) }, /^state\.byId<key> is a function/],
    ['a function in a Set', { all: new Set([{ f: () => 1 }]) }, /^state\.all<item>\.f is a function/],
    ['odd names', { 'two words': [{ '7up': () => 1 }] }, /^state\["two words"\]\[0\]\["7up"\] is a function/],
    ['a function for a state', () => 1, /^state is a function/],
    ['a promise for a state', Promise.resolve({}), /^state is a promise/],
  ])('%s', (_what, value, message) => {
    expect(check(value)).toMatch(message)
  })

  test('the root is named as asked', () => {
    expect(checkState({ f: () => 1 }, { ...rules, root: 'snapshot' })).toMatch(/^snapshot\.f is a function/)
  })

  test('a list of 200 000 links is no problem', () => {
    let list: object = { end: true }
    for (let index = 0; index < 200_000; index++) list = { next: list }
    expect(check(list)).toBeUndefined()
  })
})

interface Tree {
  readonly [key: string]: unknown
}
const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.bigInt())
const { tree } = fc.letrec<{ tree: Tree; node: unknown }>((tie) => ({
  tree: fc.dictionary(fc.string({ maxLength: 3 }), tie('node'), { minKeys: 1, maxKeys: 4 }),
  node: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    tie('tree'),
    fc.array(fc.tuple(leaf, tie('node')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
}))

/** All containers that a culprit can be planted in. */
function containers(root: unknown): (unknown[] | Map<unknown, unknown> | Record<string, unknown>)[] {
  const found: (unknown[] | Map<unknown, unknown> | Record<string, unknown>)[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) found.push(value)
    else if (value instanceof Map) found.push(value)
    else found.push(Object.assign(value))
    for (const item of value instanceof Map ? value.values() : Object.values(value)) visit(item)
  }
  visit(root)
  return found
}

function plant(root: unknown, at: number): void {
  const places = containers(root)
  const place = places[at % places.length]
  const culprit = (): void => {}
  if (Array.isArray(place)) place.push(culprit)
  else if (place instanceof Map) place.set('planted', culprit)
  else if (place !== undefined) place['planted'] = culprit
}

describe('a planted culprit', () => {
  test('is found wherever it is, and nothing is found without', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (state, at) => {
        expect(check(state)).toBeUndefined()
        plant(state, at)
        expect(check(state)).toMatch(/is a function/)
      }),
    )
  })

  test('is found by shares of any size', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.integer({ min: 1, max: 20 }), (state, at, budget) => {
        plant(state, at)
        const checker = new StateChecker(rules)
        let found: string | undefined
        for (let step = 0; step < 3000 && found === undefined; step++) found = checker.step(state, budget)
        expect(found).toMatch(/is a function/)
      }),
    )
  })
})

describe('checking in shares', () => {
  const stateOf = (count: number): { items: { value: unknown }[] } => ({
    items: Array.from({ length: count }, (_, index) => ({ value: index })),
  })

  test('a share looks at no more than its budget', () => {
    const state = stateOf(1000)
    let reads = 0
    for (const item of state.items) {
      // Descriptors are asked for through a proxy, so that each look is counted.
      item.value = new Proxy({}, { ownKeys: () => (reads++, []) })
    }
    const checker = new StateChecker(rules)
    expect(checker.step(state, 50)).toBeUndefined()
    expect(reads).toBeLessThanOrEqual(50)
  })

  test('a culprit that comes while the round is under way is found in the next', () => {
    const state = stateOf(100)
    const checker = new StateChecker(rules)
    checker.step(state, 150)
    const [first] = state.items
    if (first !== undefined) first.value = () => 1
    let found: string | undefined
    for (let step = 0; step < 20 && found === undefined; step++) found = checker.step(state, 50)
    expect(found).toMatch(/^state\.items\[0\]\.value is a function/)
  })

  test('a culprit that went before its turn is not reported', () => {
    const state = stateOf(100)
    const checker = new StateChecker(rules)
    const last = state.items[99]
    if (last !== undefined) last.value = { f: () => 1 }
    checker.step(state, 120)
    state.items.length = 50
    for (let step = 0; step < 20; step++) expect(checker.step(state, 50)).toBeUndefined()
  })

  test('what moved is reported at the place where it is', () => {
    const state: { list: unknown[] } = { list: [{ f: () => 1 }] }
    const checker = new StateChecker(rules)
    // The object is queued as list[0] and then moves to list[1].
    checker.step(state, 4)
    state.list.unshift({ a: 1 })
    let found: string | undefined
    for (let step = 0; step < 20 && found === undefined; step++) found = checker.step(state, 2)
    expect(found).toMatch(/^state\.list\[1\]\.f is a function/)
  })

  test('another root starts anew', () => {
    const checker = new StateChecker(rules)
    checker.step(stateOf(100), 10)
    expect(checker.step({ f: () => 1 }, 10)).toMatch(/^state\.f/)
  })

  test('Maps and Sets may change while they are walked', () => {
    const state = { map: new Map<number, number>(), set: new Set<number>() }
    for (let index = 0; index < 50; index++) state.map.set(index, index)
    const checker = new StateChecker(rules)
    for (let step = 0; step < 200; step++) {
      state.map.delete(step)
      state.map.set(step + 50, 0)
      state.set.add(step)
      expect(checker.step(state, 7)).toBeUndefined()
    }
  })
})
