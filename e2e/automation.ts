// `window.coppice` of a page, called from a test or benchmark in Node.

import type { Page } from '@playwright/test'
import type { CoppiceAutomation } from '../src/protocol/automation.ts'

declare global {
  interface Window {
    readonly coppice: CoppiceAutomation
  }
}

/** Runs `body` in the page on `window.coppice`; the argument crosses as JSON, the result as Playwright copies it. */
export interface CoppiceInPage {
  <Result>(body: (coppice: CoppiceAutomation) => Result | Promise<Result>): Promise<Result>
  <Result, Argument>(
    body: (coppice: CoppiceAutomation, argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>
}

/** For a page beside the fixture's own, such as a second tab. */
export function automationOf(page: Page): CoppiceInPage {
  return async <Result, Argument>(
    body: (coppice: CoppiceAutomation, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result> => {
    await page.waitForFunction(() => 'coppice' in window, undefined, { timeout: 120_000 })
    return page.evaluate<Result>(`(${body.toString()})(window.coppice, ${JSON.stringify(argument)})`)
  }
}
