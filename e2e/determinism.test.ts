// The same program gives the same states in Chromium and in Node: examples by their state hash, Math by its pinned bits.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import bits from '../src/engine/fixtures/math-bits.json' with { type: 'json' }
import type { CoppiceInPage } from './automation.ts'
import { test as base } from './coppice-test.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'
import { expect, test } from './journey-test.ts'

const frames = 600
const table: Readonly<Record<string, readonly string[]>> = bits

/** Calls every member of the module's Math as its rows say; state.wrong names each that gives other bits. */
const mathModule = `import { defineModule } from 'coppice'
import table from './math-bits.json'

const view = new DataView(new ArrayBuffer(8))
const fromHex = (text: string): number => {
  view.setBigUint64(0, BigInt('0x' + text))
  return view.getFloat64(0)
}
const toHex = (value: number): string => {
  view.setFloat64(0, Number.isNaN(value) ? NaN : value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

export default defineModule({
  init: () => ({ rows: 0, wrong: [] as string[] }),
  process({ state }) {
    if (state.rows > 0) return
    for (const [name, rows] of Object.entries(table)) {
      const member: unknown = Reflect.get(Math, name)
      for (const row of rows) {
        const numbers = row.split(' ')
        const value = typeof member === 'function' ? member.apply(Math, numbers.slice(0, -1).map(fromHex)) : member
        state.rows++
        if (toHex(Number(value)) !== numbers.at(-1)) state.wrong.push(name + ': ' + row)
      }
    }
  },
})
`

// The examples where they are: nothing is written, and their packages are found.
const exampleTest = base.extend({
  // oxlint-disable-next-line no-empty-pattern -- required by Playwright
  server: async ({}, provide) => {
    const port = await findFreePort()
    const args = [path.join(projectRoot, 'dist/cli.js'), '--port', String(port), '--no-open']
    const server = new DevServer({ args, cwd: projectRoot, port })
    await server.start()
    await provide(server)
    await server.stop()
  },
})

type Strategies = readonly ['sequential' | 'threaded' | 'pool', ...('sequential' | 'threaded' | 'pool')[]]

/** Runs the program anew from frame 0, its modules with these strategies in turn; nothing is written. */
async function runIn(coppice: CoppiceInPage, strategies: Strategies) {
  await coppice(async (api, inTurn) => {
    const manifest: { modules: { strategy?: string }[] } = JSON.parse(await api.files.read('engine.json'))
    manifest.modules.forEach((module, index) => (module.strategy = inTurn[index % inTurn.length] ?? ''))
    await api.files.write('engine.json', JSON.stringify(manifest), { persist: false })
    await api.reset()
  }, strategies)
  const notes = () => coppice(async (api) => (await api.modules()).flatMap(({ hostNote }) => hostNote ?? []))
  await expect.poll(notes, { intervals: [20] }).not.toContainEqual(expect.stringContaining('prepared'))
  const run = await coppice(async (api, count) => {
    const { frame } = await api.step(count)
    return { frame, hash: await api.stateHash(), problems: await api.problems() }
  }, frames)
  return { ...run, notes: await notes() }
}

exampleTest(
  '[FL5] 600 frames of every example give the same state hash in Chromium and in Node, whatever runs each module',
  async ({ page, coppice, server }) => {
    exampleTest.setTimeout(480_000)
    for (const example of ['tanks', 'boids', 'breakout', 'pile', 'planet']) {
      const headless = path.join(projectRoot, 'dist/headless.js')
      const args = [headless, path.join(projectRoot, 'src/examples', example), '--frames', String(frames), '--json']
      // Both at once: each keeps one core busy.
      const inNode = promisify(execFile)(process.execPath, args, { cwd: projectRoot })
      await page.goto(`${server.url}?workspace=${example}`)
      const moduleCount = await coppice(async (api) => {
        await api.ready
        await api.pause()
        return (await api.modules()).length
      })
      const { hash, ...run } = await runIn(coppice, ['sequential'])
      expect(run, example).toEqual({ frame: frames, problems: [], notes: [] })
      const { stdout } = await inNode
      const report: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      expect(report, example).toMatchObject({ frames, stateHash: hash })
      const others: readonly Strategies[] = [['threaded'], ['pool'], ['threaded', 'sequential', 'pool', 'threaded']]
      for (const strategies of others.slice(0, moduleCount === 1 ? 2 : 3))
        expect(await runIn(coppice, strategies), `${example}, ${strategies.join()}`).toEqual({ hash, ...run })
    }
  },
)

test.describe('[FL5] Math', () => {
  test.use({
    source: {
      'math.ts': mathModule,
      'math-bits.json': JSON.stringify(bits),
      'engine.json': JSON.stringify({ modules: [{ name: 'math', path: 'math.ts' }] }),
    },
  })
  test('every function gives its pinned bits in Chromium', async ({ coppice }) => {
    const state = await coppice((api) => api.state('math'))
    const rows = Object.values(table).reduce((sum, list) => sum + list.length, 0)
    expect(state).toEqual({ rows, wrong: [] })
  })
})
