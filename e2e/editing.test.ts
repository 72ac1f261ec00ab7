// The live loop: a change of code, wherever it is made, runs within a frame or two on the state there is.

import { expect, test } from './journey-test.ts'
import { coloursOf, editorReady, editorTab, numberIn, openPanel } from './page-parts.ts'

test('[ML1] a constant typed in Monaco and saved with Ctrl+S: the new code runs, the counter goes on', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  await expect(editorTab(page, 'mover.ts')).toHaveAttribute('aria-selected', 'true')
  await page.getByText('const stride').click()
  await page.keyboard.press('End')
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('7')
  await expect(editorTab(page, 'mover.ts, unsaved')).toBeVisible()
  await page.keyboard.press('Control+s')
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 7 }))
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
  const [receipt] = (await coppice((c) => c.receipts())).slice(-1)
  expect(receipt).toMatchObject({
    outcome: 'committed',
    trigger: 'save',
    title: 'stride 1 → 7',
    modules: [{ name: 'mover', from: 1, to: 2 }],
    changedFiles: ['mover.ts'],
  })
  await expect(editorTab(page, 'mover.ts')).toHaveAccessibleName('mover.ts')
  await expect(page.getByRole('grid', { name: 'Reloads' }).getByRole('row', { name: 'stride 1 → 7' })).toBeVisible()
  await expect(page.getByRole('status', { name: 'Reload' })).toContainText('mover v2')
})

test('[ML1] the picture changes with the code that draws it, and the state stays', async ({ page, coppice }) => {
  await editorReady(page)
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await coppice(async (c) => {
    await c.editor?.setText('look.ts', "export const colour = '#00ccff'\n")
    await c.editor?.open('look.ts')
    await c.editor?.save()
  })
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#00ccff'])
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
})

test('[WS3] the same edit made on disk by another program reloads, and the open editor follows', async ({
  page,
  coppice,
  workspace,
}) => {
  await editorReady(page)
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await workspace.edit('mover.ts', 'const stride = 1', 'const stride = 5')
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 5 }))
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
  await expect.poll(() => coppice((c) => c.editor?.text('mover.ts'))).toContain('const stride = 5')
  expect(await coppice((c) => c.editor?.isDirty('mover.ts'))).toBe(false)
  const receipts = await coppice((c) => c.receipts())
  expect(receipts.at(-1)).toMatchObject({ outcome: 'committed', trigger: 'disk', title: 'stride 1 → 5' })
})

test('[ML2] two files changed at once commit together: one receipt, both modules', async ({ page, coppice }) => {
  await editorReady(page)
  await coppice(async (c) => {
    const mover = (await c.editor?.text('mover.ts')) ?? ''
    const keys = (await c.editor?.text('keys.ts')) ?? ''
    await c.editor?.setText('mover.ts', mover.replace('stride = 1', 'stride = 3'))
    await c.editor?.setText('keys.ts', keys.replace('#102030', '#203040'))
  })
  const before = (await coppice((c) => c.receipts())).length
  await page.getByRole('button', { name: 'Editor actions' }).click()
  await page.getByRole('menuitem', { name: 'Save all' }).click()
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 3 }))
  const receipts = (await coppice((c) => c.receipts())).slice(before)
  expect(receipts).toHaveLength(1)
  expect(receipts[0]).toMatchObject({
    outcome: 'committed',
    modules: [
      { name: 'mover', from: 1, to: 2 },
      { name: 'keys', from: 1, to: 2 },
    ],
  })
  await expect.poll(() => coloursOf(page)).toContain('#203040')
})

test('[ML2] two files another program changes at once commit together', async ({ coppice, workspace }) => {
  const before = (await coppice((c) => c.receipts())).length
  await Promise.all([
    workspace.edit('mover.ts', 'stride = 1', 'stride = 2'),
    workspace.edit('keys.ts', '#102030', '#302010'),
  ])
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 2 }))
  const receipts = (await coppice((c) => c.receipts())).slice(before)
  expect(receipts.map(({ outcome, modules }) => [outcome, modules.map(({ name }) => name)])).toEqual([
    ['committed', ['mover', 'keys']],
  ])
})

test('[FL9] drawing code edited while paused shows at once; the frame stays', async ({ page, coppice }) => {
  const { frame } = await coppice((c) => c.pause())
  const receipts = await coppice((c) => c.files.write('look.ts', "export const colour = '#ff00ff'\n"))
  expect(receipts).toMatchObject([{ outcome: 'committed', moment: { frame } }])
  await expect.poll(() => coloursOf(page)).toContain('#ff00ff')
  expect(await coppice((c) => c.status())).toMatchObject({ paused: true, frame })
})

test('[ML2] engine.json and code changed together are one transaction', async ({ coppice, workspace }) => {
  const manifest = await workspace.read('engine.json')
  const receipts = await coppice(
    (c, texts) => c.files.apply(texts),
    [
      {
        path: 'engine.json',
        text: manifest.replace('"keys.ts" }', '"keys.ts" },\n    { "name": "third", "path": "third.ts" }'),
      },
      { path: 'third.ts', text: await workspace.read('mover.ts') },
      { path: 'look.ts', text: "export const colour = '#123456'\n" },
    ],
  )
  expect(receipts).toHaveLength(1)
  expect(receipts[0]).toMatchObject({ outcome: 'committed' })
  expect(receipts[0]?.modules.map(({ name }) => name).toSorted()).toEqual(['mover', 'third'])
  expect(await coppice(async (c) => (await c.modules()).map(({ name }) => name))).toEqual(['mover', 'keys', 'third'])
})

test('[WS6] a type error is shown and does not block the reload', async ({ page, coppice }) => {
  await editorReady(page)
  await coppice(async (c) => {
    const text = (await c.editor?.text('mover.ts')) ?? ''
    await c.editor?.setText(
      'mover.ts',
      text.replace('const stride = 1', 'const stride = 4\nconst wrong: string = stride\nvoid wrong'),
    )
    await c.editor?.open('mover.ts')
    await c.editor?.save()
  })
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 4 }))
  await expect
    .poll(
      () => coppice(async (c) => (await c.editor?.markers('mover.ts'))?.map(({ source, line }) => `${source} ${line}`)),
      { timeout: 60_000 },
    )
    .toEqual(['typescript 5'])
})

test('[ML1] a rejected save leaves the old code running, and the tab and the file say that they differ', async ({
  page,
  coppice,
  workspace,
}) => {
  await editorReady(page)
  const receipts = await coppice((c) => c.files.write('look.ts', "throw new Error('no colour today')\n"))
  expect(receipts).toMatchObject([{ outcome: 'rejected', phase: 'evaluate', error: { file: 'look.ts', line: 1 } }])
  await expect(page.getByRole('alert', { name: 'Reload' })).toContainText('no colour today')
  const problems = await openPanel(page, 'Problems')
  await expect(problems.getByRole('row', { name: /no colour today/ })).toContainText('look.ts:1')
  await expect(
    page.getByRole('region', { name: 'Files' }).getByRole('row', { name: 'look.ts' }).getByLabel('runs other code'),
  ).toBeVisible()
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 10)
  await workspace.write('look.ts', "export const colour = '#00ff88'\n")
  await expect.poll(() => coloursOf(page)).toContain('#00ff88')
  await expect(problems.getByText('No problems')).toBeVisible()
})
