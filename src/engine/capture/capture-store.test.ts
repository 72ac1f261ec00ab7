import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { frameNumber, timelineId, type Moment } from '../../protocol/values.ts'
import { StateHasher } from '../state-hash.ts'
import { CaptureReader } from './capture-reader.ts'
import { CaptureStore } from './capture-store.ts'
import type { CaptureClasses } from './class-names.ts'

class Tank {
  x = 0
  hp = 3
  name = 'tank'
}
class Heavy extends Tank {
  armour = 2.5
}
const prototypes = new Map<string, object>([
  ['game.ts#Tank', Tank.prototype],
  ['game.ts#Heavy', Heavy.prototype],
])
const classes: CaptureClasses & { prototypeOf(key: string): object | undefined } = {
  kindOf: (prototype) => ([...prototypes.values()].includes(prototype) ? 'known' : 'unknown'),
  keyOf: (prototype) => [...prototypes].find(([, known]) => known === prototype)?.[0],
  prototypeOf: (key) => prototypes.get(key),
}
const at = (frame: number, timeline = 0): Moment => ({ timeline: timelineId(timeline), frame: frameNumber(frame) })
const hashOf = (value: unknown): string => {
  const hasher = new StateHasher()
  hasher.add(value)
  return hasher.digest()
}

/** A store with a reader on its buffer, for one part. */
function setUp(byteLimit = 2 ** 20) {
  const store = new CaptureStore({ classes, byteLimit })
  const reader = new CaptureReader(store.buffer, classes)
  let frame = 0
  const restore = (moment: Moment): unknown => {
    const found = reader.newestUpTo(moment)
    return found === undefined ? undefined : reader.read(found)?.[0]?.value
  }
  return {
    store,
    reader,
    restore,
    /** Captures a state as the next frame and gives what comes back. */
    roundTrip(state: unknown): unknown {
      frame++
      store.begin(at(frame))
      expect(store.put('game', state)).toBe(true)
      expect(store.end()).toBe(true)
      return restore(at(frame))
    },
  }
}

const shared = { x: 1 }
const cyclic: { self?: unknown } = {}
cyclic.self = cyclic
const holey: unknown[] = [1, 2]
holey[5] = 'x'
const sparse: unknown[] = []
sparse[1_000_000] = { x: 1 }
const buffer = new Float64Array([1, NaN, -0]).buffer

describe('[HS1] a capture comes back as it was', () => {
  test.each<[string, unknown]>([
    ['primitives', [undefined, null, true, 1, -0, NaN, Infinity, 'x', '', 10n, -3n]],
    ['nested objects', { a: { b: { c: [1, 'x', { d: null }] } } }],
    ['an alias', { a: shared, b: [shared] }],
    ['a cycle', cyclic],
    ['holes', holey],
    ['a sparse array', sparse],
    [
      'maps and sets',
      {
        m: new Map<unknown, unknown>([
          ['a', 1],
          [shared, shared],
        ]),
        s: new Set<unknown>([1, shared]),
      },
    ],
    ['dates', { when: new Date(5), never: new Date(NaN) }],
    [
      'views that share a buffer',
      { a: new Uint8Array(buffer, 3, 5), b: new Float64Array(buffer), c: new DataView(buffer, 2), buffer },
    ],
    ['classes', { a: new Tank(), b: new Heavy(), list: Array.from({ length: 20 }, () => new Tank()) }],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['odd keys', JSON.parse('{"__proto__":{"x":1},"1":2,"":3,"a b":{"__proto__":4}}')],
    ['a large object', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, { x: i }]))],
    [
      'rows',
      Array.from({ length: 50 }, (_, i) => ({ x: i / 3, name: `n${i}`, on: i % 2 === 0, pos: { x: i, y: -i } })),
    ],
    [
      'rows of many kinds',
      Array.from({ length: 50 }, (_, i) => ({ x: i % 3 === 0 ? null : i, t: i % 2 === 0 ? 'x' : undefined, l: [i] })),
    ],
  ])('%s', (_, state) => {
    const game = setUp()
    const copy = game.roundTrip(state)
    if (state !== sparse) expect(copy).toEqual(state)
    expect(hashOf(copy)).toBe(hashOf(state))
    if (typeof state === 'object') expect(copy).not.toBe(state)
    expect(hashOf(game.roundTrip(state))).toBe(hashOf(state))
  })
})

describe('[HS1] captures frame after frame', () => {
  const names = ['a', 'b', 'pos', 'name', 'hp', '7']
  const primitive = fc.oneof(
    fc.double(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom('', 'x', 'tank', 'long enough a text to be no symbol'),
    fc.boolean(),
    fc.constantFrom(undefined, null, 3n, -0),
  )
  /** Numbers from 0 to 1 that choose what happens. */
  const choices = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
    minLength: 30,
    maxLength: 250,
  })

  /** A world of random states: built and changed by choices drawn in order. */
  class World {
    readonly state: Record<string, unknown> = {}
    readonly #draws: readonly number[]
    readonly #values: readonly unknown[]
    #next = 0

    constructor(draws: readonly number[], values: readonly unknown[]) {
      this.#draws = draws
      this.#values = values
      this.state['list'] = Array.from({ length: 20 }, (_, i) => ({ a: i, b: `n${i}`, pos: { x: i, y: 0 } }))
      this.state['tanks'] = Array.from({ length: 17 }, () => new Tank())
      this.state['map'] = new Map(Array.from({ length: 18 }, (_, i) => [i, { a: i }]))
    }

    get isDone(): boolean {
      return this.#next >= this.#draws.length
    }

    #below(count: number): number {
      return Math.floor((this.#draws[this.#next++ % this.#draws.length] ?? 0) * count)
    }

    #pick<Item>(items: readonly Item[]): Item | undefined {
      return items[this.#below(items.length)]
    }

    #objects(): object[] {
      const found = new Set<object>([this.state])
      for (const object of found) {
        const inner = [
          ...(object instanceof Map ? [...object.keys(), ...object.values()] : []),
          ...(object instanceof Set ? object : []),
          ...(ArrayBuffer.isView(object) ? [] : Object.values(object)),
        ]
        for (const value of inner) if (typeof value === 'object' && value !== null) found.add(value)
      }
      return [...found]
    }

    #value(): unknown {
      switch (this.#below(14)) {
        case 0:
          return this.#pick(this.#objects())
        case 1:
          return {}
        case 2:
          return Array.from({ length: this.#below(40) }, (_, i) => ({ a: i, b: 'x' }))
        case 3:
          return new Tank()
        case 4:
          return new Map([[1, 'x']])
        case 5:
          return new Set(['x'])
        case 6:
          return new Date(this.#below(1000))
        case 7:
          return new Float64Array([this.#below(9), NaN]).subarray(this.#below(2))
        case 8:
          return { x: this.#below(5), y: -0 }
        case 9:
          return new Heavy()
        case 10:
          return Array.from({ length: 20 }, () => ({ a: { b: this.#below(3) }, name: 'x' }))
        default:
          return this.#pick(this.#values)
      }
    }

    /** One random change somewhere. */
    change(): void {
      const object = this.#pick(this.#objects()) ?? this.state
      if (Array.isArray(object)) return this.#changeArray(object)
      if (object instanceof Map) {
        object.set(this.#below(3) === 0 ? this.#value() : this.#below(20), this.#value())
        if (this.#below(3) === 0) object.delete(this.#below(20))
        return
      }
      if (object instanceof Set) return void object.add(this.#value())
      if (object instanceof Date) return void object.setTime(this.#below(99))
      if (object instanceof Float64Array) {
        object[0] = this.#below(99)
        return
      }
      if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return
      const key = this.#pick([...Object.keys(object), ...names]) ?? 'a'
      switch (this.#below(6)) {
        case 0:
          Reflect.deleteProperty(object, key)
          return
        case 1:
          Reflect.deleteProperty(object, key)
          Reflect.set(object, key, this.#value())
          return
        case 2:
          if (object instanceof Tank || Object.getPrototypeOf(object) === Object.prototype)
            Object.setPrototypeOf(object, this.#pick([Tank.prototype, Heavy.prototype, Object.prototype]) ?? null)
          return
        default:
          Reflect.set(object, key, this.#value())
      }
    }

    #changeArray(array: unknown[]): void {
      const index = this.#below(array.length + 1)
      switch (this.#below(10)) {
        case 0:
          array.push(this.#value())
          return
        case 1:
          array.splice(index, 1)
          return
        case 2:
          Reflect.deleteProperty(array, index)
          return
        case 3:
          array.reverse()
          return
        case 4:
          array.splice(index, 0, { a: 1, b: 'new', pos: { x: 0, y: 1 } })
          return
        case 5:
          array[index] = array[this.#below(array.length)]
          return
        case 6:
          if (Array.isArray(this.state['list'])) this.state['list'] = this.state['list'].filter((_, i) => i !== index)
          return
        case 7: {
          const other = array[this.#below(array.length)]
          array[this.#below(array.length)] = array[index]
          array[index] = other
          return
        }
        case 8: {
          const item = array[index]
          if (typeof item === 'object' && item !== null) array[index] = { ...item }
          return
        }
        default:
          array[index] = this.#value()
      }
    }
  }

  test('hash equal at every frame, whatever changes in between', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(choices, fc.array(primitive, { minLength: 5, maxLength: 20 }), (draws, values) => {
        const world = new World(draws, values)
        const game = setUp(4 * 2 ** 20)
        while (!world.isDone) {
          for (let change = 0; change < 1 + (draws.length % 3); change++) world.change()
          expect(hashOf(game.roundTrip(world.state))).toBe(hashOf(world.state))
        }
      }),
      { numRuns: Number(process.env['CAPTURE_RUNS'] ?? 150) },
    )
  })
})
