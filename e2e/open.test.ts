// The first thing a user sees: the IDE opens on a running example.

import { execFileSync } from 'node:child_process'
import { expect, test } from './coppice-test.ts'
import { projectRoot } from './dev-server.ts'

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

test('nothing of the page is bundled at the first start: it is built', () => {
  const script = `import { resolveConfig } from 'vite'
    import { coppice } from 'coppice/vite'
    const { environments } = await resolveConfig({ root: '.', configFile: false, plugins: [coppice()] }, 'serve')
    const { noDiscovery, include } = environments.client.optimizeDeps
    console.log(JSON.stringify({ noDiscovery, include }))`
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: projectRoot })
  expect(JSON.parse(told.toString())).toEqual({ noDiscovery: true, include: [] })
})
