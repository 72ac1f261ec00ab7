// The first thing a user sees: the IDE opens on a running example.

import { expect, test } from './coppice-test.ts'

test('an example runs and its frame number climbs', async ({ page, coppice }) => {
  const first = await coppice((c) => c.status())
  expect(first).toMatchObject({ type: 'debug', running: true, paused: false })
  const later = await coppice((c, frame) => c.waitFor({ frame }), first.frame + 30)
  expect(later.frame).toBeGreaterThanOrEqual(first.frame + 30)
  await expect(page.locator('canvas').first()).toBeVisible()
})

test('the dev server may be started again while the page is open', async ({ server, coppice, errors }) => {
  errors.allow(/WebSocket|ERR_CONNECTION_REFUSED|Failed to load/)
  const before = await coppice((c) => c.status())
  await server.restart()
  const after = await coppice((c, frame) => c.waitFor({ frame }), before.frame + 60)
  expect(after.timeline).toBe(before.timeline)
})
