// Serves the IDE's page: at `/` where the project has no index.html of its own, and always at `/__coppice/`. The plugin
// as built serves the page as built (dist/page), which no project has to transform or bundle; the plugin run from its
// sources, as in our own `npm run dev`, has Vite serve the page's sources.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { ViteDevServer } from 'vite'
import { pathInside } from './workspace-paths.ts'

const idePath = '/__coppice/'
const assetPath = `${idePath}page/`

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

/** Folder of the built page; undefined where this code runs from its sources. */
export const builtPage = (packageRoot: string): string | undefined => {
  const dist = join(packageRoot, 'dist')
  return pathInside(dist, import.meta.dirname) === undefined ? undefined : join(dist, 'page')
}

/** Answers page requests; to be installed before Vite's own handling of HTML. */
export const servePage = (server: ViteDevServer, packageRoot: string): void => {
  const { root, base } = server.config
  const page = builtPage(packageRoot)
  // Our own index.html is a page for the plugin's sources; in a user's project `/` is the project's, if it has a page.
  const hasOwnPage = existsSync(join(root, 'index.html')) && pathInside(packageRoot, root) !== ''
  server.middlewares.use((request, response, next) => {
    const path = pathOf(request.url, base)
    if (path === idePath.slice(0, -1) || path === idePath || (path === '/' && !hasOwnPage)) {
      sendPage(path, request.originalUrl).then((html) => send(response, html, '.html'), next)
    } else if (page !== undefined && path?.startsWith(assetPath) === true) {
      sendAsset(response, join(page, path.slice(assetPath.length))).catch(next)
    } else next()
  })

  async function sendPage(path: string, originalUrl: string | undefined): Promise<string> {
    if (page === undefined) {
      return server.transformIndexHtml(path, await readFile(join(packageRoot, 'index.html'), 'utf8'), originalUrl)
    }
    const html = await readFile(join(page, 'index.html'), 'utf8')
    const client = `<script type="module" src="${base}@vite/client"></script>`
    return html.replace('<head>', `<head>\n    ${client}`).replaceAll('"./', `"${base.replace(/\/$/, '')}${assetPath}`)
  }

  async function sendAsset(response: ServerResponse, file: string): Promise<void> {
    if (page === undefined || pathInside(page, file) === undefined || !existsSync(file)) {
      response.statusCode = 404
      response.end()
      return
    }
    // Their names carry a hash of what they hold.
    if (file.includes('/assets/')) response.setHeader('Cache-Control', 'max-age=31536000, immutable')
    send(response, await readFile(file), extname(file))
  }

  function send(response: ServerResponse, body: string | Buffer, extension: string): void {
    response.setHeader('Content-Type', contentTypes[extension] ?? 'application/octet-stream')
    for (const [name, value] of Object.entries(server.config.server.headers ?? {}))
      if (value !== undefined) response.setHeader(name, value)
    response.end(body)
  }
}

/** The path of a request below the server's base, decoded; undefined where it is not below it, or malformed. */
const pathOf = (url: string | undefined, base: string): string | undefined => {
  try {
    const path = decodeURIComponent(new URL(url ?? '/', 'http://localhost').pathname)
    return path.startsWith(base) ? `/${path.slice(base.length)}` : undefined
  } catch {
    return undefined
  }
}
