// Threads beside the engine's that end though nobody ended them: found, told, and what ran in them goes on.

import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, it } from 'vitest'
import { contentHash } from '../protocol/values.ts'
import { ManualClock } from '../engine/testing-host.ts'
import type { TaskEnd } from '../protocol/task.ts'
import { TaskPool } from '../worker/task-pool.ts'
import { type TextModule, ThreadLab } from '../worker/testing-threads.ts'
import { createNodeThreads } from './headless-threads.ts'
import { buildThreadCode } from './test-thread-code.ts'

const built: { code: URL | undefined } = { code: undefined }
const labs: ThreadLab[] = []
beforeAll(async () => {
  built.code = await buildThreadCode()
})
// Modules know by it that they are in the engine's thread, which their tests need.
beforeEach(() => void Reflect.set(globalThis, 'isEngineThread', true))
afterAll(() => void Reflect.deleteProperty(globalThis, 'isEngineThread'))
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose()
})

const start = () => {
  if (built.code === undefined) throw new Error('not built')
  return createNodeThreads({ code: built.code, heapMegabytes: 32 })
}
const open = (): ThreadLab => {
  const lab = new ThreadLab({ start: start(), poolSize: 1 })
  labs.push(lab)
  return lab
}

// Modules do not see Node's `process`.
const node = "const node = () => Function('return process')();"

/** Counts; `then`: what it does besides, `there` is true in a thread of its own. */
const counting = (then = '', more: Partial<TextModule> = {}): TextModule => ({
  text: `${node} __vite_ssr_exportName__('default', () => ({ init: () => ({ n: 0 }), process({ state, frame, publish }) {
    const there = typeof isEngineThread === 'undefined'
    state.n++
    ${then}
  } }))`,
  strategy: 'threaded',
  ...more,
})
const outOfMemory =
  "if (there && frame === 5) { publish('lost', 1); for (const all = []; ;) all.push({ all: [1, 2, 3] }) }"

describe('[ML9] a thread that ends within a call', () => {
  it('leaves the module stopped with its state of before; the others miss nothing, and a good version goes on', async () => {
    const lab = open()
    await lab.run({ a: counting(outOfMemory), b: counting() })
    await lab.execute('step', 8)
    expect(await lab.execute('state', 'a')).toEqual({ n: 4 })
    expect(await lab.execute('state', 'b')).toEqual({ n: 8 })
    expect(lab.core.problems.get('run:a')).toMatchObject({
      message: expect.stringMatching(/its thread ended within the call: .*memory/),
      file: 'a.ts',
      consequence: expect.stringContaining('a good version starts it again'),
    })
    expect(await lab.execute('modules')).toMatchObject([{ status: 'failed', missedFrames: 1 }, { missedFrames: 0 }])

    await lab.run({ a: counting('state.good = true'), b: counting() })
    await lab.execute('step', 2)
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 6, good: true })
    expect(lab.core.problems.list()).toEqual([])
  })

  it('on trial, the version before goes on, as if the other had never been', async () => {
    const lab = open()
    await lab.run({ a: counting(), b: counting() })
    await lab.execute('step', 2)
    await lab.run({ a: counting(`state.n += 10; ${outOfMemory}`), b: counting() })
    await lab.execute('step', 6)
    await lab.seated()
    await lab.execute('step', 2)
    expect(lab.core.receipts.list().at(-1)).toMatchObject({
      outcome: 'rolled-back',
      phase: 'trial',
      error: { message: expect.stringContaining('memory') },
    })
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, { missedFrames: 0 }])
    expect(await lab.execute('state', 'a')).toEqual({ n: 10 })
    expect(await lab.execute('state', 'b')).toEqual({ n: 10 })
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
  })

  it('on no trial, but new, it gives way to the version before', async () => {
    const lab = open()
    await lab.run({ a: counting(), b: counting() })
    await lab.execute('step', 2)
    await lab.run({ a: counting(`state.n += 10; ${outOfMemory}`), b: counting() })
    // As for modules whose engine was ended.
    lab.core.trials.clear()
    await lab.execute('step', 3)
    await expect.poll(() => lab.core.receipts.list().length).toBe(3)
    await lab.seated()
    await lab.execute('step', 5)
    expect(lab.core.receipts.list().slice(1)).toMatchObject([
      { outcome: 'rolled-back', phase: 'trial', error: { message: expect.stringContaining('memory') } },
      { outcome: 'committed', trigger: 'hang' },
    ])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, { missedFrames: 0 }])
    expect(await lab.execute('state', 'a')).toEqual({ n: 29 })
    expect(await lab.execute('state', 'b')).toEqual({ n: 10 })
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
  })

  it('that several share: calls it had not taken up are made in the engine, and all get another', async () => {
    const lab = open()
    const pool = { strategy: 'pool' as const }
    const dying = counting('if (there && frame === 5) node().exit(3)', pool)
    await lab.run({ a: counting('', pool), b: dying, c: counting('', pool), d: counting('', { ...pool, hz: 10 }) })
    await lab.execute('step', 5)
    expect(await lab.execute('state', 'b')).toEqual({ n: 4 })
    expect(lab.core.problems.get('run:b')).toMatchObject({ message: expect.stringContaining('code 3') })
    await lab.seated()
    await lab.execute('step', 7)
    for (const name of ['a', 'c']) expect(await lab.execute('state', name)).toEqual({ n: 12 })
    expect(await lab.execute('state', 'd')).toEqual({ n: 2 })
    expect(lab.places()).toMatchObject({ a: 'there', c: 'there', d: 'there' })
  })
})

describe('[FL5] a thread that ends between two calls', () => {
  it.each([
    ['ends itself', 'node().exit(4)', 'code 4'],
    ['throws outside of any', "throw new Error('late')", 'late'],
    ['takes no more', 'for (;;);', 'takes no calls'],
  ])('as it %s: nothing is missed, the log tells it, and another goes on', async (_what, does, reason) => {
    const lab = open()
    const lost = () => lab.core.logBook.filter({ module: 'a' })
    await lab.run({ a: counting(`if (there && frame === 5) node().nextTick(() => { ${does} })`), b: counting() })
    await lab.execute('step', 8)
    // A thread does what its modules left to do when no call has come for a while; that it takes no more shows at the next one.
    const oneFrameMore = async () => {
      if (lost().length === 0) await lab.execute('step', 1)
      return lost()
    }
    await expect
      .poll(oneFrameMore)
      .toMatchObject([{ level: 'warning', text: expect.stringMatching(new RegExp(`thread is gone .*${reason}`)) }])
    await lab.seated()
    await lab.execute('step', 2)
    const { frame } = lab.core.program
    for (const name of ['a', 'b']) expect(await lab.execute('state', name)).toEqual({ n: frame })
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
    expect(lost()).toHaveLength(1)
    expect(lab.core.problems.list()).toEqual([])
  })

  it('again and again: the module stays in the engine, and says why, until other code comes', async () => {
    const lab = open()
    await lab.run({ a: counting('if (there) node().nextTick(() => node().exit(4))') })
    let frames = 0
    const noteAfterFrame = async (): Promise<string | undefined> => {
      frames++
      await lab.execute('step', 1)
      await lab.seated()
      const [module] = lab.core.program.modules
      return module === undefined ? undefined : lab.core.hosted.noteOf(module)
    }
    await expect.poll(noteAfterFrame, { timeout: 30_000, interval: 10 }).toContain('4 in a row')
    expect(await lab.execute('state', 'a')).toEqual({ n: frames })
    await lab.run({ a: counting('state.good = true') })
    await lab.execute('step', 1)
    expect(lab.places()).toEqual({ a: 'there' })
  })
})

it('[TK2] a task whose thread ends gives an error that says so; the next one has another thread', async () => {
  const clock = new ManualClock()
  const pool = new TaskPool({ start: start(), size: 1, timers: clock, now: () => clock.now() })
  const entry = contentHash('entry')
  const text = `${node} __vite_ssr_exportName__('default', () => ({ init: () => ({}), process() {}, tasks: {
    double: (data) => data * 2,
    end: () => node().exit(5),
    fill: () => { for (const all = []; ;) all.push({ all: [1, 2, 3] }) },
  } }))`
  const ask = (task: string): Promise<TaskEnd> =>
    new Promise((ended) => {
      const order = { module: 'a', path: 'a.ts', task, id: 1, data: 2, entry, math: 'portable' as const, seed: 1 }
      const texts = () => [{ hash: entry, file: 'a.ts', text, imports: {} }]
      pool.run(order, { texts, began: () => undefined, ended })
    })
  const ends = await Promise.all(['end', 'double', 'fill', 'double'].map(ask))
  pool.dispose()
  expect(ends).toMatchObject([
    { ok: false, error: { message: expect.stringContaining('code 5'), file: 'a.ts' } },
    { ok: true, value: 4 },
    { ok: false, error: { message: expect.stringContaining('memory') } },
    { ok: true, value: 4 },
  ])
})
