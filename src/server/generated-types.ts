// `interface Modules` from engine.json, so that `deps.map` is typed without a word from the author: written to
// `.coppice/types.d.ts` for other editors, and handed to Monaco.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../protocol/manifest.ts'

/** Relative to the workspace. */
export const generatedTypesFile = '.coppice/types.d.ts'

const importPath = (path: string): string => `../${path}`

/** The declaration file; `coppice` merges it into its own interfaces. */
export const modulesTypes = ({ modules }: Pick<Manifest, 'modules'>): string => {
  const rows = modules.map(
    ({ name, path }) =>
      `    ${JSON.stringify(name)}: ExposedBy<typeof import(${JSON.stringify(importPath(path))}).default>`,
  )
  return [
    '// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.',
    "import type { ExposedBy } from 'coppice'",
    '',
    "declare module 'coppice' {",
    '  interface Modules {',
    ...rows,
    '  }',
    '}',
    '',
    '// What a bundler makes of files that are no code.',
    ...['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'glb', 'gltf', 'wav', 'mp3', 'ogg', 'hdr'].map(
      (extension) => `declare module '*.${extension}' { const url: string; export default url }`,
    ),
    ...['glsl', 'vert', 'frag', 'wgsl'].map(
      (extension) => `declare module '*.${extension}' { const text: string; export default text }`,
    ),
    "declare module '*?raw' { const text: string; export default text }",
    "declare module '*?url' { const url: string; export default url }",
    '',
  ].join('\n')
}

/** Writes the file where its text would be another. A folder that can't be written to is no reason to fail. */
export const writeModulesTypes = async (folder: string, manifest: Manifest): Promise<void> => {
  if (manifest.modules.length === 0) return
  const file = join(folder, generatedTypesFile)
  const text = modulesTypes(manifest)
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return
  await mkdir(join(folder, '.coppice'), { recursive: true })
    .then(() => writeFile(file, text))
    .catch(() => undefined)
}
