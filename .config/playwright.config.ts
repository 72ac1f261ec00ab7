// Journeys in a real Chromium. Each test starts a dev server of its own on a copy of a workspace (e2e/coppice-test.ts).
// Results also go to test-results/e2e.json for .ci/run. The copies stand outside test-results, which Vite never watches.

import { defineConfig } from '@playwright/test'
import { chromiumFlags, chromiumVariable } from '../e2e/chromium.ts'

/** Set by the global setup before workers load this file. */
const executablePath = process.env[chromiumVariable]

export default defineConfig({
  testDir: '../e2e',
  // Emptied at each start; `--output .e2e/<name>` keeps two runs in one checkout apart.
  outputDir: '../.e2e/default',
  globalSetup: '../e2e/journey-setup.ts',
  fullyParallel: true,
  // The page, the engine and the editor of one test keep two cores busy.
  workers: 1,
  // A shared machine can stall for seconds; a test that fails twice is a failure.
  retries: process.env['CI'] === undefined ? 0 : 2,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // A trace costs about as much as the page itself: it is kept of what failed once.
    trace: { mode: 'on-first-retry', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      args: [...chromiumFlags],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
})
