// Several workspaces and several tabs on one dev server, and what a page remembers of each.

import { automationOf } from './automation.ts'
import { expect, test } from './journey-test.ts'
import { coloursOf, editorReady, editorTab, numberIn, openPanel } from './page-parts.ts'

test('[WS5] another workspace is chosen, runs from its own start, and the address names it', async ({
  page,
  coppice,
  plant,
}) => {
  const other = await plant('herd')
  await coppice((c) => c.waitFor({ frame: 5 }))
  await page.getByRole('button', { name: /Workspace$/ }).click()
  await page.getByRole('option', { name: other.name }).click()
  await expect(page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'herd' })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`workspace=${other.name}$`))
  await coppice((c) => c.waitFor({ frame: 5 }))
  expect(await coppice(async (c) => (await c.modules()).map(({ name }) => name))).toEqual(['herd'])
  await editorReady(page)
  await expect(editorTab(page, 'herd.ts')).toBeVisible()
  await expect(editorTab(page, 'mover.ts')).toBeHidden()
  await coppice((c) => c.files.write('herd.ts', 'export default 1'))
  await expect(page.getByRole('alert', { name: 'Reload' })).toContainText('herd')
})

test('[WS5] two tabs on two workspaces of one server do not disturb each other', async ({
  coppice,
  plant,
  server,
  context,
  errors,
}) => {
  const other = await plant('pair')
  const second = await context.newPage()
  errors.watch(second)
  await second.goto(`${server.url}?workspace=${other.name}`)
  const there = automationOf(second)
  await there((c) => c.ready)
  const [receiptsHere, receiptsThere] = await Promise.all([
    coppice(async (c) => (await c.receipts()).length),
    there(async (c) => (await c.receipts()).length),
  ])
  await there((c) => c.files.write('look.ts', "export const colour = '#0000ff'\n"))
  await expect.poll(() => coloursOf(second)).toContain('#0000ff')
  await other.edit('mover.ts', 'stride = 1', 'stride = 9')
  await there((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 9 }))
  // What is written here now comes after what the other tab could have caused.
  await coppice((c) => c.files.write('mover.ts', 'broken ('))
  expect(await coppice(async (c) => (await c.receipts()).length)).toBe(receiptsHere + 1)
  expect(await there(async (c) => (await c.receipts()).length)).toBe(receiptsThere + 2)
  expect(await there((c) => c.problems())).toEqual([])
  expect(await coppice((c) => c.problems())).not.toEqual([])
  const ticks = await numberIn(there, 'mover', 'ticks')
  expect(await coppice((c) => c.state('mover'))).toMatchObject({ stride: 1 })
  await second.close()
  await coppice((c) => c.reset())
  expect(ticks).toBeGreaterThan(0)
})

test('[WS5] two tabs on one workspace both follow a save, each on its own program', async ({
  page,
  coppice,
  context,
  errors,
}) => {
  const second = await context.newPage()
  errors.watch(second)
  await second.goto(page.url())
  const there = automationOf(second)
  await there((c) => c.ready)
  await there((c) => c.pause())
  const { frame } = await there((c) => c.status())
  await coppice((c) => c.files.write('look.ts', "export const colour = '#0000ff'\n"))
  await expect.poll(() => coloursOf(second)).toContain('#0000ff')
  expect(await there((c) => c.status())).toMatchObject({ paused: true, frame })
  expect(await coppice((c) => c.status())).toMatchObject({ paused: false })
})

test('[WS2] after a reload of the page: the same workspace, open files, unsaved text and layout', async ({
  page,
  coppice,
  workspace,
}) => {
  await editorReady(page)
  await coppice(async (c) => {
    await c.editor?.open('look.ts')
    await c.editor?.setText('look.ts', "export const colour = '#unsaved'\n")
    await c.editor?.open('keys.ts')
  })
  await expect(editorTab(page, 'look.ts')).toHaveAccessibleName('look.ts, unsaved')
  await expect(editorTab(page, 'keys.ts')).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('radio', { name: 'Play' }).click()
  await page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'keys' }).click()
  await openPanel(page, 'Config')
  const tabs = page.getByRole('tablist', { name: 'Open files' }).getByRole('tab')
  const names = await tabs.evaluateAll((all) => all.map((tab) => tab.getAttribute('aria-label')))
  expect(names).toEqual(['mover.ts', 'look.ts, unsaved', 'keys.ts'])

  page.once('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await coppice((c) => c.ready)
  await editorReady(page)
  await expect(editorTab(page, 'look.ts, unsaved')).toBeVisible()
  expect(await tabs.evaluateAll((all) => all.map((tab) => tab.getAttribute('aria-label')))).toEqual(names)
  await expect(editorTab(page, 'keys.ts')).toHaveAttribute('aria-selected', 'true')
  expect(await coppice((c) => c.editor?.text('look.ts'))).toBe("export const colour = '#unsaved'\n")
  expect(await workspace.read('look.ts')).toBe("export const colour = '#ff8800'\n")
  await expect(page.getByRole('radio', { name: 'Play' })).toBeChecked()
  await expect(page.getByRole('region', { name: 'Config' })).toBeVisible()
  await expect(page.getByRole('row', { name: 'keys', exact: true })).toHaveAttribute('aria-selected', 'true')
  await expect(page).toHaveURL(new RegExp(`workspace=${workspace.name}`))
})
