// The one mapping between workspace paths and Monaco's URIs: `file:///<workspace>/<path>`.

import { monaco } from './monaco-setup.ts'

/** URI of a file; `path` is relative to the workspace. */
export const fileUri = (workspace: string, path: string): monaco.Uri =>
  monaco.Uri.from({ scheme: 'file', path: `/${workspace}/${path}` })

/** The workspace's path of a URI; undefined for what lies outside, as the service's own declarations do. */
export const pathOfUri = (workspace: string, uri: monaco.Uri): string | undefined => {
  const root = `/${workspace}/`
  return uri.scheme === 'file' && uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined
}
