// The dev server goes and comes back while the page is open: the page says so, the program runs on, and what changed
// meanwhile arrives.

import { automationOf } from './automation.ts'
import { expect, test } from './coppice-test.ts'
import { coloursOf, editorReady, numberIn } from './page-parts.ts'

const files = {
  'engine.json': JSON.stringify({ view: { width: 100, height: 100 }, modules: [{ name: 'main', path: 'main.ts' }] }),
  'main.ts': `import { defineModule } from 'coppice'

const colour = '#ff8800'

export default defineModule({
  init: () => ({ ticks: 0 }),
  process({ state }) {
    state.ticks += 1
  },
  render({ ctx }) {
    ctx.fillStyle = colour
    ctx.fillRect(0, 0, 100, 100)
  },
})
`,
}
test.use({ source: files })

test('stopped and started again: said, reconnected, the state lives on, edits made meanwhile run', async ({
  page,
  server,
  coppice,
  errors,
  workspace,
}) => {
  errors.allow(/WebSocket|ERR_CONNECTION_REFUSED|Failed to load|Failed to fetch/)
  await editorReady(page)
  const { timeline } = await coppice((c) => c.status())
  const ticks = await numberIn(coppice, 'main', 'ticks')
  await server.stop()
  await expect(page.getByText('Dev server disconnected.')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Vite disconnected/ })).toBeVisible()
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 30)

  await coppice(async (c) => {
    const text = (await c.editor?.text('main.ts')) ?? ''
    await c.editor?.setText('main.ts', text.replace('ticks += 1', 'ticks += 1 // kept'))
    await c.editor?.save()
  })
  await expect(page.getByText(/main\.ts was not saved: the dev server is not there/)).toBeVisible()

  await server.start()
  await expect(page.getByRole('button', { name: /^Vite connected/ })).toBeVisible()
  await expect(page.getByText('Dev server disconnected.')).toBeHidden()
  expect(await numberIn(coppice, 'main', 'ticks')).toBeGreaterThan(ticks + 30)
  expect(await coppice((c) => c.status())).toMatchObject({ timeline })

  await page.getByRole('button', { name: 'Save again' }).click()
  await expect.poll(() => workspace.read('main.ts')).toContain('// kept')
  await workspace.edit('main.ts', '#ff8800', '#0088ff')
  await expect.poll(() => coloursOf(page)).toEqual(['#0088ff'])
  expect(await numberIn(coppice, 'main', 'ticks')).toBeGreaterThan(ticks + 30)

  await server.stop()
  await expect(page.getByText('Dev server disconnected.')).toBeVisible()
  await workspace.edit('main.ts', '#0088ff', '#00ff00')
  await server.start()
  await expect.poll(() => coloursOf(page)).toEqual(['#00ff00'])
  expect(await coppice((c) => c.status())).toMatchObject({ timeline })
})

test.describe('saved data', () => {
  test.use({
    source: {
      'engine.json': '{ "modules": [{ "name": "main", "path": "main.ts" }] }',
      'data/main/old.json': '{ "format": 1, "version": 1, "module": "main", "key": "old", "data": "kept" }',
      'main.ts': `import { defineModule } from 'coppice'
export default defineModule({
  init: ({ saved }) => ({ tab: 'first', old: saved['old'] }),
  process({ state, frame, publish }) {
    if (frame % 10 === 0) publish('save:place', { tab: state.tab, frame })
  },
})
`,
    },
  })

  test('[SV3][WS5] waits for a server that is away; of two tabs one writes, and the other when that is closed', async ({
    page,
    server,
    coppice,
    errors,
    workspace,
    context,
  }) => {
    errors.allow(/WebSocket|ERR_CONNECTION_REFUSED|Failed to load|Failed to fetch/)
    const saved = async (): Promise<unknown> => {
      const text = await workspace.read('data/main/place.json').catch(() => '{}')
      return Reflect.get(Object(JSON.parse(text)), 'data')
    }
    expect(await coppice((c) => c.state('main'))).toMatchObject({ old: 'kept' })
    await expect.poll(saved).toMatchObject({ tab: 'first' })

    await server.stop()
    const messages = () => coppice(async (c) => (await c.problems()).map(({ message }) => message).join('; '))
    await expect.poll(messages).toContain('saved data waits in this browser')
    await workspace.write('data/main/old.json', '{ "format": 1, "vers')
    const { frame } = await coppice((c) => c.status())
    await coppice((c, at) => c.waitFor({ frame: at }), frame + 20)
    // Nothing more is saved: what is found on disk later was saved while the server was away.
    await coppice((c) => c.pause())
    const { frame: last } = await coppice((c) => c.status())
    await server.start()
    await expect.poll(saved).toEqual({ tab: 'first', frame: last - (last % 10) })
    await expect.poll(messages).toMatch(/^data\/main\/old\.json could not be read: it is not JSON/)
    expect(await workspace.read('data/main/old.json.unreadable')).toBe('{ "format": 1, "vers')

    const second = await context.newPage()
    errors.watch(second)
    await second.goto(page.url())
    const there = automationOf(second)
    await there((c) => c.ready)
    await expect(second.getByRole('button', { name: /^not saving/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /^not saving/ })).toBeHidden()
    await there((c) => c.setState('main', 'tab', 'second'))
    await there((c) => c.waitFor({ frame: 60 }))
    await coppice((c) => c.resume())
    await expect.poll(saved).not.toMatchObject({ frame: last - (last % 10) })
    expect(await saved()).toMatchObject({ tab: 'first' })
    await page.close()
    await expect(second.getByRole('button', { name: /^not saving/ })).toBeHidden()
    await expect.poll(saved).toMatchObject({ tab: 'second' })
  })
})
