// Files of the workspace: added, renamed, duplicated and deleted in the page or by another program, and what that does to
// the modules that run.

import { expect, test } from './journey-test.ts'
import { editorReady, editorTab, fileAction, numberIn, openPanel } from './page-parts.ts'

test('a file is renamed: its module follows, with its state', async ({ page, coppice, workspace }) => {
  await editorReady(page)
  await expect(editorTab(page, 'mover.ts')).toBeVisible()
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await fileAction(page, 'mover.ts', 'Rename')
  await page.getByRole('textbox', { name: 'New name of mover.ts' }).fill('runner.ts')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: 'runner.ts' })).toBeVisible()
  await expect(editorTab(page, 'runner.ts')).toHaveAccessibleName('runner.ts')
  await expect(editorTab(page, 'mover.ts')).toBeHidden()
  await expect
    .poll(() => coppice(async (c) => (await c.modules())[0]))
    .toMatchObject({ name: 'mover', path: 'runner.ts' })
  expect(await workspace.read('engine.json')).toContain('"runner.ts"')
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)

  await workspace.edit('runner.ts', 'stride = 1', 'stride = 6')
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 6 }))
  expect(await coppice((c) => c.problems())).toEqual([])
})

test('a file that modules import is deleted: they run on, and the problem names it until it is back', async ({
  page,
  coppice,
}) => {
  await fileAction(page, 'look.ts', 'Delete')
  await page.getByRole('alertdialog', { name: 'Delete look.ts?' }).getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: 'look.ts' })).toBeHidden()
  const problems = await openPanel(page, 'Problems')
  await expect(problems.getByRole('row', { name: /look\.ts/ })).toContainText('mover.ts:2')
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 10)
  expect(await coppice(async (c) => (await c.modules()).map(({ status }) => status))).toEqual(['running', 'running'])

  await page.getByRole('button', { name: 'Add file' }).click()
  await page.getByRole('dialog', { name: 'Add file' }).getByRole('textbox', { name: 'Path' }).fill('look.ts')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await editorReady(page)
  await expect(editorTab(page, 'look.ts')).toBeVisible()
  await coppice((c) => c.files.write('look.ts', "export const colour = '#aabbcc'\n"))
  await expect(problems.getByText('No problems')).toBeVisible()
})

test('a file is duplicated, and deleted by another program', async ({ page, coppice, workspace }) => {
  await editorReady(page)
  await fileAction(page, 'look.ts', 'Duplicate')
  const files = page.getByRole('treegrid', { name: 'Files' })
  const copy = files.getByRole('row', { name: /look.*copy.*\.ts|look-?2\.ts/ })
  await expect(copy).toBeVisible()
  const paths = await coppice(async (c) => (await c.files.list()).map(({ path }) => path))
  const added = paths.find((path) => /^look.+\.ts$/.test(path)) ?? ''
  expect(await workspace.read(added)).toBe(await workspace.read('look.ts'))
  await expect(editorTab(page, added)).toBeVisible()
  await workspace.remove(added)
  await expect(copy).toBeHidden()
  await expect(page.getByText(`${added} was deleted or renamed on disk`)).toBeVisible()
  expect(await coppice(async (c) => (await c.receipts()).length)).toBe(1)
})

test('what the page itself does to files is not told as another program’s doing', async ({ page, coppice }) => {
  await editorReady(page)
  await coppice(async (c) => {
    await c.editor?.open('look.ts')
  })
  await fileAction(page, 'look.ts', 'Delete')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: 'look.ts' })).toBeHidden()
  await expect(page.getByText('was deleted or renamed on disk')).toBeHidden()
  await expect(editorTab(page, 'look.ts')).toBeHidden()
})

test('a module is added from the list of modules, and unloaded', async ({ page, coppice, workspace }) => {
  const modules = page.getByRole('grid', { name: 'Modules' })
  await page.getByRole('button', { name: 'Add module' }).click()
  await page.getByRole('dialog', { name: 'Add module' }).getByRole('textbox', { name: 'Name' }).fill('counter')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(modules.getByRole('row', { name: 'counter' })).toBeVisible()
  await expect.poll(() => numberIn(coppice, 'counter', 'count').catch(() => 0)).toBeGreaterThan(5)
  expect(await workspace.read('engine.json')).toContain('"counter.ts"')

  await modules.getByRole('row', { name: 'counter' }).hover()
  await page.getByRole('button', { name: 'Actions for counter', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Unload' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Unload' }).click()
  await expect(modules.getByRole('row', { name: 'counter' })).toBeHidden()
})

test.describe('classes', () => {
  test.use({ source: 'herd' })

  test('[ML7] a class moved to another file keeps its instances, with new methods', async ({ coppice, workspace }) => {
    await coppice((c) => c.waitFor({ frame: 10 }))
    const text = await workspace.read('herd.ts')
    const [before = '', after = ''] = text.split(/class Sheep \{[^]*?\n\}\n/)
    const moved = `export class Sheep {
  steps = 0
  mood = 'calm'

  walk(): void {
    this.steps += 1
    this.mood = 'glad'
  }
}
`
    const receipts = await coppice(
      (c, edits) => c.files.apply(edits),
      [
        { path: 'sheep.ts', text: moved },
        { path: 'herd.ts', text: `import { Sheep } from './sheep.ts'\n${before}${after}` },
      ],
    )
    expect(receipts).toMatchObject([{ outcome: 'committed', modules: [{ name: 'herd', from: 1, to: 2 }] }])
    await coppice((c) => c.waitFor({ module: 'herd', path: 'sheep[1].mood', equals: 'glad' }))
    const status = await coppice((c) => c.pause())
    expect(await coppice((c) => c.state('herd'))).toMatchObject({
      sheep: [{ steps: status.frame }, { steps: status.frame, mood: 'glad' }],
      areSheep: true,
    })
  })
})
