// `interface Modules` from engine.json, so that `deps.map` is typed without a word from the author: written to
// `.coppice/types.d.ts` for other editors, and handed to Monaco. Beside it, for other editors only, what files that are no
// code are when they are imported.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Manifest } from '../protocol/manifest.ts'

/** Relative to the workspace. */
export const generatedTypesFile = '.coppice/types.d.ts'

/** A file of its own without imports: wildcards are ambient in a script only, never in a module. */
const assetTypesFile = '.coppice/assets.d.ts'

const urls = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'svg', 'glb', 'gltf', 'bin', 'hdr', 'wav', 'mp3', 'ogg']
const texts = ['glsl', 'vert', 'frag', 'wgsl']

const assetTypes = [
  '// Written by Coppice: what a bundler makes of files that are no code. Do not edit.',
  ...urls.map((extension) => `declare module '*.${extension}' { const url: string; export default url }`),
  ...texts.map((extension) => `declare module '*.${extension}' { const text: string; export default text }`),
  "declare module '*?raw' { const text: string; export default text }",
  "declare module '*?url' { const url: string; export default url }",
  '',
].join('\n')

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
  ].join('\n')
}

/** Writes the files whose text would be another. A folder that can't be written to is no reason to fail. */
export const writeModulesTypes = async (folder: string, manifest: Manifest): Promise<void> => {
  if (manifest.modules.length === 0) return
  await writeWhereOther(join(folder, generatedTypesFile), modulesTypes(manifest))
  await writeWhereOther(join(folder, assetTypesFile), assetTypes)
}

const writeWhereOther = async (file: string, text: string): Promise<void> => {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(file, text))
    .catch(() => undefined)
}
