// What files of a workspace are as modules: code its text, an image or sound its URL with the content hash in it (so that another
// content is another text), a shader its text. Undefined for everything Vite itself knows what to do with.

import { readFile } from 'node:fs/promises'
import { hashOf } from './content-hash.ts'
import { bytesThere } from './source-bytes.ts'

const code = /\.[cm]?[jt]sx?$/
const shader = /\.(glsl|wgsl|vert|frag|vs|fs)$/

export interface AssetRequest {
  /** Absolute, without query. */
  readonly file: string
  /** With its `?`, or ''. */
  readonly query: string
  /** Whether Vite takes files of this kind for assets. */
  readonly isAsset: boolean
  /** URL under which the dev server serves the file. */
  readonly url: string
}

/** The text of a file of code, read at once; undefined for other files, and where Vite has a map of the file's own to read with it. */
export const codeText = (file: string): string | undefined => {
  const text = code.test(file) ? bytesThere(file)?.toString() : undefined
  return text?.includes('sourceMappingURL=') === true ? undefined : text
}

/** The JavaScript that stands for the file. Rejects where it can't be read. */
export const loadAsset = async ({ file, query, isAsset, url }: AssetRequest): Promise<string | undefined> => {
  if (/[?&](raw|inline|init|worker|sharedworker)\b/.test(query)) return undefined
  if (shader.test(file) && query === '') return `export default ${JSON.stringify(await readFile(file, 'utf8'))}`
  if (!isAsset && !/[?&]url\b/.test(query)) return undefined
  return `export default ${JSON.stringify(`${encodeURI(url)}?v=${hashOf(await readFile(file))}`)}`
}
