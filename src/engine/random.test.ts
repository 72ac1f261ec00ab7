import { describe, expect, test } from 'vitest'
import { createRandom, RandomStream } from './random.ts'

const draw = (random: () => number, count: number): number[] => Array.from({ length: count }, () => random())

describe('[FL5] random streams', () => {
  test('the same seed, module, phase and frame give the same numbers, in every realm', () => {
    const pinned = [0.9387896108298288, 0.22760377876879279, 0.5561738263903216]
    expect(draw(createRandom(1, 'tank', 'process', 7), 3)).toEqual(draw(createRandom(1, 'tank', 'process', 7), 3))
    expect(draw(createRandom(1, 'tank', 'process', 7), 3)).toEqual(pinned)
  })

  test.each([
    ['seed', createRandom(2, 'tank', 'process', 7)],
    ['module', createRandom(1, 'tanl', 'process', 7)],
    ['phase', createRandom(1, 'tank', 'render', 7)],
    ['frame', createRandom(1, 'tank', 'process', 8)],
    ['high bits of the seed', createRandom(1 + 2 ** 31, 'tank', 'process', 7)],
  ])('another %s gives other numbers', (_what, other) => {
    const own = draw(createRandom(1, 'tank', 'process', 7), 8)
    expect(draw(other, 8).filter((value, index) => value === own[index])).toEqual([])
  })

  test('a stream reset to a frame starts where a new one does, whatever was drawn before', () => {
    const stream = new RandomStream('tank', 'process')
    stream.reset(1, 6)
    draw(stream.random, 100)
    stream.random.normal()
    stream.reset(1, 7)
    expect(draw(stream.random, 5)).toEqual(draw(createRandom(1, 'tank', 'process', 7), 5))
  })

  test('numbers of consecutive frames are spread evenly: first draws of 10 000 frames in 100 bins', () => {
    const stream = new RandomStream('tank', 'process')
    const bins = Array.from({ length: 100 }, () => 0)
    for (let frame = 0; frame < 10_000; frame++) {
      stream.reset(1, frame)
      const bin = Math.floor(stream.random() * 100)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)
    // 99 degrees of freedom: 0.1 % of fair streams are above 149, 0.1 % below 60.
    expect(chiSquare).toBeGreaterThan(60)
    expect(chiSquare).toBeLessThan(149)
  })
})

describe('what a module draws', () => {
  test('range and integer keep to their bounds', () => {
    const random = createRandom(3, 'm', 'process', 1)
    const whole = new Set<number>()
    for (let index = 0; index < 1000; index++) {
      const value = random.range(-2, 5)
      expect(value).toBeGreaterThanOrEqual(-2)
      expect(value).toBeLessThan(5)
      whole.add(random.integer(-1, 2))
    }
    expect([...whole].sort((left, right) => left - right)).toEqual([-1, 0, 1, 2])
    expect(random.integer(4, 4)).toBe(4)
    expect(random.range(2, 2)).toBe(2)
    // Between neighbouring numbers rounding would reach the excluded bound.
    for (let index = 0; index < 50; index++) expect(random.range(1, 1 + Number.EPSILON)).toBe(1)
  })

  test('an empty choice is an error that says so', () => {
    const random = createRandom(3, 'm', 'process', 1)
    expect(() => random.integer(5, 1)).toThrow('random.integer(5, 1)')
    expect(() => random.integer(0.2, 0.8)).toThrow(RangeError)
    expect(() => random.pick([])).toThrow('at least one item')
  })

  test('pick reaches every item, undefined among them', () => {
    const random = createRandom(3, 'm', 'process', 1)
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', undefined, 'c'])))
    expect(picked).toEqual(new Set(['a', undefined, 'c']))
  })

  test('shuffle gives every order of three alike, and leaves the array alone', () => {
    const random = createRandom(3, 'm', 'process', 1)
    const items = Object.freeze([1, 2, 3])
    const orders = new Map<string, number>()
    for (let index = 0; index < 6000; index++) {
      const order = random.shuffle(items).join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(6)
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  test('normal has the mean and deviation asked for', () => {
    const random = createRandom(3, 'm', 'process', 1)
    const values = Array.from({ length: 20_000 }, () => random.normal(10, 2))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(mean).toBeCloseTo(10, 1)
    expect(Math.sqrt(variance)).toBeCloseTo(2, 1)
  })
})
