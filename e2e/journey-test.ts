// What most journeys start from: as coppice-test.ts, but with one dev server for all tests of a Playwright worker, each test
// on workspaces of its own. Tests that stop the server or need a folder to themselves take coppice-test.ts.

import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base } from './coppice-test.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'
import { WorkspaceCopy, type WorkspaceSource } from './workspace-copy.ts'

const exampleFolder = path.join(projectRoot, 'src/examples')
const ownFolder = path.join(projectRoot, 'e2e/workspaces')
const examples = new Set(['boids', 'breakout', 'pile', 'planet', 'tanks'])

/** A dev server on a folder of workspaces that come and go. */
class Garden {
  readonly folder: string
  readonly server: DevServer
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
}

interface Fixtures {
  /** Makes one more workspace; it goes with the test. */
  readonly plant: (source: WorkspaceSource) => Promise<WorkspaceCopy>
}

interface WorkerFixtures {
  readonly garden: Garden
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  source: 'pair',

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
    for (const { folder } of planted) await rm(folder, { recursive: true, force: true })
  },

  workspace: async ({ plant, source }, provide) => provide(await plant(source)),

  // It belongs to the whole worker; what it printed is kept for a test that fails.
  server: async ({ garden }, provide, testInfo) => {
    await provide(garden.server)
    if (testInfo.status === testInfo.expectedStatus) return
    await testInfo.attach('dev server', { body: garden.server.output, contentType: 'text/plain' })
  },

  query: async ({ workspace }, provide) => provide(`?workspace=${workspace.name}`),
})

export { expect } from '@playwright/test'
