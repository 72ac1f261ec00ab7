// Playwright's global setup: makes sure that there is a Chromium and tells all workers which.

import { chromiumVariable, findChromium, installChromium } from './chromium.ts'

export default function setUpJourneys(): void {
  const executablePath = findChromium() ?? installChromium()
  process.env[chromiumVariable] = executablePath
  console.log(`Chromium: ${executablePath}`)
}
