// The `defineModule({ … })` of a file, and the functions that are its members.

import { type ESTree, Visitor } from 'vite'
import { isFunction, isWrapper, type NameScopes } from './name-scopes.ts'

export type DefinitionObject = Extract<ESTree.Node, { type: 'ObjectExpression' }>
export type FunctionNode = Extract<
  ESTree.Node,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** The object handed to `defineModule` of 'coppice', or exported as default; undefined for a shared file. */
export const definitionObject = (program: ESTree.Program): DefinitionObject | undefined => {
  const callees = new Set<string>()
  let found: DefinitionObject | undefined
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'coppice') continue
    for (const specifier of statement.specifiers)
      if (specifier.type === 'ImportSpecifier' && nameOf(specifier.imported) === 'defineModule')
        callees.add(specifier.local.name)
  }
  new Visitor({
    CallExpression(node) {
      const [argument] = node.arguments
      if (found !== undefined || node.callee.type !== 'Identifier' || !callees.has(node.callee.name)) return
      const inner = argument === undefined ? undefined : unwrap(argument)
      if (inner?.type === 'ObjectExpression') found = inner
    },
    ExportDefaultDeclaration(node) {
      const inner = unwrap(node.declaration)
      if (found === undefined && inner.type === 'ObjectExpression') found = inner
    },
  }).visit(program)
  return found
}

/** The function a member is, written there or named there and declared in the file. */
export const memberFunction = (
  definition: DefinitionObject,
  name: string,
  scopes: NameScopes,
): FunctionNode | undefined => {
  const property = memberNamed(definition, name)
  if (property === undefined) return undefined
  const value = unwrap(property.value)
  if (isFunction(value)) return value
  const reference = scopes.references.find((candidate) => candidate.node === value)
  const declaration = reference?.binding?.declaration
  if (declaration === undefined) return undefined
  if (isFunction(declaration)) return declaration
  const init =
    declaration.type === 'VariableDeclarator' && declaration.init !== null ? unwrap(declaration.init) : undefined
  return init !== undefined && isFunction(init) ? init : undefined
}

/** A member by its name; computed ones have none. */
export const memberNamed = (
  object: DefinitionObject,
  name: string,
): Extract<ESTree.Node, { type: 'Property' }> | undefined => {
  for (const property of object.properties)
    if (property.type === 'Property' && !property.computed && nameOf(property.key) === name) return property
  return undefined
}

/** The expression inside casts and parentheses. */
export const unwrap = (node: ESTree.Node): ESTree.Node =>
  isWrapper(node) && 'expression' in node && typeof node.expression === 'object' ? unwrap(node.expression) : node

const nameOf = (key: ESTree.Node): string | undefined => {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined
}
