// The browser's clock, in Node: its timers and message channels keep the same promises.

import { expect, it, onTestFinished } from 'vitest'
import { RealClock } from './real-clock.ts'

const createClock = (): RealClock => {
  const clock = new RealClock()
  onTestFinished(() => {
    clock.dispose()
  })
  return clock
}

const called = (clock: RealClock, at: number): Promise<number> =>
  new Promise((resolve) => {
    clock.callAt(at, () => {
      resolve(clock.now())
    })
  })

it('[FL3] never calls before the time, also for fractions of a millisecond', async () => {
  const clock = createClock()
  for (const wait of [0, 0.3, 1.7, 4.6, 16.67]) {
    const at = clock.now() + wait
    expect(await called(clock, at)).toBeGreaterThanOrEqual(at)
  }
})

it('[FL2] what is due at once comes after the running task, in order', async () => {
  const clock = createClock()
  const order: string[] = []
  const first = called(clock, clock.now()).then(() => order.push('first'))
  const second = called(clock, clock.now() - 100).then(() => order.push('second'))
  order.push('now')
  await Promise.all([first, second])
  expect(order).toEqual(['now', 'first', 'second'])
})

it('a call that is called off never comes', async () => {
  const clock = createClock()
  const calls: string[] = []
  const offs = [0, 0.5, 3].map((wait) => clock.callAt(clock.now() + wait, () => calls.push(String(wait))))
  for (const off of offs) off()
  await called(clock, clock.now() + 12)
  expect(calls).toEqual([])
})
