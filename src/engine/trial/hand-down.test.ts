// A reload that fails after so long that its past can not be computed again in time.

import { describe, expect, test } from 'vitest'
import { frameNumber } from '../../protocol/values.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { busy, drive, good, rolledBack, throwing } from './testing-busy.ts'
import type { Context } from './testing-busy.ts'

/** An engine whose clock goes on by `pace` ms at each look. */
function slowable(): { readonly lab: TestEngine; readonly clock: { pace: number } } {
  let now = 0
  const clock = { pace: 0 }
  // However long they take, captures are made in every frame.
  const history = { budgetShare: 1e9 }
  const lab = new TestEngine({ history, clock: { now: () => (now += clock.pace), callAt: () => () => undefined } })
  return { lab, clock }
}

/** Takes numbers only. */
const reader = (save: string): TestModule => ({
  key: save,
  definition: {
    subscribe: ['n'],
    init: () => ({ sum: 0 }),
    process: ({ state, messages }: Context) => {
      for (const { data } of messages()) {
        if (typeof data !== 'number') throw new Error('not a number')
        state['sum'] = Number(state['sum']) + data
      }
    },
  },
})

describe('[ML8] a reload on trial that', () => {
  test('throws after so long that its past can not be computed in time goes on from that frame', async () => {
    const { lab, clock } = slowable()
    await lab.run({ a: busy('a1'), c: good.c })
    await drive(lab, 10)
    await lab.run({ a: busy('a2', throwing(25), { init: () => ({ n: 0, seen: [], added: 7 }) }), c: good.c })
    await drive(lab, 14)
    const before = await lab.execute('state', 'a')
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toHaveLength(1)
    // Its frame is missed; the field that the new version added stays.
    expect(await lab.execute('state', 'a')).toEqual(before)
    await drive(lab, 5)
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}])
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { consequence: 'v1 runs again, from the state of frame 25' },
    ])
  })

  test('makes a reader throw after so long: what it sent and was not read goes with it, the reader goes on', async () => {
    const { lab, clock } = slowable()
    const garbage = ({ frame, publish }: Context): void => {
      if (frame >= 25) publish('n', 'garbage')
    }
    await lab.run({ a: busy('a1'), c: good.c, reader: reader('reader') })
    await drive(lab, 10)
    await lab.run({ a: busy('a2', garbage), c: good.c, reader: reader('reader') })
    await drive(lab, 15)
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toMatchObject([
      { error: { message: 'reader throws on what a gives it now: not a number' } },
    ])
    await drive(lab, 30)
    expect(await lab.execute('modules')).toMatchObject([
      { version: 1, status: 'running' },
      { missedFrames: 0 },
      { status: 'running', missedFrames: 1 },
    ])
    expect(lab.core.problems.list()).toMatchObject([{ id: 'load:a' }])
    // What is sent now is read, and so it is in the same past computed again.
    const { program, history } = lab.core
    const base = history.base({ ...program.moment, frame: frameNumber(20) })
    if (base === undefined) throw new Error('no capture')
    const entries = history.journal.after(program.timeline, history.capture.sequenceOf(base))
    const { result, giveBack } = history.compute(program, base, entries, { frame: program.frame, at: 'boundary' })
    if (result.kind !== 'reached') throw new Error(result.kind)
    expect(result.program.hash()).toBe(program.hash())
    giveBack()
    await lab.run({ a: busy('a3'), c: good.c, reader: reader('reader') })
    await drive(lab, 130)
    expect(await lab.execute('modules')).toMatchObject([{ version: 3, status: 'running' }, {}, { missedFrames: 1 }])
  })

  test('is not the newest that may have made a reader throw: of those not cleared the next one goes, and new code of the reader stays', async () => {
    const { lab, clock } = slowable()
    const garbage = ({ frame, publish }: Context): void => {
      if (frame >= 40) publish('n', 'garbage')
    }
    await lab.run({ a: busy('a1'), c: good.c, reader: reader('reader') })
    await drive(lab, 10)
    await lab.run({ a: busy('a2', garbage), c: good.c, reader: reader('reader') })
    await drive(lab, 30)
    await lab.run({ a: busy('a2', garbage), c: good.c, reader: reader('newer reader') })
    // Without the newer reader the past is computed in time, without both it is not.
    clock.pace = 20
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toMatchObject([
      { modules: [{ name: 'a' }], error: { message: 'reader throws on what a gives it now: not a number' } },
    ])
    await drive(lab, 30)
    expect(await lab.execute('modules')).toMatchObject([
      { version: 1, status: 'running' },
      { missedFrames: 0 },
      { version: 2, status: 'trial', missedFrames: 1 },
    ])
    expect(lab.core.problems.list()).toMatchObject([{ id: 'load:a' }])
    await drive(lab, 100)
    expect(await lab.execute('modules')).toMatchObject([{}, {}, { version: 2, status: 'running' }])
  })

  test('made a reader throw by what it sent before newer code came: that is read no more, the newer code stays', async () => {
    const { lab, clock } = slowable()
    const garbage = ({ frame, publish }: Context): void => {
      if (frame === 40) publish('n', 'garbage')
    }
    await lab.run({ a: busy('a1'), c: good.c, reader: reader('reader') })
    await drive(lab, 10)
    await lab.run({ a: busy('a2', garbage), c: good.c, reader: reader('reader') })
    await drive(lab, 30)
    await lab.run({ a: busy('a3'), c: good.c, reader: reader('reader') })
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toMatchObject([
      { id: 2, error: { message: 'reader throws on what a gives it now: not a number' } },
    ])
    await drive(lab, 130)
    expect(await lab.execute('modules')).toMatchObject([
      { version: 3, status: 'running' },
      {},
      { status: 'running', missedFrames: 1 },
    ])
    expect(lab.core.problems.list()).toEqual([])
  })

  test('came with a module that runs newer code by now leaves that as it is', async () => {
    const { lab, clock } = slowable()
    await lab.run({ a: busy('a1'), c: busy('c1') })
    await drive(lab, 10)
    await lab.run({ a: busy('a2', throwing(25)), c: busy('c2') })
    await drive(lab, 2)
    await lab.run({ a: busy('a2', throwing(25)), c: busy('c3') })
    await drive(lab, 12)
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toMatchObject([{ id: 2, error: { message: 'not this time' } }])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }, { version: 3, status: 'trial' }])
    await drive(lab, 130)
    expect(await lab.execute('modules')).toMatchObject([
      { version: 1, status: 'running' },
      { version: 3, status: 'running', missedFrames: 0 },
    ])
  })

  test('leaves another on trial in its place, the past not computed, has that stand its whole trial', async () => {
    const { lab, clock } = slowable()
    await lab.run({ a: busy('a1'), c: good.c })
    await drive(lab, 10)
    // Both throw at that age: the second at frame 71, the first, run again since, at 141, 131 frames after it came.
    const ages = { a2: 70, a3: 60 }
    for (const [save, end] of Object.entries(ages)) {
      const old = ({ state }: Context): void => {
        const age = state['of'] === save ? Number(state['age']) + 1 : 1
        Object.assign(state, { of: save, age })
        if (age === end) throw new Error(`${save} is old`)
      }
      await lab.run({ a: busy(save, old), c: good.c })
      await drive(lab, 1)
    }
    await drive(lab, 58)
    clock.pace = 100
    await drive(lab, 1)
    expect(rolledBack(lab)).toMatchObject([{ error: { message: 'a3 is old' } }])
    await drive(lab, 70)
    expect(rolledBack(lab)).toMatchObject([{}, { error: { message: 'a2 is old' } }])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}])
  })

  test('throws after so long, its state without a way back, goes on with the state of before it', async () => {
    const { lab, clock } = slowable()
    await lab.run({ a: busy('a1'), c: good.c })
    await drive(lab, 10)
    const migrated = {
      stateVersion: 2,
      init: () => ({ n: 0, seen: [], v: 2 }),
      migrate: (old: object) => ({ ...old, v: 2 }),
    }
    await lab.run({ a: busy('a2', throwing(25), migrated), c: good.c })
    await drive(lab, 14)
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    await drive(lab, 5)
    expect(await lab.execute('state', 'a')).not.toHaveProperty('v')
    expect(await lab.execute('logs', { text: 'of before the reload' })).toHaveLength(1)
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running', missedFrames: 0 }, {}])
  })

  /** Its state is spoilt in frame 25. `told`: what the log says of a state that is older. */
  async function spoiltIn25(state: object, spoil: (state: Context['state']) => void) {
    const { lab, clock } = slowable()
    const more = { init: () => ({ n: 0, seen: [], ...structuredClone(state) }) }
    await lab.run({ a: busy('a1', undefined, more), c: good.c })
    await drive(lab, 10)
    const later = ({ state: own, frame }: Context): void => void (frame === 25 && spoil(own))
    await lab.run({ a: busy('a2', later, more), c: good.c })
    await drive(lab, 14)
    clock.pace = 100
    await drive(lab, 6)
    clock.pace = 0
    await drive(lab, 5)
    return { lab, told: await lab.execute('logs', { text: 'of before the reload' }) }
  }

  test('leaves what no state may hold after so long: its state is that of before it, and captures go on', async () => {
    const { lab, told } = await spoiltIn25({}, (state) => void (state['how'] = () => 1))
    expect(rolledBack(lab)).toMatchObject([{ error: { message: expect.stringContaining('state.how is a function') } }])
    expect(await lab.execute('state', 'a')).not.toHaveProperty('how')
    expect(told).toHaveLength(1)
    expect(lab.core.history.capture.lastComplete?.frame).toBe(lab.core.program.frame)
  })

  test("leaves a new NaN after so long: its state is that of the frame's start", async () => {
    const { lab, told } = await spoiltIn25({}, (state) => void (state['x'] = NaN))
    expect(rolledBack(lab)).toMatchObject([{ error: { message: expect.stringContaining('state.x is NaN') } }])
    expect(await lab.execute('state', 'a')).not.toHaveProperty('x')
    expect(told).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}])
  })

  test('left a new NaN frames before it was found, after so long: its state is that of before it', async () => {
    // Looked through in shares: it is not found in the frame that made it.
    const { lab, told } = await spoiltIn25({ many: Array.from({ length: 5000 }, (_, n) => n) }, (state) => {
      const { many } = state
      if (Array.isArray(many)) many[4999] = NaN
    })
    expect(rolledBack(lab)).toMatchObject([{ error: { message: expect.stringContaining('state.many[4999] is NaN') } }])
    expect(JSON.stringify(await lab.execute('state', 'a'))).not.toContain('null')
    expect(told).toHaveLength(1)
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}])
  })

  test('has a state of another time from then on: who takes over before the next frame begins with it', async () => {
    const { lab, clock } = slowable()
    const spoil = ({ state, frame }: Context): void => void (frame === 25 && (state['x'] = NaN))
    await lab.run({ a: busy('a1'), c: good.c })
    await drive(lab, 10)
    const revision = lab.revision({ a: busy('a2', spoil), c: good.c })
    await lab.apply(revision)
    await drive(lab, 14)
    clock.pace = 100
    await drive(lab, 1)
    clock.pace = 0
    expect(rolledBack(lab)).toHaveLength(1)
    const next = new TestEngine({ codeOf: lab })
    const { history, receipts } = lab.core
    const kept = structuredClone({ revision, entries: history.journal.since(0), receipts: receipts.list() })
    const texts = lab.revision({ a: busy('a1'), c: good.c }).texts
    const captures = history.capture.store.buffer
    await next.execute('takeOver', { ...kept, texts, captures, at: 'boundary' })
    for (const engine of [lab, next]) await drive(engine, 10)
    expect(next.core.program.frame).toBe(35)
    expect(next.core.program.hash()).toBe(lab.core.program.hash())
  })
})
