// @ts-check
// Prints `N passed, N failed` over the reports of vitest and Playwright in test-results/. The first argument is the exit
// code of the run: one that is not 0 without a failed test (types, lint, a crash) counts as one failure.

import { existsSync, readFileSync } from 'node:fs'

/** @param {string} file @returns {any} */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

const unit = read('test-results/unit.json')
const journeys = read('test-results/e2e.json')
const failedSuites = (unit?.testResults ?? []).filter(
  (/** @type {any} */ suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
)
const passed = (unit?.numPassedTests ?? 0) + (journeys?.stats.expected ?? 0) + (journeys?.stats.flaky ?? 0)
const failed =
  (unit?.numFailedTests ?? 0) + failedSuites.length + (journeys?.stats.unexpected ?? 0) + (journeys?.errors.length ?? 0)

console.log(`${passed} passed, ${failed === 0 && process.argv[2] !== '0' ? 1 : failed} failed`)
