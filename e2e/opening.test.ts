// The first thing a user sees: the IDE opens on a running program that draws.

import { automationOf } from './automation.ts'
import { expect, test } from './journey-test.ts'
import { coloursOf, figure, openPanel, pictureOf, viewport } from './page-parts.ts'

test.use({ loadsPage: true })

test.describe('the examples', () => {
  test.use({ source: 'tanks' })

  test('[FL1] an example draws, its picture moves, and the frame number climbs', async ({ page, coppice }) => {
    const first = await coppice((c) => c.status())
    expect(first).toMatchObject({ type: 'debug', running: true, paused: false, modulesLoaded: 3 })
    await expect(viewport(page).locator('canvas').first()).toBeVisible()
    const before = await pictureOf(page)
    expect(before.colours.length).toBeGreaterThan(5)
    const later = await coppice((c, frame) => c.waitFor({ frame }), first.frame + 30)
    expect(later.frame).toBeGreaterThanOrEqual(first.frame + 30)
    await expect.poll(() => pictureOf(page).then(({ checksum }) => checksum)).not.toBe(before.checksum)
    expect(await figure(page, 'frame')).toBeGreaterThan(first.frame)
    expect(await coppice((c) => c.problems())).toEqual([])
  })
})

test('[FL9] layers lie over each other in the colours of their modules', async ({ page, coppice }) => {
  await coppice((c) => c.waitFor({ frame: 20 }))
  await expect.poll(() => coloursOf(page)).toEqual(['#102030', '#ff8800'])
  await expect(page.getByRole('row', { name: 'mover', exact: true })).toBeVisible()
})

test('what is chosen before the workspace has come stays chosen when it comes', async ({ page, context, errors }) => {
  const slow = await context.newPage()
  errors.watch(slow)
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await slow.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage(async (message) => {
      await released
      server.send(message)
    })
  })
  await slow.goto(page.url())
  await slow.getByRole('radio', { name: 'Play' }).click()
  const problems = await openPanel(slow, 'Problems')
  release()
  await automationOf(slow)((c) => c.waitFor({ frame: 5 }))
  await expect(slow.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'mover' })).toBeVisible()
  await expect(slow.getByRole('radio', { name: 'Play' })).toBeChecked()
  await expect(problems).toBeVisible()
})
