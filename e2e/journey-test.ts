// What most journeys start from: as coppice-test.ts, but with one dev server and one page for all tests of a Playwright
// worker, each test on workspaces of its own. The page is led from one to the next by its workspace picker: loading it costs
// more than most tests. Tests that stop the server or need a folder to themselves take coppice-test.ts.

import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { test as base, expect } from './coppice-test.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'
import { WorkspaceCopy, type WorkspaceSource } from './workspace-copy.ts'

const exampleFolder = path.join(projectRoot, 'src/examples')
const ownFolder = path.join(projectRoot, 'e2e/workspaces')
const examples = new Set(['boids', 'breakout', 'pile', 'planet', 'tanks'])

/** A dev server on a folder of workspaces that come and go. */
class Garden {
  readonly folder: string
  readonly server: DevServer
  /** The page that stays, once it is open. */
  page: Page | undefined
  context: BrowserContext | undefined
  readonly #felled: WorkspaceCopy[] = []
  #planted = 0

  constructor(folder: string, port: number) {
    this.folder = folder
    const args = [path.join(projectRoot, 'dist/cli.js'), folder, '--port', String(port), '--no-open']
    this.server = new DevServer({ args, cwd: projectRoot, port })
  }

  /** A new workspace: a copy of an example or of one in e2e/workspaces, or the files given. */
  async plant(source: WorkspaceSource): Promise<WorkspaceCopy> {
    this.#planted += 1
    const name = `${typeof source === 'string' ? source : 'made'}-${this.#planted}`
    const copy = new WorkspaceCopy(path.join(this.folder, name))
    await copy.fill(source, typeof source === 'string' && examples.has(source) ? exampleFolder : ownFolder)
    return copy
  }

  /** Marks a workspace as no longer needed; it goes when the page has left it. */
  fell(copy: WorkspaceCopy): void {
    this.#felled.push(copy)
  }

  async clear(): Promise<void> {
    for (const { folder } of this.#felled.splice(0)) await rm(folder, { recursive: true, force: true })
  }
}

/** Leads the page to another workspace, as a user would; nothing of the last one's layout is kept. */
async function lead(page: Page, name: string): Promise<void> {
  await page.evaluate(async () => {
    localStorage.clear()
    // The page's own, whatever the workspace.
    await window.coppice.setRehearsing(true)
  })
  const editor = await page.evaluateHandle(() => window.coppice.editor)
  await page.getByRole('button', { name: /Workspace$/ }).click()
  await page.getByRole('option', { name, exact: true }).click()
  // A worker is started and its code loaded: as long as a page may take.
  await expect(page).toHaveURL(new RegExp(`workspace=${name}$`), { timeout: 60_000 })
  await page.waitForFunction((before) => before === undefined || window.coppice.editor !== before, editor, {
    polling: 50,
  })
}

interface Fixtures {
  /** Loads the page anew at the address of its workspace, instead of leading the open one there. */
  readonly loadsPage: boolean
  /** Makes one more workspace; it goes with the test. */
  readonly plant: (source: WorkspaceSource) => Promise<WorkspaceCopy>
}

interface WorkerFixtures {
  readonly garden: Garden
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  source: 'pair',
  loadsPage: [false, { option: true }],

  garden: [
    // oxlint-disable-next-line no-empty-pattern -- required by Playwright
    async ({}, provide) => {
      const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'coppice-journeys-')))
      const garden = new Garden(folder, await findFreePort())
      await garden.server.start()
      await provide(garden)
      await garden.server.stop()
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  plant: async ({ garden }, provide) => {
    const planted: WorkspaceCopy[] = []
    await provide(async (source) => {
      const copy = await garden.plant(source)
      planted.push(copy)
      return copy
    })
    for (const copy of planted) garden.fell(copy)
  },

  workspace: async ({ plant, source }, provide) => provide(await plant(source)),

  // It belongs to the whole worker; what it printed is kept for a test that fails.
  server: async ({ garden }, provide, testInfo) => {
    await provide(garden.server)
    if (testInfo.status === testInfo.expectedStatus) return
    await testInfo.attach('dev server', { body: garden.server.output, contentType: 'text/plain' })
  },

  context: async ({ garden, browser }, provide) => {
    garden.context ??= await browser.newContext()
    await provide(garden.context)
    for (const page of garden.context.pages()) if (page !== garden.page) await page.close()
  },

  page: async ({ garden, context, workspace, server, errors, waitsForFrame, query, loadsPage }, provide) => {
    const isOpen = garden.page !== undefined
    const page = (garden.page ??= await context.newPage())
    const stop = errors.watch(page)
    if (isOpen && !loadsPage && query.endsWith(`=${workspace.name}`)) await lead(page, workspace.name)
    else await page.goto(server.url + query)
    await page.waitForFunction(() => 'coppice' in window, undefined, { polling: 50 })
    if (waitsForFrame) await page.evaluate(() => window.coppice.waitFor({ frame: 1 }))
    await garden.clear()
    await provide(page)
    stop()
  },

  query: async ({ workspace }, provide) => provide(`?workspace=${workspace.name}`),
})

export { expect }
