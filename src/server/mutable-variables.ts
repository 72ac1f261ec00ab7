// Top-level variables that change while the program runs: a reload sets them back, a replay knows nothing of them (ML12).
// What is written once, as the file is evaluated, is sound.

import type { ESTree } from 'vite'
import type { CodeEdit, CodeFix, CodeWarning } from '../protocol/code-warning.ts'
import type { DefinitionObject } from './definition-members.ts'
import { unwrap } from './definition-members.ts'
import { moveToState } from './move-to-state.ts'
import { type Binding, isFunction, type NameScopes, type Reference } from './name-scopes.ts'
import { chainFrom, writtenThrough, type WrittenPlace } from './written-places.ts'

export interface WarningSource {
  readonly program: ESTree.Program
  readonly text: string
  readonly scopes: NameScopes
  /** Undefined in shared files. */
  readonly definition: DefinitionObject | undefined
  /** The language has types. */
  readonly isTyped: boolean
}

export const mutableVariables = (source: WarningSource): readonly CodeWarning[] =>
  source.scopes.top.flatMap((binding) => {
    switch (binding.kind) {
      case 'let':
      case 'var':
        return fromVariable(binding, source)
      case 'const':
        return fromConstant(binding)
      default:
        return []
    }
  })

const fromVariable = (binding: Binding, source: WarningSource): readonly CodeWarning[] => {
  const declaration = declarationOf(binding, source.program)
  if (declaration === undefined || declaration.declare === true) return []
  const writes = binding.references.flatMap(placeWritten)
  const { name } = binding
  if (writes.some((write) => write.isWhileRunning)) {
    const move =
      source.definition === undefined ? undefined : moveToState(binding, declaration, source.definition, source)
    return [warning(binding, changing(name), move === undefined ? [] : [move])]
  }
  if (writes.some((write) => write.place.path.length === 0)) return []
  const fix = makeConst(declaration, source)
  return fix === undefined
    ? []
    : [
        warning(binding, `Nothing gives \`${name}\` another value. Make it const, so that a reload loses nothing.`, [
          fix,
        ]),
      ]
}

const fromConstant = (binding: Binding): readonly CodeWarning[] => {
  const { declaration, name } = binding
  if (declaration.type !== 'VariableDeclarator' || declaration.init === null) return []
  const isKnown = holdsMutable(unwrap(declaration.init))
  const isChanged = binding.references
    .flatMap(placeWritten)
    // What a method of something unknown does can't be known.
    .some(({ place, isWhileRunning }) => isWhileRunning && (isKnown || place.method === undefined))
  return isChanged ? [warning(binding, changing(name), [])] : []
}

const changing = (name: string): string =>
  `\`${name}\` stands at the top level and changes while the program runs: a reload sets it back, and a replay does not ` +
  'know it. Keep it in the state.'

interface TopWrite {
  readonly place: WrittenPlace
  /** In a function; else it happens once, as the file is evaluated. */
  readonly isWhileRunning: boolean
}

const placeWritten = (reference: Reference): readonly TopWrite[] => {
  const place = writtenThrough(chainFrom(reference))
  return place === undefined ? [] : [{ place, isWhileRunning: reference.ancestors.some(isFunction) }]
}

const mutableClasses = /^(Map|Set|WeakMap|WeakSet|Array|Object|Date|ArrayBuffer|DataView|.*Array)$/

const holdsMutable = (node: ESTree.Node): boolean => {
  if (node.type === 'ArrayExpression' || node.type === 'ObjectExpression') return true
  const isMade = node.type === 'NewExpression' || node.type === 'CallExpression'
  if (!isMade) return false
  const callee = node.callee.type === 'MemberExpression' ? node.callee.object : node.callee
  return callee.type === 'Identifier' && mutableClasses.test(callee.name)
}

type Declaration = Extract<ESTree.Node, { type: 'VariableDeclaration' }>

const declarationOf = (binding: Binding, program: ESTree.Program): Declaration | undefined => {
  for (const statement of program.body) {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (inner?.type !== 'VariableDeclaration') continue
    if (inner.declarations.some((declarator) => declarator === binding.declaration)) return inner
  }
  return undefined
}

/** Where every name of the declaration has its value from the start, and no other. */
const makeConst = (declaration: Declaration, { scopes, text }: WarningSource): CodeFix | undefined => {
  const isFixed = declaration.declarations.every(
    (declarator) =>
      declarator.init !== null &&
      scopes.top
        .filter((binding) => binding.declaration === declarator)
        .every((binding) => binding.references.every((reference) => !isReassigned(reference))),
  )
  const end = declaration.start + declaration.kind.length
  if (!isFixed || text.slice(declaration.start, end) !== declaration.kind) return undefined
  const edit: CodeEdit = { start: declaration.start, end, text: 'const' }
  return { title: 'Make it const', edits: [edit] }
}

const isReassigned = (reference: Reference): boolean => writtenThrough(chainFrom(reference))?.path.length === 0

const warning = (binding: Binding, message: string, fixes: readonly CodeFix[]): CodeWarning => {
  const { start } = binding.identifier
  return { rule: 'mutable-variable', message, start, end: start + binding.name.length, fixes }
}
