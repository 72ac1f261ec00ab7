// Modules in threads of their own, and tasks, in a real browser: nested workers, shared memory, the barrier; moved in the running program,
// hung, and with the same states as one after the other.

import type { CoppiceInPage } from './automation.ts'
import { expect, test } from './journey-test.ts'

const manifest = (strategies: readonly string[]): string =>
  JSON.stringify({
    modules: ['mover', 'trail', 'sum'].map((name, index) => ({
      name,
      path: `${name}.ts`,
      strategy: strategies[index] ?? 'sequential',
    })),
  })
const threaded = ['threaded', 'pool', 'sequential']

const mover = `import { defineModule } from 'coppice'
export default defineModule({
  subscribe: ['hang'],
  init: () => ({ x: 0, dots: [] as { x: number; y: number }[] }),
  expose: (state) => ({ x: state.x }),
  process({ state, random, time, messages, publish }) {
    state.x += Math.sin(time) + random()
    state.dots = [...state.dots, { x: state.x, y: random() }].slice(-100)
    publish('moved', state.x)
    for (const { topic } of messages()) if (topic === 'hang') for (let i = 0; i >= 0; i = (i + 1) % 1000) void i
  },
  render({ ctx, state }) {
    ctx.fillStyle = '#ff0000'
    ctx.fillRect(0, 0, 640, 720)
    void state.dots
  },
})
`
const trail = `import { defineModule } from 'coppice'
export default defineModule({
  dependencies: ['mover'],
  subscribe: ['moved', 'go'],
  tasks: { double: (data: number) => data * 2 },
  init: () => ({ seen: 0, last: 0, doubled: 0 }),
  process({ state, deps, messages, runTask, results }) {
    for (const { topic } of messages()) {
      if (topic === 'go') runTask('double', 21)
      else state.seen++
    }
    for (const result of results()) if (result.ok) state.doubled = result.value
    state.last = (deps.mover as { x: number }).x
  },
})
`
const sum = `import { defineModule } from 'coppice'
export default defineModule({
  dependencies: ['trail', 'mover'],
  init: () => ({ count: 0 }),
  process({ state }) { state.count++ },
})
`

test.use({ source: { 'engine.json': manifest(threaded), 'mover.ts': mover, 'trail.ts': trail, 'sum.ts': sum } })

/** Where modules run, once all threads are ready. */
async function seated(coppice: CoppiceInPage): Promise<readonly (string | undefined)[]> {
  const notes = (): Promise<readonly (string | undefined)[]> =>
    coppice(async (c) => (await c.modules()).map(({ hostNote }) => hostNote))
  await expect.poll(async () => (await notes()).filter((note) => note?.includes('prepared'))).toEqual([])
  return notes()
}

const hashAt60 = async (coppice: CoppiceInPage): Promise<string> =>
  coppice(async (c) => {
    await c.pause()
    await c.reset()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await c.step(60)
    return c.stateHash()
  })

test('[FL5][TK1][ML9] threads of their own, a pool, tasks: run, moved, hung', async ({ coppice }) => {
  expect(await seated(coppice)).toEqual([undefined, undefined, undefined])
  expect(await coppice((c) => c.status())).toMatchObject({ isolated: true })
  // The barrier holds, and states are read where they are.
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 30)
  expect(await coppice(async (c) => Object.keys(Object(await c.state('mover'))))).toEqual(['x', 'dots'])

  await coppice((c) => c.publish('go', 1))
  await expect.poll(() => coppice(async (c) => Reflect.get(Object(await c.state('trail')), 'doubled'))).toBe(42)
  await coppice((c) => c.reset())
  await seated(coppice)
  const inThreads = await hashAt60(coppice)
  await coppice((c, text) => c.files.write('engine.json', text), manifest([]))
  expect(await coppice(async (c) => (await c.modules()).map(({ strategy }) => strategy))).toEqual([
    'sequential',
    'sequential',
    'sequential',
  ])
  expect(await hashAt60(coppice)).toBe(inThreads)

  // Moved back in the running program, the state goes along.
  await coppice((c) => c.resume())
  await coppice((c, text) => c.files.write('engine.json', text), manifest(threaded))
  expect(await seated(coppice)).toEqual([undefined, undefined, undefined])
  const before = await coppice(async (c) => Number(Reflect.get(Object(await c.state('sum')), 'count')))
  expect(before).toBeGreaterThan(60)

  // An endless loop there ends as any other: the others miss nothing.
  await coppice((c) => c.publish('hang', 1))
  await expect
    .poll(() => coppice(async (c) => (await c.problems()).map(({ module }) => module)), { timeout: 20_000 })
    .toContain('mover')
  const { frame: after } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), after + 10)
  const state = await coppice(async (c) => ({ sum: await c.state('sum'), frame: (await c.status()).frame }))
  expect(Number(Reflect.get(Object(state.sum), 'count'))).toBeGreaterThan(after)
})
