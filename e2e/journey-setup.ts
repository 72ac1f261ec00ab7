// Playwright's global setup: makes sure that there is a Chromium and tells all workers which, and opens the IDE once, so
// that Vite's bundled packages are there before several dev servers would make them side by side.

import { chromium } from '@playwright/test'
import { chromiumFlags, chromiumVariable, findChromium, installChromium } from './chromium.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'

export default async function setUpJourneys(): Promise<void> {
  const executablePath = findChromium() ?? installChromium()
  process.env[chromiumVariable] = executablePath
  console.log(`Chromium: ${executablePath}`)

  const port = await findFreePort()
  const server = new DevServer({ args: ['dist/cli.js', '--port', String(port), '--no-open'], cwd: projectRoot, port })
  await server.start()
  try {
    const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] })
    const page = await browser.newPage()
    await page.goto(server.url, { timeout: 180_000 })
    await page.waitForFunction(() => 'coppice' in window, undefined, { timeout: 180_000 })
    await browser.close()
  } finally {
    await server.stop()
  }
}
