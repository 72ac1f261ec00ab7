import { expect, test } from 'vitest'
import { stateSize } from './state-size.ts'

test('[ML4] a state is weighed by a few elements of its lists, and by all of them where that says too much', () => {
  expect(stateSize({ a: new Float64Array(1000), b: 'x'.repeat(500) }, 1e6)).toBeGreaterThanOrEqual(8500)
  const list = Array.from({ length: 10_000 }, (_, x) => ({ x, y: { z: x } }))
  expect(stateSize({ list }, 1e9)).toBeGreaterThan(10_000 * 40)
  expect(stateSize({ list }, 1e9)).toBeLessThan(10_000 * 200)
  expect(stateSize({ list }, 100_000)).toBeGreaterThan(100_000)
})

test('[ML4] what stands at many places counts once', () => {
  const tile = { pixels: new Uint8Array(100_000) }
  const tiles = Array.from({ length: 10_000 }, () => tile)
  expect(stateSize({ tiles }, 500_000)).toBeLessThan(500_000)
  const palette = Array.from({ length: 10 }, () => ({ pixels: new Uint8Array(1000) }))
  const map = new Map(Array.from({ length: 10_000 }, (_, i) => [i, palette[i % 10]]))
  expect(stateSize({ map }, 1e6)).toBeLessThan(1e6)
  const buffer = new ArrayBuffer(1000)
  const cycle: { self?: unknown; views: object[] } = { views: [new Uint8Array(buffer), new Float64Array(buffer)] }
  cycle.self = cycle
  expect(stateSize(cycle, 1e6)).toBeLessThan(2000)
})
