// Pausing, stepping and starting over, by the buttons and by the keyboard alone; keys that the program holds.

import { expect, test } from './journey-test.ts'
import { coloursOf, figure, program, transport } from './page-parts.ts'

test('[FL4] pause, step 1, step 10, run, reset and undo reset by the buttons', async ({ page, coppice }) => {
  const bar = transport(page)
  await coppice((c) => c.waitFor({ frame: 20 }))
  await expect(bar.getByRole('button', { name: 'Step', exact: true })).toBeDisabled()
  await bar.getByRole('button', { name: 'Pause' }).click()
  await expect(bar.getByRole('button', { name: 'Run' })).toBeVisible()
  const paused = await coppice((c) => c.status())
  expect(paused).toMatchObject({ running: false, paused: true })
  await expect.poll(() => figure(page, 'frame')).toBe(paused.frame)

  await bar.getByRole('button', { name: 'Step', exact: true }).click()
  await expect.poll(() => figure(page, 'frame')).toBe(paused.frame + 1)
  await bar.getByRole('button', { name: 'Step 10' }).click()
  await expect.poll(() => figure(page, 'frame')).toBe(paused.frame + 11)
  expect(await coppice((c) => c.state('mover'))).toMatchObject({ ticks: paused.frame + 11 })

  await bar.getByRole('button', { name: 'Run' }).click()
  await coppice((c, frame) => c.waitFor({ frame }), paused.frame + 20)
  await bar.getByRole('button', { name: 'Pause' }).click()
  await expect(bar.getByRole('button', { name: 'Run' })).toBeVisible()
  const left = await coppice((c) => c.status())
  const hash = await coppice((c) => c.stateHash())

  const undo = page.getByRole('button', { name: 'Undo reset' })
  await expect(undo).toBeDisabled()
  await page.getByRole('button', { name: 'Reset', exact: true }).click()
  await expect.poll(() => figure(page, 'frame')).toBe(0)
  const reset = await coppice((c) => c.status())
  expect(reset).toMatchObject({ frame: 0, paused: true, canUndoReset: true })
  expect(reset.timeline).not.toBe(left.timeline)
  expect(await coppice((c) => c.state('mover'))).toMatchObject({ ticks: 0 })

  await undo.click()
  await expect.poll(() => figure(page, 'frame')).toBe(left.frame)
  expect(await coppice((c) => c.stateHash())).toBe(hash)
  await expect(undo).toBeDisabled()
})

test('[FL4] the transport by keyboard only', async ({ page, coppice }) => {
  await coppice((c) => c.waitFor({ frame: 5 }))
  await page.keyboard.press('F6')
  await expect(page.getByRole('status', { name: 'Paused in the present' })).toBeVisible()
  const { frame } = await coppice((c) => c.status())
  await page.keyboard.press('F10')
  await expect.poll(() => figure(page, 'frame')).toBe(frame + 1)
  await page.keyboard.press('Shift+F10')
  await expect.poll(() => figure(page, 'frame')).toBe(frame + 11)
  await page.keyboard.press('F5')
  await expect(page.getByRole('status', { name: 'Live: the present runs' })).toBeVisible()
  await page.keyboard.press('F6')
  await page.keyboard.press('Alt+Shift+R')
  await expect.poll(() => figure(page, 'frame')).toBe(0)
  await page.keyboard.press('Alt+Shift+U')
  await expect.poll(() => figure(page, 'frame')).toBeGreaterThan(0)

  // The same buttons, reached and pressed without a pointer.
  const run = transport(page).getByRole('button', { name: 'Run' })
  await run.focus()
  await page.keyboard.press('ArrowRight')
  await expect(transport(page).getByRole('button', { name: 'Step', exact: true })).toBeFocused()
  const before = await figure(page, 'frame')
  await page.keyboard.press('Enter')
  await expect.poll(() => figure(page, 'frame')).toBe(before + 1)
})

test('[FL4] stepping while running is refused with a clear error', async ({ page, coppice }) => {
  const refused = await coppice((c) =>
    c.step().then(
      () => 'stepped',
      (error: unknown) => String(error),
    ),
  )
  expect(refused).toMatch(/pause/i)
  await page.keyboard.press('F10')
  await expect(page.getByText('Step: pause first')).toBeVisible()
})

test('[FL2] speed changes the pace of frames, not what they compute', async ({ page, coppice }) => {
  await page.getByRole('button', { name: /Speed$/ }).click()
  await page.getByRole('option', { name: '0.1×' }).click()
  await expect.poll(() => coppice(async (c) => (await c.status()).speed)).toBe(0.1)
  const state = await coppice(async (c) => {
    await c.pause()
    return [await c.status(), await c.state('mover')] as const
  })
  expect(state[1]).toMatchObject({ ticks: state[0].frame })
})

test('keys go to the program while the picture has the focus, and are lifted when the window loses it', async ({
  page,
  coppice,
}) => {
  await program(page).click()
  await expect(page.getByText('Keys go to the program')).toBeVisible()
  await page.keyboard.down('ArrowLeft')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: true }))
  await expect.poll(() => coloursOf(page)).toContain('#00ff00')
  // What a browser tells a page whose window goes behind another.
  await page.evaluate(() => window.dispatchEvent(new Event('blur')))
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: false }))

  await page.keyboard.up('ArrowLeft')
  await page.keyboard.down('ArrowLeft')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: true }))
  await page.keyboard.press('Escape')
  await coppice((c) => c.waitFor({ module: 'keys', path: 'left', equals: false }))
  await expect(page.getByText('Keys go to the program')).toBeHidden()
  expect(await coppice((c) => c.state('keys'))).toMatchObject({ presses: 2 })
})

test('the pointer comes in units of the view', async ({ page, coppice }) => {
  const box = await program(page).boundingBox()
  if (box === null) throw new Error('The picture has no place.')
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2)
  await page.mouse.down()
  await coppice((c) => c.waitFor({ module: 'keys', path: 'pointer.buttons', equals: 1 }))
  const state = await coppice((c) => c.state('keys'))
  expect(state).toMatchObject({ pointer: { x: expect.closeTo(80, 0), y: expect.closeTo(90, 0) } })
  await page.mouse.up()
  await coppice((c) => c.waitFor({ module: 'keys', path: 'pointer.buttons', equals: 0 }))
})
