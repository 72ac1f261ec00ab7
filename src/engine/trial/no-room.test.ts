// A state that grows beyond what captures have room for, live: nothing of it could be taken back later, so it is taken back in its trial.

import { expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; big?: Uint8Array }
}

const counter = (more: (context: Context) => void = () => undefined): TestModule => ({
  code: () => ({
    default: {
      init: () => ({ n: 0 }),
      process: (context: Context) => {
        context.state.n++
        more(context)
      },
    },
  }),
})

const hoarding = counter(({ state }) => {
  state.big = new Uint8Array(8e6)
})

test('[ML8] a state that captures have no room for is taken back, and the others miss nothing', async () => {
  const lab = new TestEngine()
  onTestFinished(() => lab.core.dispose())
  const other = { ...counter(), key: 'other' }
  await lab.run({ a: counter(), b: other })
  await lab.execute('step', 5)
  expect(await lab.run({ a: hoarding, b: other })).toMatchObject([{ outcome: 'committed' }])
  await lab.execute('step', 5)
  expect(lab.core.receipts.list().at(-1)).toMatchObject({
    outcome: 'rolled-back',
    error: { message: expect.stringContaining('more than captures have room for') },
  })
  expect(await lab.execute('state', 'a')).toEqual({ n: 10 })
  expect(await lab.execute('state', 'b')).toEqual({ n: 10 })
  expect(lab.core.problems.list()).toMatchObject([{ id: 'load:a' }])
})

test('[HS1] where it is so from the start, it is told, and cleared when there is room again', async () => {
  const lab = new TestEngine()
  onTestFinished(() => lab.core.dispose())
  await lab.run({ a: hoarding })
  await lab.execute('step', 5)
  expect(lab.core.problems.list()).toMatchObject([{ id: 'capture:a', severity: 'warning' }])
  await lab.execute('setState', 'a', 'n', 1)
  await lab.run({ a: counter(({ state }) => delete state.big) })
  await lab.execute('step', 5)
  expect(lab.core.problems.list()).toEqual([])
})
