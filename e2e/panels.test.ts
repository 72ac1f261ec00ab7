// The panels as a user works with them: layers, frame times, log, state, configuration.

import { expect, test } from './journey-test.ts'
import { coloursOf, openPanel, program } from './page-parts.ts'

test('[FL9] layers are hidden and shown one by one', async ({ page }) => {
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#ff8800'])
  await page.getByRole('button', { name: 'Layers' }).click()
  const layers = page.getByRole('dialog', { name: 'Layers' })
  await layers.getByRole('checkbox', { name: 'keys' }).click({ force: true })
  await expect.poll(() => coloursOf(page)).toEqual(['#ff8800'])
  await layers.getByRole('checkbox', { name: 'keys' }).click({ force: true })
  await layers.getByRole('checkbox', { name: 'mover' }).click({ force: true })
  await expect.poll(() => coloursOf(page)).toEqual(['#102030'])
  await layers.getByRole('checkbox', { name: 'mover' }).click({ force: true })
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#ff8800'])
  await page.keyboard.press('Escape')
  await expect(layers).toBeHidden()
})

test('frame times: a chart with the budget, percentiles, and a mark for a reload', async ({ page, coppice }) => {
  await coppice((c) => c.waitFor({ frame: 60 }))
  const panel = await openPanel(page, 'Frame times')
  await expect(
    panel.getByRole('img', { name: /Time per frame over the last 10 seconds.*budget 16\.\d+ ms/ }),
  ).toBeVisible()
  await expect(panel.getByText('budget 16.7 ms')).toBeVisible()
  await expect(page.getByText(/^p50 \d.* p95 .* p99 .* ms$/)).toBeVisible()
  await coppice((c) => c.files.write('look.ts', "export const colour = '#ff0000'\n"))
  await expect(panel.getByText('mover v2')).toBeVisible()
})

test('[FL6] the log folds repeats with count and rate, and filters by level, module and text', async ({
  page,
  coppice,
}) => {
  const log = await openPanel(page, 'Log')
  await coppice((c) => c.waitFor({ frame: 30 }))
  const lines = log.getByRole('listbox', { name: 'Log' }).getByRole('option')
  const repeated = lines.filter({ hasText: 'again and again' })
  await expect(repeated).toHaveCount(1)
  await expect(repeated).toContainText(/×\d+ · \d+\.\d\/s/)
  await expect(repeated).toContainText('keys.ts:')
  await log.getByRole('searchbox', { name: 'Filter log' }).fill('first frame')
  await expect(lines).toHaveCount(1)
  await expect(lines).toContainText('the first frame')
  await page.keyboard.press('Escape')
  await log.getByRole('button', { name: /Level$/ }).click()
  await page.getByRole('option', { name: 'warning and above' }).click()
  await expect(repeated).toHaveCount(0)
  await expect(lines.filter({ hasText: 'the first frame' })).toHaveCount(1)
  await log.getByRole('button', { name: /Module$/ }).click()
  await page.getByRole('option', { name: 'mover', exact: true }).click()
  await expect(log.getByText('No line passes the filter')).toBeVisible()
})

test('the state tree keeps what is unfolded while it updates, edits a value, and pins an entity', async ({
  page,
  coppice,
}) => {
  await page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'keys' }).click()
  const panel = await openPanel(page, 'State')
  const tree = panel.getByRole('treegrid', { name: 'State' })
  const list = tree.getByRole('row', { name: 'list' })
  await list.getByRole('button', { name: 'Unfold' }).click()
  const third = tree.getByRole('row', { name: '2', exact: true })
  await expect(third).toContainText('3')
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 30)
  await expect(third).toBeVisible()

  await third.getByText('3', { exact: true }).dblclick()
  await panel.getByRole('textbox', { name: 'Value of 2' }).fill('42')
  await page.keyboard.press('Enter')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'list[2]', equals: 42 }))
  await expect(third).toContainText('42')

  await list.hover()
  await list.getByRole('button', { name: 'Pin list' }).click()
  await expect(list.getByRole('button', { name: 'Unpin list' })).toBeVisible()
  await page.reload()
  await coppice((c) => c.ready)
  await expect(panel.getByRole('button', { name: 'Unpin list' }).first()).toBeVisible()
})

test('a configuration value changed in its panel is live at once', async ({ page, coppice }) => {
  await page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'mover' }).click()
  const panel = await openPanel(page, 'Config')
  const size = panel.getByRole('textbox', { name: /size/ })
  await size.fill('20')
  await page.keyboard.press('Enter')
  await expect.poll(() => coppice((c) => c.config('mover'))).toEqual({ size: 20 })
})

test('messages are published from the bus panel, and seen there as they pass', async ({ page, coppice }) => {
  const panel = await openPanel(page, 'Bus')
  await panel.getByRole('textbox', { name: 'Topic', exact: true }).fill('test:panel')
  await panel.getByRole('textbox', { name: /Data/ }).fill('"hi"')
  await panel.getByRole('button', { name: 'Publish' }).click()
  await coppice((c) => c.waitFor({ module: 'keys', path: 'last', equals: 'test:panel hi' }))
  await panel
    .getByRole('option', { name: /test:panel/ })
    .first()
    .click()
  await expect(panel.getByRole('complementary', { name: 'Message test:panel' })).toContainText('"hi"')
})

test('a reload is undone from the list of reloads, and the file says that it differs', async ({ page, coppice }) => {
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00aa00'\n"))
  await expect.poll(() => coloursOf(page)).toContain('#00aa00')
  const row = page.getByRole('grid', { name: 'Reloads' }).getByRole('row').first()
  await row.hover()
  await row.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Undo reload', exact: true }).click()
  await expect.poll(() => coloursOf(page)).toContain('#ff8800')
  await expect(
    page.getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: 'look.ts' }).getByLabel('runs other code'),
  ).toBeVisible()
})

test('the picture keeps its shape and its program when layouts change', async ({ page, coppice }) => {
  await page.getByRole('radio', { name: 'Play' }).click()
  const box = await program(page).boundingBox()
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(320 / 180, 1)
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#ff8800'])
  await page.getByRole('radio', { name: 'Edit' }).click()
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#ff8800'])
  expect(await coppice((c) => c.problems())).toEqual([])
})
