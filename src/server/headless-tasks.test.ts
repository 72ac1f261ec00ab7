// Tasks in real threads: computed, hung, dying, and the same in every headless run.

import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../engine/testing-host.ts'
import { contentHash } from '../protocol/values.ts'
import type { TaskEnd } from '../protocol/task.ts'
import { TaskPool } from '../worker/task-pool.ts'
import { runHeadless } from './headless-run.ts'
import { createNodeThreads } from './headless-threads.ts'
import { makeFolder } from './test-server.ts'
import { buildThreadCode } from './test-thread-code.ts'

const built: { code: URL | undefined } = { code: undefined }
const folders: string[] = []
const pools: TaskPool[] = []

beforeAll(async () => {
  built.code = await buildThreadCode()
})
afterEach(() => {
  for (const pool of pools.splice(0)) pool.dispose()
})
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

const threadCode = (): URL => {
  if (built.code === undefined) throw new Error('not built')
  return built.code
}

/** A pool on a clock of the test's, and how to ask it. */
function startPool(size = 1) {
  const clock = new ManualClock()
  const pool = new TaskPool({
    start: createNodeThreads({ code: threadCode() }),
    size,
    timers: clock,
    now: () => clock.now(),
  })
  pools.push(pool)
  const entry = contentHash('entry')
  const text = `__vite_ssr_exportName__('default', () => ({ init: () => ({}), process() {}, tasks: {
    double: (data) => data * 2,
    sine: (data) => Math.sin(data),
    hang: () => { for (;;); },
    fail: () => { throw new Error('no way there') },
    function: () => ({ f: () => 1 }),
    async later(data) { return (await Promise.resolve(data)) + 1 },
    chance: () => Math.random(),
  } }))`
  let id = 0
  const begun: number[] = []
  const ask = (
    task: string,
    data?: unknown,
  ): { ended: Promise<TaskEnd>; began: Promise<void>; callOff: () => void } => {
    const order = { module: 'a', path: 'a.ts', task, id: ++id, data, entry, math: 'portable' as const, seed: 1 }
    let tellBegan: () => void = () => undefined
    const began = new Promise<void>((resolve) => (tellBegan = resolve))
    let callOff: () => void = () => undefined
    const ended = new Promise<TaskEnd>((resolve) => {
      callOff = pool.run(order, {
        texts: () => [{ hash: entry, file: 'a.ts', text, imports: {} }],
        began: () => {
          begun.push(order.id)
          tellBegan()
        },
        ended: resolve,
      })
    })
    return { ended, began, callOff }
  }
  return { clock, pool, ask, begun }
}

describe('the pool', () => {
  it('[TK1] computes in the order asked, with the Math that modules see', async () => {
    const { ask, begun } = startPool()
    const asked = [ask('double', 4), ask('sine', 0.5), ask('later', 1)]
    expect(await Promise.all(asked.map(({ ended }) => ended))).toEqual([
      { ok: true, value: 8 },
      { ok: true, value: 0.479425538604203 },
      { ok: true, value: 2 },
    ])
    expect(begun).toEqual([1, 2, 3])
  })

  it('[TK2] gives an error for what throws or can be no result, at its place', async () => {
    const { ask } = startPool()
    expect(await ask('fail').ended).toMatchObject({
      ok: false,
      error: { message: 'no way there', file: 'a.ts', line: 5 },
    })
    expect(await ask('function').ended).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('result.f') },
    })
    expect(await ask('chance').ended).toMatchObject({ ok: false })
    expect(await ask('missing').ended).toMatchObject({ ok: false, error: { message: 'a.ts has no task "missing"' } })
  })

  it('[TK2] ends one that takes too long; another thread goes on', async () => {
    const { ask, clock } = startPool()
    const hung = ask('hang')
    const after = ask('double', 2)
    await hung.began
    clock.advance(10_000)
    expect(await hung.ended).toEqual({
      ok: false,
      error: { message: 'took longer than 10 s and was ended', file: 'a.ts' },
    })
    expect(await after.ended).toEqual({ ok: true, value: 4 })
  })

  it('one that is called off makes way', async () => {
    const { ask, pool } = startPool()
    const hung = ask('hang')
    const waiting = ask('hang')
    const after = ask('double', 2)
    await hung.began
    waiting.callOff()
    hung.callOff()
    expect(await after.ended).toEqual({ ok: true, value: 4 })
    await pool.settled()
  })
})

describe('headless', () => {
  it('[TK1][FL5] has the same hash in every run, and results in the frame after', async () => {
    const folder = await makeFolder({
      'engine.json': '{ "modules": [{ "name": "a", "path": "a.ts" }] }',
      'double.ts': 'export const double = (data: { n: number }) => ({ n: data.n * 2 })',
      'a.ts': `
        import { defineModule } from 'coppice'
        import { double } from './double.ts'
        export default defineModule({
          tasks: { double },
          init: () => ({ sum: 0, late: 0 }),
          process({ state, frame, runTask, results }) {
            for (const result of results()) {
              if (!result.ok) throw new Error(result.error)
              state.sum += result.value.n
              state.late = Math.max(state.late, frame - result.value.n / 2)
            }
            if (frame <= 20) runTask('double', { n: frame })
            if (frame === 30 && (state.sum !== 420 || state.late !== 1)) throw new Error(\`\${state.sum} \${state.late}\`)
          },
        })`,
    })
    folders.push(folder)
    const run = () => runHeadless({ folder, frames: 30, log: () => undefined, threadCode: threadCode() })
    const first = await run()
    expect((await run()).stateHash).toBe(first.stateHash)
  })
})
