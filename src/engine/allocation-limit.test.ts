import { expect, test } from 'vitest'
import { AllocationLimit, createSizeCounter } from './allocation-limit.ts'

const limited = (
  bytes: number,
): { readonly limit: AllocationLimit; readonly size: (each: number, n: unknown) => unknown } => {
  const limit = new AllocationLimit()
  limit.set(bytes)
  return { limit, size: createSizeCounter((taken) => limit.take(taken, 'a', 'process')) }
}

test('[ML4] what a call takes counts up to the limit, over which it is refused before it is taken', () => {
  const { limit, size } = limited(1000)
  expect(size(8, 100)).toBe(100)
  const list = [1, 2, 3]
  expect(size(8, list)).toBe(list)
  expect(() => size(8, 30)).toThrow(/`process` of a takes 0 MB of memory/)
  expect(limit.overrun).toMatchObject({ module: 'a' })
  limit.callBegan()
  expect(size(8, 100)).toBe(100)
})

test('[ML4] views of a buffer take nothing, nor what has no size; and nothing is refused without a limit', () => {
  const { limit, size } = limited(1000)
  const buffer = new ArrayBuffer(5000)
  for (const value of [buffer, undefined, null, new Set([1]), -1]) expect(size(8, value)).toBe(value)
  limit.lift()
  expect(size(8, 1e9)).toBe(1e9)
})

test('[ML4] `setup` may load as much as it needs', () => {
  const limit = new AllocationLimit()
  limit.set(1000)
  limit.take(5000, 'a', 'setup')
  expect(limit.overrun).toBeUndefined()
})
