// The package as a stranger gets it: packed, installed into an empty project with a Vite configuration of its own, where a
// module is type-checked, run by that project's Vite in a browser, run headless, and tested.

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { automationOf } from './automation.ts'
import { expect, PageErrors, test as base } from './coppice-test.ts'
import { DevServer, findFreePort, projectRoot } from './dev-server.ts'
import { WorkspaceCopy } from './workspace-copy.ts'

const run = promisify(execFile)

const compilerOptions = {
  target: 'ES2023',
  module: 'ESNext',
  moduleResolution: 'bundler',
  types: [],
  strict: true,
  noEmit: true,
}

const files = {
  'package.json': JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  'vite.config.ts': `import { defineConfig } from 'vite'
import { coppice } from 'coppice/vite'

export default defineConfig({ base: '/play/', plugins: [coppice({ workspace: 'game' })] })
`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: { ...compilerOptions, lib: ['ES2023', 'DOM'], allowImportingTsExtensions: true },
    include: ['game', 'box-test.ts'],
  }),
  // As Vite's own templates have it: Vite's types need those of Node.
  'tsconfig.node.json': JSON.stringify({
    compilerOptions: { ...compilerOptions, lib: ['ESNext'], skipLibCheck: true },
    include: ['vite.config.ts'],
  }),
  'game/engine.json': JSON.stringify({ modules: [{ name: 'box', path: 'box.ts' }] }),
  'game/box.ts': `import { defineModule } from 'coppice'

export default defineModule({
  config: { speed: 60 },
  init: () => ({ x: 0 }),
  process({ state, config, dt }) {
    state.x += config.speed * dt
  },
  render({ ctx, state }) {
    ctx.fillStyle = 'tomato'
    ctx.fillRect(state.x % 1000, 100, 200, 200)
  },
})
`,
  'box-test.ts': `import { mount } from 'coppice/test'
import box from './game/box.ts'

export const mounted = mount(box, { seed: 1 })
`,
}

interface Project {
  readonly project: WorkspaceCopy
}

const test = base.extend<object, Project>({
  project: [
    // oxlint-disable-next-line no-empty-pattern -- required by Playwright
    async ({}, provide) => {
      const project = new WorkspaceCopy(await mkdtemp(path.join(tmpdir(), 'coppice-stranger-')))
      await project.fill(files, '')
      const packed = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project.folder], {
        cwd: projectRoot,
      })
      const tarball = packed.stdout.trim().split('\n').at(-1) ?? ''
      const tools = ['vite', 'typescript'].map((name) => `${name}@${installedVersion(name)}`)
      await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`, ...tools], {
        cwd: project.folder,
      })
      await provide(project)
      await rm(project.folder, { recursive: true, force: true, maxRetries: 5 })
    },
    { scope: 'worker', timeout: 300_000 },
  ],
})

/** The same one as here, so that the installed package meets the tools it was made with. */
function installedVersion(name: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(path.join(projectRoot, 'node_modules', name, 'package.json'), 'utf8'),
  )
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) throw new Error(`No ${name}.`)
  return String(manifest.version)
}

/** What the project's own compiler says; empty where it is content. */
const checkTypes = (project: WorkspaceCopy, config: string): Promise<string> =>
  new Promise((resolve) => {
    const args = ['node_modules/typescript/bin/tsc', '-p', config, '--pretty', 'false']
    execFile(process.execPath, args, { cwd: project.folder }, (_error, stdout) => {
      resolve(stdout)
    })
  })

test.describe('the packed package', () => {
  test('types of coppice, coppice/vite and coppice/test are found', async ({ project }) => {
    expect(await checkTypes(project, 'tsconfig.json')).toBe('')
    expect(await checkTypes(project, 'tsconfig.node.json')).toBe('')
  })

  test('a mistake in a module is a type error', async ({ project }) => {
    const wrong = (await project.read('game/box.ts')).replace('state.x +=', 'state.y +=')
    await project.write('game/wrong.ts', wrong)
    expect(await checkTypes(project, 'tsconfig.json')).toContain("game/wrong.ts(7,11): error TS2339: Property 'y'")
    await project.remove('game/wrong.ts')
  })

  test('a project of its own runs a module in the browser, and an edit on disk reaches it', async ({
    project,
    browser,
  }) => {
    const port = await findFreePort()
    const args = ['node_modules/vite/bin/vite.js', '--port', String(port), '--strictPort']
    const server = new DevServer({ args, cwd: project.folder, port })
    await server.start()
    try {
      const page = await browser.newPage()
      const errors = new PageErrors()
      errors.watch(page)
      await page.goto(`${server.url}play/`)
      const coppice = automationOf(page)
      await coppice((c) => c.ready)
      const outside = await fetch(`${server.url}play/__coppice/page/..%2f..%2fpackage.json`)
      expect(outside.status, '[WS1] nothing beside the page is served').toBe(404)
      await coppice((c) => c.waitFor({ frame: 30 }))
      expect(await coppice((c) => c.state('box'))).toMatchObject({ x: expect.any(Number) })

      await project.edit('game/box.ts', "'tomato'", "'teal'")
      await expect
        .poll(() => coppice(async (c) => (await c.modules()).map(({ name, version }) => `${name} ${version}`)), {
          timeout: 60_000,
        })
        .toEqual(['box 2'])
      expect(errors.unexpected()).toEqual([])
      await page.close()
    } finally {
      await server.stop()
    }
  })

  test('the same program runs headless from the package', async ({ project }) => {
    const headless = 'node_modules/coppice/dist/headless.js'
    const { stdout } = await run(process.execPath, [headless, 'game', '--frames', '60', '--json'], {
      cwd: project.folder,
    })
    const report: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(report).toMatchObject({ frames: 60, stateHash: expect.stringMatching(/^[0-9a-f]{16}$/) })
  })
})
