// An empty folder: the page offers a first module, and it runs and can be changed at once.

import { expect, test } from './coppice-test.ts'
import { editorReady, editorTab, openPanel, pictureOf } from './page-parts.ts'

test.use({ source: {}, waitsForFrame: false })

test('an empty folder: from nothing to a running, changed module within a minute of use', async ({
  page,
  coppice,
  workspace,
}) => {
  await expect(page.getByRole('heading', { name: 'Nothing grows here yet' })).toBeVisible()
  await expect(page.getByText(workspace.folder)).toBeVisible()
  let loads = 0
  page.on('load', () => (loads += 1))
  await page.getByRole('button', { name: 'Create a first module' }).click()
  await coppice((c) => c.waitFor({ frame: 10 }))
  await expect(page.getByRole('heading', { name: 'Nothing grows here yet' })).toBeHidden()
  await expect.poll(async () => (await pictureOf(page)).colours.length).toBeGreaterThan(0)
  expect(JSON.parse(await workspace.read('engine.json'))).toMatchObject({
    modules: [{ name: 'main', path: 'main.ts' }],
  })
  expect(await workspace.read('tsconfig.json')).toContain('coppice')

  await editorReady(page)
  await expect(editorTab(page, 'main.ts')).toBeVisible()
  const before = await coppice((c) => c.state('main'))
  await coppice(async (c) => {
    const text = (await c.editor?.text('main.ts')) ?? ''
    await c.editor?.setText('main.ts', text.replace('petals: 6', 'petals: 9'))
    await c.editor?.save()
  })
  expect(await coppice((c) => c.config('main'))).toMatchObject({ petals: 9 })
  expect(await coppice((c) => c.state('main'))).not.toEqual(before)
  expect((await coppice((c) => c.receipts())).at(-1)).toMatchObject({ outcome: 'committed', title: 'petals 6 → 9' })
  await expect.poll(() => coppice((c) => c.editor?.markers('main.ts'))).toEqual([])
  const problems = await openPanel(page, 'Problems')
  await expect(problems.getByText('No problems')).toBeVisible()
  expect(loads, 'times the page was loaded anew').toBe(0)
})
