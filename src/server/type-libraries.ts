// The declarations Monaco needs: the authoring API as `coppice`, the workspace's generated types, and the declaration
// files of the npm packages that its files import, as far as a size limit allows.

import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'vite'
import type { TypeLibrary } from '../protocol/workspace.ts'
import { generatedTypesFile, modulesTypes } from './generated-types.ts'
import { findPackageRoot } from './package-root.ts'
import type { WorkspaceSession } from './workspace-session.ts'

/** Characters of one package's declarations, and of all together. */
const packageLimit = 3_000_000
const totalLimit = 8_000_000

const readText = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined)

/** Sources of our authoring API under `node_modules/coppice`, where `index.ts` stands at the top. */
const ownLibraries = async (): Promise<readonly TypeLibrary[]> => {
  const sources = join(findPackageRoot(), 'src')
  const inFolder = async (folder: string, target: string): Promise<readonly TypeLibrary[]> => {
    const names = (await readdir(join(sources, folder))).filter((name) => /(?<!\.(test|types))\.ts$/.test(name))
    return Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(sources, folder, name), 'utf8')
        return {
          path: `node_modules/coppice/${target}${name}`,
          text: text.replaceAll(/(['"])\.\.\/protocol\//g, '$1./protocol/'),
        }
      }),
    )
  }
  return [...(await inFolder('authoring', '')), ...(await inFolder('protocol', 'protocol/'))]
}

const packageOf = (specifier: string): string | undefined => {
  if (/^[./]|^[a-z]+:/.test(specifier)) return undefined
  const [scope = '', name] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name ?? ''}` : scope
}

/** Names of the packages that the workspace's code imports, `coppice` left out. */
const importedPackages = async (
  paths: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly string[]> => {
  const found = new Set<string>()
  for (const path of paths.filter((each) => /\.[mc]?[jt]sx?$/.test(each))) {
    const text = await read(path)
    if (text === undefined || !/\b(import|from)\b/.test(text)) continue
    const { module } = parseSync(path, text)
    for (const { moduleRequest } of module.staticImports) {
      const name = packageOf(moduleRequest.value)
      if (name !== undefined && name !== 'coppice') found.add(name)
    }
    for (const { moduleRequest } of module.dynamicImports) {
      const name = packageOf(text.slice(moduleRequest.start + 1, moduleRequest.end - 1))
      if (name !== undefined && name !== 'coppice') found.add(name)
    }
  }
  return [...found].toSorted()
}

const findPackage = async (folder: string, name: string): Promise<string | undefined> => {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, 'node_modules', name)
    if ((await readText(join(found, 'package.json'))) !== undefined) return found
    if (dirname(at) === at) return undefined
  }
}

const typesField = (value: unknown): string | undefined => {
  if (typeof value === 'string') return /\.d\.[mc]?ts$/.test(value) ? value : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const record: Readonly<Record<string, unknown>> = { ...value }
  return typesField(record['types'] ?? record['import'] ?? record['default'] ?? record['module'])
}

/** Where a package's declarations start, from its package.json; undefined where it has none. */
const typesEntry = (manifest: string): string | undefined => {
  const parsed: unknown = JSON.parse(manifest)
  if (typeof parsed !== 'object' || parsed === null) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...parsed }
  const main: unknown =
    typeof fields['exports'] === 'object' && fields['exports'] !== null ? { ...fields['exports'] } : undefined
  const exported = typeof main === 'object' && main !== null && '.' in main ? main['.'] : undefined
  const named = fields['types'] ?? fields['typings']
  return typeof named === 'string' ? named : (typesField(exported) ?? 'index.d.ts')
}

/** Relative imports and references of a declaration file, as candidate paths beside it. */
const neighbours = (path: string, text: string): readonly string[] =>
  [...text.matchAll(/(?:from\s*|import\s*\(?\s*|reference path=)["'](\.{1,2}\/[^"']+)["']/g)].flatMap((match) => {
    const target = posix.join(posix.dirname(path), match[1] ?? '')
    const stem = target.replace(/\.(d\.)?[mc]?[jt]s$/, '')
    return [`${stem}.d.ts`, `${stem}.d.mts`, `${stem}/index.d.ts`]
  })

const packageLibraries = async (
  { folder, projectFolder }: Pick<WorkspaceSession, 'folder' | 'projectFolder'>,
  name: string,
): Promise<readonly TypeLibrary[]> => {
  const typesName = `@types/${name.replace(/^@/, '').replace('/', '__')}`
  for (const candidate of [name, typesName]) {
    const root = (await findPackage(folder, candidate)) ?? (await findPackage(projectFolder, candidate))
    const manifest = root === undefined ? undefined : await readText(join(root, 'package.json'))
    if (root === undefined || manifest === undefined) continue
    const libraries: TypeLibrary[] = []
    let size = 0
    const seen = new Set([posix.normalize(typesEntry(manifest) ?? 'index.d.ts')])
    for (const path of seen) {
      const text = path.startsWith('..') ? undefined : await readText(join(root, path))
      if (text === undefined || size + text.length > packageLimit) continue
      size += text.length
      libraries.push({ path: `node_modules/${candidate}/${path}`, text })
      for (const next of neighbours(path, text)) seen.add(next)
    }
    if (libraries.length > 0) return [{ path: `node_modules/${candidate}/package.json`, text: manifest }, ...libraries]
  }
  return []
}

/** Everything Monaco needs to know of what the workspace's files import. */
export const typeLibraries = async (session: WorkspaceSession): Promise<readonly TypeLibrary[]> => {
  const { folder, entries, revisions } = session
  const paths = entries.flatMap(({ path, kind }) => (kind === 'file' ? [path] : []))
  const packages = await importedPackages(paths, (path) => readText(join(folder, path)))
  const libraries: TypeLibrary[] = [
    ...(await ownLibraries()),
    { path: generatedTypesFile, text: modulesTypes(revisions.current?.manifest ?? { modules: [] }) },
  ]
  let size = 0
  for (const name of packages) {
    const found = await packageLibraries(session, name)
    size += found.reduce((sum, { text }) => sum + text.length, 0)
    if (size > totalLimit) break
    libraries.push(...found)
  }
  return libraries
}
