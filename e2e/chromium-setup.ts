// Playwright's global setup: makes sure that there is a Chromium, and tells all workers which.

import { chromiumVariable, findChromium, installChromium } from './chromium.ts'

export default function setUpChromium(): void {
  const executable = findChromium() ?? installChromium()
  process.env[chromiumVariable] = executable
  console.log(`Chromium: ${executable}`)
}
