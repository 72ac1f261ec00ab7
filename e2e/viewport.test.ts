// The viewport's bar: a window of its own for the picture, a film of it, a PNG.

import { readFile } from 'node:fs/promises'
import { expect, test } from './journey-test.ts'
import { numberIn } from './page-parts.ts'

test('the picture in a window of its own takes keys, follows its size, and comes back when it is closed', async ({
  page,
  coppice,
  errors,
}) => {
  const [window] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'Pop out' }).click(),
  ])
  errors.watch(window)
  const program = window.getByRole('application', { name: /^Program/ })
  await expect(program.locator('canvas').first()).toBeVisible()
  await expect(page.getByText('The picture has a window of its own.')).toBeVisible()
  await program.click()
  await window.keyboard.down('ArrowLeft')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: true }))
  await window.keyboard.up('ArrowLeft')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: false }))
  await window.setViewportSize({ width: 900, height: 600 })
  await expect.poll(async () => (await program.boundingBox())?.width).toBe(900)

  const { timeline } = await coppice((c) => c.status())
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await window.close()
  const back = page.getByRole('region', { name: 'Viewport' }).getByRole('application', { name: /^Program/ })
  await expect(back.locator('canvas').first()).toBeVisible()
  await expect(page.getByText('The picture has a window of its own.')).toBeHidden()
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
  expect(await coppice((c) => c.status())).toMatchObject({ timeline, running: true })
})

test('the picture is brought back by its button', async ({ page }) => {
  await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: 'Pop out' }).click()])
  await page.getByRole('button', { name: 'Bring it back' }).click()
  const viewport = page.getByRole('region', { name: 'Viewport' })
  await expect(viewport.getByRole('application', { name: /^Program/ })).toBeVisible()
  await expect.poll(() => page.context().pages().length).toBe(1)
})

test('a film and a PNG of the picture are saved, named after workspace and frame', async ({
  page,
  coppice,
  workspace,
}) => {
  await page.getByRole('button', { name: 'Record' }).click()
  const stop = page.getByRole('button', { name: 'Stop recording' })
  await expect(stop).toBeVisible()
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 60)
  const [film] = await Promise.all([page.waitForEvent('download'), stop.click()])
  expect(film.suggestedFilename()).toMatch(new RegExp(`^${workspace.name}-\\d+\\.(webm|mp4)$`))
  expect((await readFile(await film.path())).length).toBeGreaterThan(1000)
  await expect(page.getByRole('button', { name: 'Record' })).toBeVisible()

  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Screenshot' }).click(),
  ])
  expect(picture.suggestedFilename()).toMatch(new RegExp(`^${workspace.name}-\\d+\\.png$`))
  const bytes = await readFile(await picture.path())
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
})
