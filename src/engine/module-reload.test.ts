// Receipts, and the commands on single modules: reload, undo, unload (ML11).

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'

interface Counter {
  n: number
}

function adder(step: number, more: object = {}): object {
  return {
    init: () => ({ n: 0 }),
    process({ state }: { state: Counter }) {
      state.n += step
    },
    ...more,
  }
}

describe('receipts', () => {
  test('[ML11] every reload has one, with moment, versions, times, trigger and title', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    await lab.execute('step', 2)
    await lab.run({ a: { definition: adder(2) } })
    await lab.run({ a: { definition: 7 } })
    const receipts = await lab.execute('receipts')
    expect(receipts).toMatchObject([
      {
        id: 1,
        outcome: 'committed',
        trigger: 'open',
        modules: [{ name: 'a', to: 1 }],
        title: 'revision 1',
        revision: 1,
      },
      {
        id: 2,
        outcome: 'committed',
        trigger: 'save',
        modules: [{ name: 'a', from: 1, to: 2 }],
        moment: { timeline: 0, frame: 2 },
      },
      { id: 3, outcome: 'rejected', phase: 'evaluate', modules: [{ name: 'a', from: 2 }] },
    ])
    expect(lab.eventsOf('receipt').map((event) => event.receipt)).toEqual(receipts)
    expect(lab.eventsOf('receipt')[0]?.receipt.ms).toEqual({
      collect: 0,
      fetch: 0,
      rehearse: 0,
      evaluate: 0,
      migrate: 0,
      validate: 0,
      commit: 0,
      total: 0,
    })
  })

  test('[ML11] undo brings back the version before, on the state of now, step by step', async () => {
    const lab = new TestEngine()
    const modules = (step: number) => ({ a: { definition: adder(step), key: String(step) } })
    await lab.run(modules(1))
    await lab.run(modules(10))
    await lab.run(modules(100))
    await lab.execute('step', 1)
    expect(await lab.execute('undoReload', 'a')).toMatchObject({
      outcome: 'committed',
      trigger: 'undo',
      modules: [{ name: 'a', from: 3, to: 2 }],
    })
    await lab.execute('step', 1)
    expect(await lab.execute('undoReload', 'a')).toMatchObject({ modules: [{ name: 'a', from: 2, to: 1 }] })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 111 })
    await expect(lab.execute('undoReload', 'a')).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })

  test('[ML11] a text a user went back from stays out until it changes', async () => {
    const lab = new TestEngine()
    const a = (step: number) => ({ definition: adder(step), key: String(step) })
    await lab.run({ a: a(1), b: a(1) })
    await lab.run({ a: a(10), b: a(1) })
    await lab.execute('undoReload', 'a')
    expect(await lab.run({ a: a(10), b: a(2) })).toMatchObject([{ modules: [{ name: 'b' }] }])
    expect(await lab.run({ a: a(20), b: a(2) })).toMatchObject([{ modules: [{ name: 'a', from: 1, to: 3 }] }])
  })

  test('reload evaluates the present text afresh, unload takes a module out', async () => {
    const lab = new TestEngine()
    let evaluations = 0
    const code = () => {
      evaluations++
      return { default: adder(1) }
    }
    const revision = lab.revision({
      a: { code, key: '1' },
      b: { definition: adder(1, { dependencies: ['a'] }), key: '1' },
    })
    await lab.apply(revision)
    expect(await lab.execute('reload', 'a')).toMatchObject({
      outcome: 'committed',
      modules: [{ name: 'a', from: 1, to: 1 }],
    })
    expect(evaluations).toBe(2)
    await expect(lab.execute('reload', 'x')).rejects.toMatchObject({ code: 'unknown-module' })
    expect(await lab.execute('unload', 'a')).toMatchObject({
      outcome: 'rejected',
      error: { message: expect.stringContaining('b depends on "a"') },
    })
    expect(await lab.execute('unload', 'b')).toMatchObject({ outcome: 'committed', modules: [{ name: 'b', from: 1 }] })
    expect(
      await lab.run({ a: { code, key: '1' }, b: { definition: adder(1, { dependencies: ['a'] }), key: '1' } }),
    ).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ name: 'a' }])
    expect(await lab.execute('reload', 'b')).toMatchObject({ outcome: 'committed', modules: [{ name: 'b', to: 1 }] })
  })

  test('a module that was unloaded runs again where it is asked for, and not where another one is', async () => {
    const lab = new TestEngine()
    const program = { a: { definition: adder(1), key: '1' }, b: { definition: adder(1), key: '1' } }
    await lab.run(program)
    await lab.execute('unload', 'b')
    const more = { ...program, c: { definition: adder(1), key: '1' } }
    expect(await lab.run(more, { trigger: 'command', asked: 'c' })).toMatchObject([{ modules: [{ name: 'c' }] }])
    expect(await lab.run(more, { trigger: 'command', asked: 'b' })).toMatchObject([
      { outcome: 'committed', modules: [{ name: 'b', to: 1 }] },
    ])
  })
})
