// Modules in threads of their own, and tasks, in a real browser: nested workers, shared memory, the barrier; moved in the running program,
// hung, ended, and with the same states and outputs as one after the other.

import type { CoppiceInPage } from './automation.ts'
import { expect, test } from './journey-test.ts'
import { coloursOf } from './page-parts.ts'

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
  subscribe: ['hang', 'let-out', 'end'],
  init: () => ({ x: 0, dots: [] as { x: number; y: number }[] }),
  expose: (state) => ({ x: state.x }),
  process({ state, random, time, messages, publish, sound }) {
    state.x += Math.sin(time) + random()
    state.dots = [...state.dots, { x: state.x, y: random() }].slice(-100)
    publish('moved', state.x)
    for (const { topic, data } of messages()) {
      if (topic === 'hang') for (let i = 0; i >= 0; i = (i + 1) % 1000) void i
      if (topic === 'end') Function("if (self.name === 'coppice-side') self.close()")()
      if (topic !== 'let-out') continue
      sound.play('./missing.wav')
      publish('save:best', data)
    }
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

test('[FL5][FL10][TK1][ML9] threads of their own, a pool, tasks: run, moved, ended, hung', async ({
  page,
  coppice,
  workspace,
}) => {
  expect(await seated(coppice)).toEqual([undefined, undefined, undefined])
  expect(await coppice((c) => c.status())).toMatchObject({ isolated: true })
  // The barrier holds, and states are read where they are.
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 30)
  expect(await coppice(async (c) => Object.keys(Object(await c.state('mover'))))).toEqual(['x', 'dots'])

  // What it draws is drawn where the picture is.
  await expect.poll(() => coloursOf(page)).toContain('#ff0000')

  await coppice((c) => c.publish('go', 1))
  await expect.poll(() => coppice(async (c) => Reflect.get(Object(await c.state('trail')), 'doubled'))).toBe(42)
  // Sounds and saved data leave the page from there too.
  await coppice((c) => c.publish('let-out', { x: 7 }))
  const problemIds = () => coppice(async (c) => (await c.problems()).map(({ id }) => id))
  await expect.poll(problemIds).toEqual(['sound:missing.wav'])
  await expect
    .poll(async () => JSON.parse(await workspace.read('data/mover/best.json').catch(() => '{}')) as unknown)
    .toMatchObject({ module: 'mover', key: 'best', version: 1, data: { x: 7 } })

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

  // A thread that ends is told, and another one goes on: nothing is missed.
  await coppice((c) => c.publish('end', 1))
  const lines = () => coppice(async (c) => (await c.logs({ module: 'mover' })).map(({ text }) => text))
  await expect.poll(lines).toEqual([expect.stringContaining('Its thread is gone (it takes no calls any more)')])
  expect(await seated(coppice)).toEqual([undefined, undefined, undefined])
  const missed = await coppice(async (c) => (await c.modules()).map(({ missedFrames }) => missedFrames))
  expect(missed).toEqual([0, 0, 0])

  // An endless loop there ends as any other: the others miss nothing.
  await coppice((c) => c.publish('hang', 1))
  await expect.poll(problemIds, { timeout: 20_000 }).toContain('run:mover')
  const { frame: after } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), after + 10)
  const state = await coppice(async (c) => ({ sum: await c.state('sum'), frame: (await c.status()).frame }))
  expect(Number(Reflect.get(Object(state.sum), 'count'))).toBeGreaterThan(after)
})
