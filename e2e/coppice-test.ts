// What journeys start from: `test` with a copy of a workspace, a dev server on it started as a user would, the IDE opened
// in a page, and `coppice`, which runs a function in that page on `window.coppice`. A test fails on any page error or
// console error it did not announce.

import path from 'node:path'
import { test as base, expect, type ConsoleMessage, type Page } from '@playwright/test'
import { automationOf, type CoppiceInPage } from './automation.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'
import { WorkspaceCopy, type WorkspaceSource } from './workspace-copy.ts'

/** Collects what went wrong in pages, but for what the test said would. */
export class PageErrors {
  readonly #allowed: RegExp[] = []
  readonly #found: string[] = []

  /** Errors whose text matches are expected from here on (and may have come already). */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern)
  }

  /** Returns how to stop. */
  watch(page: Page): () => void {
    // What is thrown need not be an Error: then it has no stack, but a name of a kind.
    const note = (error: Error): void => void this.#found.push(error.stack || `${error.name} ${error.message}`)
    const read = (message: ConsoleMessage): void => {
      if (message.type() === 'error') this.#found.push(`${message.text()} (${message.location().url})`)
    }
    page.on('pageerror', note)
    page.on('console', read)
    return () => {
      page.off('pageerror', note)
      page.off('console', read)
    }
  }

  unexpected(): readonly string[] {
    return this.#found.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)))
  }
}

interface Options {
  /** What the workspace is a copy of; default `tanks`. */
  readonly source: WorkspaceSource
  /** Wait until the first frame has run before the test begins; off for workspaces that hold nothing that runs. */
  readonly waitsForFrame: boolean
  /** Appended to the address the page opens. */
  readonly query: string
  /** More arguments of the server's command line. */
  readonly serverArguments: readonly string[]
}

interface Fixtures extends Options {
  readonly workspace: WorkspaceCopy
  readonly server: DevServer
  readonly errors: PageErrors
  readonly coppice: CoppiceInPage
}

export const test = base.extend<Fixtures>({
  source: ['tanks', { option: true }],
  waitsForFrame: [true, { option: true }],
  query: ['', { option: true }],
  serverArguments: [[], { option: true }],

  workspace: async ({ source }, provide, testInfo) => {
    const workspace = new WorkspaceCopy(testInfo.outputPath('workspace'))
    await workspace.fill(source, path.join(projectRoot, 'src/examples'))
    await provide(workspace)
  },

  server: async ({ workspace, serverArguments }, provide, testInfo) => {
    const port = await findFreePort()
    const args = [
      path.join(projectRoot, 'dist/cli.js'),
      workspace.folder,
      '--port',
      String(port),
      '--no-open',
      ...serverArguments,
    ]
    const server = new DevServer({ args, cwd: projectRoot, port })
    await server.start()
    await provide(server)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('dev server', { body: server.output, contentType: 'text/plain' })
    }
    await server.stop()
  },

  // Playwright reads what a fixture needs from the pattern of its first parameter.
  // oxlint-disable-next-line no-empty-pattern -- required by Playwright
  errors: async ({}, provide) => {
    const errors = new PageErrors()
    await provide(errors)
    expect(errors.unexpected(), 'errors in the page').toEqual([])
  },

  page: async ({ page, server, errors, waitsForFrame, query }, provide) => {
    errors.watch(page)
    await page.goto(server.url + query)
    await page.waitForFunction(() => 'coppice' in window, undefined, { polling: 50 })
    if (waitsForFrame) await page.evaluate(() => window.coppice.ready)
    await provide(page)
  },

  coppice: async ({ page }, provide) => provide(automationOf(page)),
})

export { expect } from '@playwright/test'
