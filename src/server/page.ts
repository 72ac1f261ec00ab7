// Serves the IDE's page: at `/` where the project has no index.html of its own, and always at `/__coppice/`.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ViteDevServer } from 'vite'
import { urlOfFile } from './engine-environment.ts'
import { pathInside } from './workspace-paths.ts'

const idePath = '/__coppice/'

/** Our sources, seen from the project's root. */
const sourceBase = (server: ViteDevServer, packageRoot: string): string =>
  urlOfFile(server.environments.client, join(packageRoot, 'src'))

/** Answers page requests; to be installed before Vite's own handling of HTML. */
export const servePage = (server: ViteDevServer, packageRoot: string): void => {
  const isOwnRoot = pathInside(packageRoot, server.config.root) === ''
  const hasOwnPage = existsSync(join(server.config.root, 'index.html'))
  server.middlewares.use((request, response, next) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const isRootPage = path === '/' && !hasOwnPage
    if (path === idePath.slice(0, -1) || path === idePath || isRootPage) {
      void sendPage(path).catch(next)
      return
    }
    if (!isOwnRoot && path === '/favicon.svg' && !existsSync(join(server.config.publicDir, 'favicon.svg'))) {
      void sendIcon().catch(next)
      return
    }
    next()

    async function sendPage(url: string): Promise<void> {
      const html = await readFile(join(packageRoot, 'index.html'), 'utf8')
      const ours = html.replaceAll('"/src/', `"${sourceBase(server, packageRoot)}/`)
      const transformed = await server.transformIndexHtml(url, ours, request.originalUrl)
      response.setHeader('Content-Type', 'text/html')
      for (const [name, value] of Object.entries(server.config.server.headers ?? {}))
        if (value !== undefined) response.setHeader(name, value)
      response.end(transformed)
    }
    async function sendIcon(): Promise<void> {
      response.setHeader('Content-Type', 'image/svg+xml')
      response.end(await readFile(join(packageRoot, 'public', 'favicon.svg')))
    }
  })
}
