// The dev server goes and comes back while the page is open: the page says so, the program runs on, and what changed
// meanwhile arrives.

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
