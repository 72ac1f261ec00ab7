// WS1 for plain requests: Vite serves a file by its path; a link in a workspace that leads out of it is not followed.

import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Connect } from 'vite'
import { pathInside } from './workspace-paths.ts'

const fileOfUrl = (url: string, root: string): string | undefined => {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/, ''))
    return path.startsWith('/@fs/') ? path.slice('/@fs'.length) : join(root, path)
  } catch {
    return undefined
  }
}

/** Answers 403 where the path lies in `folder` and the file does not. Packages may be linked. */
export const refuseOutsideLinks =
  (folder: string, root: string): Connect.NextHandleFunction =>
  (request, response, next) => {
    const file = fileOfUrl(request.url ?? '/', root)
    const inside = file === undefined ? undefined : pathInside(folder, join(file))
    if (file === undefined || inside === undefined || inside.includes('node_modules/') || leadsInside(folder, file)) {
      next()
      return
    }
    response.statusCode = 403
    response.setHeader('Content-Type', 'text/plain')
    response.end(`Refused: ${inside} is a link that leads out of the workspace.`)
  }

const leadsInside = (folder: string, file: string): boolean => {
  try {
    return pathInside(folder, realpathSync.native(file)) !== undefined
  } catch {
    // There is no such file: whoever serves it says so.
    return true
  }
}
