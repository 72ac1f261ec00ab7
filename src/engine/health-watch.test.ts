// Health is looked at every 30 frames, told when it changes, and kept.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { n: number }
  readonly publish: (topic: string, data: unknown) => void
}

const tired = (more: object = {}): TestModule => ({
  definition: {
    init: () => ({ n: 0 }),
    process: ({ state }: Context) => void state.n++,
    health: ({ n }: { n: number }) =>
      n < 40 ? { status: 'ok' } : n < 100 ? { status: 'warning', message: `${n} is much` } : { status: 'ok' },
    ...more,
  },
})

describe('[HL1] the health of modules', () => {
  test('is asked every 30 frames, and a change is logged and kept', async () => {
    const lab = new TestEngine()
    let asked = 0
    const counting = (): object => {
      asked++
      return { status: 'ok' }
    }
    await lab.run({ a: tired(), b: tired({ health: counting }) })
    await lab.execute('step', 120)
    // And where the program came to stand.
    expect(asked).toBeLessThanOrEqual(6)
    expect(await lab.execute('healthHistory')).toEqual([
      { module: 'a', subject: 'module', status: 'warning', message: '60 is much', moment: { timeline: 0, frame: 60 } },
      { module: 'a', subject: 'module', status: 'ok', moment: { timeline: 0, frame: 120 } },
    ])
    expect(lab.core.logBook.filter({ text: 'health' })).toMatchObject([
      { module: 'a', level: 'warning', text: 'health: warning: 60 is much' },
      { module: 'a', level: 'info', text: 'health: well again' },
    ])
    expect(await lab.execute('healthHistory', 'b')).toEqual([])
  })

  test('is of now while the program is paused', async () => {
    const lab = new TestEngine()
    await lab.run({ a: tired() })
    await lab.execute('step', 41)
    expect(await lab.execute('modules')).toMatchObject([{ health: { status: 'warning', message: '41 is much' } }])
    await lab.execute('setState', 'a', 'n', 1)
    expect(await lab.execute('modules')).toMatchObject([{ health: { status: 'ok' } }])
  })

  test('one that throws or gives something else is in error, and runs on', async () => {
    const lab = new TestEngine()
    const broken = tired({
      health: () => {
        throw new Error('no pulse')
      },
    })
    await lab.run({ a: broken, b: tired({ health: () => 'fine' }) })
    await lab.execute('step', 31)
    expect(await lab.execute('modules')).toMatchObject([
      { health: { status: 'error', message: '`health` threw: no pulse' }, missedFrames: 0 },
      { health: { status: 'error', message: /must return/ } },
    ])
  })
})

test('[HL2] a queue that is not read is in the history too', async () => {
  const lab = new TestEngine()
  const loud: TestModule = {
    definition: {
      init: () => ({}),
      process: ({ publish }: Context) => {
        for (let i = 0; i < 300; i++) publish('x', i)
      },
    },
  }
  const deaf: TestModule = { definition: { subscribe: ['x'], init: () => ({}), process: () => undefined } }
  await lab.run({ loud, deaf })
  await lab.execute('step', 60)
  expect(await lab.execute('healthHistory', 'deaf')).toMatchObject([
    { subject: 'queue', status: 'warning', moment: { frame: 30 } },
    { subject: 'queue', status: 'error', moment: { frame: 60 } },
  ])
})
