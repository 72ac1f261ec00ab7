// What browser benchmarks run in: one Chromium, Coppice's dev server on a workspace made for the purpose, and a plain Vite
// page to compare with. Everything is ended with `close`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { createServer, type Plugin, type ViteDevServer } from 'vite'
import { chromiumFlags, findChromium, installChromium } from '../chromium.ts'
import { automationOf, type CoppiceInPage } from '../automation.ts'
import { DevServer, findFreePort } from '../dev-server.ts'
import { editorReady } from '../page-parts.ts'
import { WorkspaceCopy, type WorkspaceSource } from '../workspace-copy.ts'

export interface CoppicePage {
  readonly page: Page
  readonly coppice: CoppiceInPage
}

const settleMs = 5000

export class BrowserSession {
  readonly #browser: Browser
  readonly #folder: string
  readonly #closing: (() => Promise<void>)[] = []

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser
    this.#folder = folder
  }

  static async open(): Promise<BrowserSession> {
    const executablePath = findChromium() ?? installChromium()
    const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] })
    return new BrowserSession(browser, await mkdtemp(path.join(tmpdir(), 'coppice-bench-')))
  }

  /** The IDE on a workspace of these files, running. Needs `npm run build` before. */
  async openCoppice(source: WorkspaceSource): Promise<CoppicePage> {
    const workspace = new WorkspaceCopy(path.join(this.#folder, 'coppice'))
    await workspace.fill(source, path.resolve('src/examples'))
    const port = await findFreePort()
    const args = [path.resolve('dist/cli.js'), workspace.folder, '--port', String(port), '--no-open']
    const server = new DevServer({ args, cwd: process.cwd(), port })
    this.#closing.push(() => server.stop())
    await server.start()
    const page = await this.#browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(server.url)
    const coppice = automationOf(page)
    await coppice((c) => c.ready)
    await editorReady(page)
    // Typed, checked and drawn once: what is measured is the page as it is worked in, not as it starts.
    await page.waitForTimeout(settleMs)
    return { page, coppice }
  }

  /** A page of plain Vite. `POST /save/<path>` writes that file, as an editor would. */
  async openPlainVite(files: Readonly<Record<string, string>>): Promise<Page> {
    const folder = new WorkspaceCopy(path.join(this.#folder, 'plain'))
    await folder.fill(files, '')
    const server = await createServer({
      configFile: false,
      root: folder.folder,
      logLevel: 'error',
      plugins: [savePlugin(folder)],
      server: { port: await findFreePort(), strictPort: true },
    })
    this.#closing.push(() => server.close())
    await server.listen()
    const page = await this.#browser.newPage()
    await page.goto(addressOf(server))
    return page
  }

  async close(): Promise<void> {
    await this.#browser.close()
    for (const close of this.#closing) await close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function addressOf(server: ViteDevServer): string {
  const [address] = server.resolvedUrls?.local ?? []
  if (address === undefined) throw new Error('The plain Vite server has no address.')
  return address
}

function savePlugin(folder: WorkspaceCopy): Plugin {
  return {
    name: 'save',
    configureServer(server) {
      server.middlewares.use('/save', (request, response, next) => {
        let text = ''
        request.setEncoding('utf8')
        request.on('data', (part: string) => {
          text += part
        })
        request.on('end', () => {
          folder.write((request.url ?? '').slice(1), text).then(() => response.end(), next)
        })
      })
    },
  }
}
