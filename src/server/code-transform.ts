// What the engine's environment does to JavaScript beyond Vite's own: powers by the engine's Math, classes registered, allocations counted.
// Runs after types are stripped and before imports are rewritten; source maps are kept.

import MagicString, { type SourceMap } from 'magic-string'
import { parseSync } from 'vite'
import { countAllocations, mayAllocate } from './allocation-sizes.ts'
import { registerClasses } from './class-registration.ts'
import { mayContainPower, rewritePowers } from './power-rewrite.ts'

export interface TransformedCode {
  readonly code: string
  readonly map: SourceMap
}

/**
 * `undefined` where nothing is to be changed, and for code that does not parse: whoever parses it next tells why.
 * Classes are registered, and allocations counted, in workspace files only: packages' instances have no place in a state.
 */
export const transformCode = (code: string, isWorkspaceFile: boolean): TransformedCode | undefined => {
  const wantsPowers = mayContainPower(code)
  const wantsClasses = isWorkspaceFile && /\bclass\b/.test(code)
  const wantsSizes = isWorkspaceFile && mayAllocate(code)
  if (!wantsPowers && !wantsClasses && !wantsSizes) return undefined
  const parsed = parseSync('module.js', code, { sourceType: 'module' })
  if (parsed.errors.length > 0) return undefined
  const output = new MagicString(code)
  // First: where an argument is a power, it stands inside.
  const hasSize = wantsSizes && countAllocations(parsed.program, output)
  const hasPower = wantsPowers && rewritePowers(parsed.program, code, output)
  const hasClass = wantsClasses && registerClasses(parsed.program, output)
  if (!hasPower && !hasClass && !hasSize) return undefined
  return { code: output.toString(), map: output.generateMap({ hires: 'boundary' }) }
}
