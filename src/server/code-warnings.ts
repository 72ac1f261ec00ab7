// What a reload would lose or a replay could not repeat, in one file's text (ML12). Knows nothing but the text: it may be one
// that was never saved.

import { parseSync } from 'vite'
import type { CodeWarning } from '../protocol/code-warning.ts'
import { asyncProcess } from './async-process.ts'
import { definitionObject } from './definition-members.ts'
import { mutableVariables } from './mutable-variables.ts'
import { nameScopes } from './name-scopes.ts'
import { renderWrites } from './render-writes.ts'

/** In order of the text; none for a text that does not parse, or that is no script. `path` tells the language. */
export const codeWarnings = (path: string, text: string): readonly CodeWarning[] => {
  if (!/\.[mc]?[jt]sx?$/.test(path) || /\.d\.[mc]?ts$/.test(path)) return []
  const { program, errors } = parseSync(path, text, { sourceType: 'module' })
  if (errors.length > 0) return []
  const isTyped = /\.[mc]?tsx?$/.test(path)
  const source = { program, text, scopes: nameScopes(program), definition: definitionObject(program), isTyped }
  return [...mutableVariables(source), ...asyncProcess(source), ...renderWrites(source)].toSorted(
    (a, b) => a.start - b.start,
  )
}
