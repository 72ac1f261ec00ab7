// The program of a workspace without engine.json: every top-level file whose default export is `defineModule({…})`,
// in order of name, run sequentially.

import { type ESTree, parseSync } from 'vite'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import { emptyManifest, isModuleName } from './manifest.ts'

const isCandidate = (path: string): boolean =>
  !path.includes('/') && /\.[mc]?[jt]sx?$/.test(path) && !/\.(d|test|spec|config)\.[mc]?[jt]sx?$/.test(path)

const isDefinition = (node: ESTree.Node | null | undefined): boolean => {
  if (
    node?.type === 'ParenthesizedExpression' ||
    node?.type === 'TSSatisfiesExpression' ||
    node?.type === 'TSAsExpression'
  )
    return isDefinition(node.expression)
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'defineModule'
}

/** Whether the file's default export is a module definition. One that does not parse is judged by its look. */
const definesModule = (path: string, text: string): boolean => {
  if (!text.includes('defineModule')) return false
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) return /\bexport\s+default\s+defineModule\b|\bas\s+default\b/.test(text)
  const definitions = new Set(
    program.body
      .flatMap((statement) => (statement.type === 'VariableDeclaration' ? statement.declarations : []))
      .flatMap(({ id, init }) => (id.type === 'Identifier' && isDefinition(init) ? [id.name] : [])),
  )
  return program.body.some((statement) => {
    if (statement.type === 'ExportNamedDeclaration')
      return statement.specifiers.some(
        ({ exported, local }) =>
          exported.type === 'Identifier' &&
          exported.name === 'default' &&
          local.type === 'Identifier' &&
          definitions.has(local.name),
      )
    if (statement.type !== 'ExportDefaultDeclaration') return false
    const { declaration } = statement
    return declaration.type === 'Identifier' ? definitions.has(declaration.name) : isDefinition(declaration)
  })
}

/** `read` gives a file's text, undefined where it has none. */
export const scanModules = async (
  paths: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<Manifest> => {
  const candidates = paths.filter(isCandidate).toSorted()
  const found = await Promise.all(candidates.map(async (path) => ({ path, text: await read(path) })))
  const modules: ManifestModule[] = []
  for (const { path, text } of found) {
    const name = path.replace(/\.[^.]*$/, '')
    if (
      text === undefined ||
      !isModuleName(name) ||
      modules.some((module) => module.name === name) ||
      !definesModule(path, text)
    )
      continue
    modules.push({ name, path, strategy: 'sequential', config: {} })
  }
  return { ...emptyManifest, modules }
}
