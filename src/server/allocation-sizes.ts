// `new Float64Array(n)` → `new Float64Array(__coppice_size__(8, n))`, and likewise for arrays, buffers and `from`: what a call of a module
// takes of memory at once is known before it is taken, where new code is tried out. Edits a MagicString in place.

import type MagicString from 'magic-string'
import { type ESTree, Visitor } from 'vite'
import { nameScopes } from './name-scopes.ts'

/** Ambient function the rewritten code calls: `(bytes per element, size or what has a length) => the same`. */
const sizeFunction = '__coppice_size__'

const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ['Array', 8],
  ['ArrayBuffer', 1],
  ['Int8Array', 1],
  ['Uint8Array', 1],
  ['Uint8ClampedArray', 1],
  ['Int16Array', 2],
  ['Uint16Array', 2],
  ['Float16Array', 2],
  ['Int32Array', 4],
  ['Uint32Array', 4],
  ['Float32Array', 4],
  ['Float64Array', 8],
  ['BigInt64Array', 8],
  ['BigUint64Array', 8],
])

/** Numbers written out up to here are let be. */
const smallSize = 65_536

/** False: surely nothing to rewrite. */
export const mayAllocate = (code: string): boolean => /\b\w*Array(?:Buffer)?\s*(?:\.\s*from\s*)?\(/.test(code)

/** Rewrites every allocation by a global constructor; returns whether there was one. */
export const countAllocations = (program: ESTree.Program, output: MagicString): boolean => {
  let isChanged = false
  let globals: ReadonlySet<ESTree.Node> | undefined
  const bytesOf = (callee: ESTree.Node): number | undefined => {
    const bytes = callee.type === 'Identifier' ? bytesPerElement.get(callee.name) : undefined
    if (bytes === undefined) return undefined
    globals ??= new Set(
      nameScopes(program)
        .references.filter(({ binding }) => binding === undefined)
        .map(({ node }) => node),
    )
    return globals.has(callee) ? bytes : undefined
  }
  const wrap = (bytes: number | undefined, [size]: readonly ESTree.Argument[]): void => {
    if (bytes === undefined || size === undefined || size.type === 'SpreadElement') return
    if (size.type === 'ArrayExpression') return
    if (size.type === 'Literal' && !(typeof size.value === 'number' && size.value > smallSize)) return
    isChanged = true
    output.appendRight(size.start, `${sizeFunction}(${bytes}, `)
    output.appendLeft(size.end, ')')
  }
  new Visitor({
    NewExpression({ callee, arguments: args }) {
      wrap(bytesOf(callee), args)
    },
    CallExpression({ callee, arguments: args }) {
      const isFrom = callee.type === 'MemberExpression' && !callee.computed && callee.property.name === 'from'
      if (isFrom) wrap(bytesOf(callee.object), args)
      else if (callee.type === 'Identifier' && callee.name === 'Array') wrap(bytesOf(callee), args)
    },
  }).visit(program)
  return isChanged
}
