import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askAgain, paced } from './pace.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Batches that come when `batch` is called. */
function createSource() {
  const listeners = new Set<() => void>()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const batch = (): void => {
    for (const listener of listeners) listener()
  }
  return { subscribe, batch, listeners }
}

test('runs with the first batch that is in time, one a little early too, and never between batches while they come', () => {
  const { subscribe, batch } = createSource()
  const start = performance.now()
  const ranAt: number[] = []
  paced(
    subscribe,
    () => 250,
    () => ranAt.push(performance.now() - start),
  )
  for (let i = 0; i < 8; i++) {
    vi.advanceTimersByTime(117)
    batch()
  }
  expect(ranAt).toEqual([234, 468, 702, 936])
})

test('a batch that came too early is made up for by the clock where it was the last', () => {
  const { subscribe, batch } = createSource()
  let runs = 0
  paced(
    subscribe,
    () => 250,
    () => runs++,
  )
  vi.advanceTimersByTime(10)
  batch()
  expect(runs).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(runs).toBe(1)
})

test('once ended it runs no more, by a batch or by the clock', () => {
  const { subscribe, batch, listeners } = createSource()
  let runs = 0
  const end = paced(
    subscribe,
    () => 250,
    () => runs++,
  )
  batch()
  end()
  expect(listeners.size).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(runs).toBe(0)
})

test('asks at once, and again with batches, but never while an answer is on its way', async () => {
  const { subscribe, batch } = createSource()
  const answers: (() => void)[] = []
  const client = { on: (_type: 'status', listener: () => void) => subscribe(listener) }
  const end = askAgain(client, 100, () => new Promise((resolve) => answers.push(resolve)))
  expect(answers).toHaveLength(1)
  vi.advanceTimersByTime(117)
  batch()
  expect(answers).toHaveLength(1)
  answers[0]?.()
  await vi.advanceTimersByTimeAsync(117)
  batch()
  expect(answers).toHaveLength(2)
  end()
})
