// Where captures can't be shared, copies of them are as good: an engine takes over from one, and new code is tried out on one.

import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; items: { x: number }[] }
  readonly random: () => number
  readonly messages: () => { data: unknown }[]
}

const counter = (step: number, count = 10, process: (context: Context) => void = () => undefined): TestModule => ({
  code: () => ({
    default: {
      subscribe: ['**'],
      init: () => ({ n: 0, items: Array.from({ length: count }, (_, x) => ({ x })) }),
      process: (context: Context) => {
        const { state, random, messages } = context
        state.n += step + random() + messages().length * 100
        process(context)
      },
    },
  }),
})

const labWithCopies = (): TestEngine => {
  const lab = new TestEngine({ history: { copies: true } })
  onTestFinished(() => lab.core.dispose())
  return lab
}

describe('[ML9] copies of captures', () => {
  test('go out now and then, small ones as small memory', async () => {
    const lab = labWithCopies()
    await lab.run({ a: counter(1) })
    for (let i = 0; i < 10; i++) {
      lab.clock.advance(100)
      await lab.execute('step', 1)
    }
    const copies = lab.eventsOf('captures')
    expect(copies.map(({ moment }) => moment.frame)).toEqual([1, 6])
    expect(copies[0]?.captures.byteLength).toBe(2 ** 18)
    expect(await lab.execute('status')).toMatchObject({ copiedEvery: 0.5 })
  })

  test('grow with the state, and are left out where it has no room', async () => {
    const lab = labWithCopies()
    await lab.run({ a: counter(1, 50_000) })
    await lab.execute('step', 1)
    expect(lab.eventsOf('captures')[0]?.captures.byteLength).toBeGreaterThan(2 ** 18)
  })

  test('another engine goes on from one: the frames since are computed, nothing is lost', async () => {
    const lab = labWithCopies()
    const revision = lab.revision({ a: counter(1), b: counter(2) })
    await lab.apply(revision)
    await lab.execute('step', 1)
    await lab.execute('publish', 'x', 1)
    await lab.execute('step', 12)
    const captures = lab.eventsOf('captures').at(-1)?.captures
    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', {
      ...structuredClone({ revision, texts: [], entries: lab.core.history.journal.since(0) }),
      captures,
      reached: 13,
    })
    expect(await other.execute('status')).toMatchObject({ frame: 13 })
    await other.execute('step', 1)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
  })

  test('one of what took over goes out before its first frame runs: where that hangs, the next engine goes on from it', async () => {
    const lab = labWithCopies()
    const first = lab.revision({ a: counter(1) })
    const second = lab.revision({ a: counter(2) })
    await lab.apply(first)
    await lab.execute('step', 5)
    await lab.apply(second)
    await lab.execute('step', 5)
    const taken = async (from: TestEngine, more: object): Promise<TestEngine> => {
      const other = new TestEngine({ codeOf: from, history: { copies: true } })
      onTestFinished(() => other.core.dispose())
      const { journal } = from.core.history
      const known = {
        revision: second,
        texts: first.texts,
        entries: journal.since(0),
        receipts: from.core.receipts.list(),
      }
      const captures = from.eventsOf('captures').at(-1)?.captures
      await other.execute('takeOver', { ...structuredClone(known), captures, reached: 10, ...more })
      return other
    }
    const back = await taken(lab, { guilty: { module: 'a', phase: 'process', error: { message: 'hangs' } } })
    expect(back.eventsOf('captures').map(({ moment }) => moment.frame)).toEqual([10])
    const next = await taken(back, {})
    expect(await next.execute('modules')).toMatchObject([{ version: 1, status: 'running' }])
    for (const engine of [back, next]) await engine.execute('step', 10)
    expect(next.core.program.hash()).toBe(back.core.program.hash())
  })

  test('[ML4] new code is tried out on one of that moment', async () => {
    const lab = labWithCopies()
    const standby = new TestEngine({ codeOf: lab })
    await lab.run({ a: counter(1) })
    await lab.execute('step', 5)
    await lab.haveStandby(standby)
    const broken = counter(1, 10, ({ state }) => {
      if (state.n > 12) throw new Error('too far')
    })
    expect(await lab.run({ a: broken })).toMatchObject([
      { outcome: 'rejected', phase: 'rehearse', error: { message: 'too far' } },
    ])
    expect(await lab.run({ a: counter(2) })).toMatchObject([{ outcome: 'committed' }])
  })
})
