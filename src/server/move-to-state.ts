// The quick fix that takes a top-level variable into the state: a field in what `init` gives, in its type, and each use
// through `state`. Offered only where each step is certain.

import type { ESTree } from 'vite'
import type { CodeEdit, CodeFix } from '../protocol/code-warning.ts'
import { type DefinitionObject, type FunctionNode, memberFunction, unwrap } from './definition-members.ts'
import { fieldType, literalType } from './field-type.ts'
import { chainFrom, writtenThrough } from './written-places.ts'
import { type Binding, isFunction, type NameScopes, type Reference } from './name-scopes.ts'

/** Members whose first parameter has the state of the program; `render` may only read it. */
const stateMembers = ['process', 'render'] as const

export interface MoveSource {
  readonly program: ESTree.Program
  readonly text: string
  readonly scopes: NameScopes
  /** The language has types. */
  readonly isTyped: boolean
}

/** Undefined where it can't be done by edits alone. */
export const moveToState = (
  binding: Binding,
  declaration: Extract<ESTree.Node, { type: 'VariableDeclaration' }>,
  definition: DefinitionObject,
  source: MoveSource,
): CodeFix | undefined => {
  const { declaration: declarator, name } = binding
  const [only] = declaration.declarations
  if (declaration.declarations.length !== 1 || only !== declarator || declarator.type !== 'VariableDeclarator')
    return undefined
  const statement = source.program.body.find((one) => one === declaration)
  const { init } = declarator
  // An exported one is used by other files too.
  if (statement === undefined || declarator.id.type !== 'Identifier' || init === null || !isPlainValue(unwrap(init)))
    return undefined
  const field = fieldEdits(binding, init, declarator.id, definition, source)
  if (field === undefined) return undefined
  const members = stateMembers.flatMap((member) => memberFunction(definition, member, source.scopes) ?? [])
  const render = memberFunction(definition, 'render', source.scopes)
  const uses: CodeEdit[] = []
  const opened = new Set<FunctionNode>()
  for (const reference of binding.references) {
    const member = members.find((one) => reference.ancestors.includes(one))
    const isWritten = writtenThrough(chainFrom(reference)) !== undefined
    if (member === undefined || (member === render && isWritten)) return undefined
    const state = stateName(member)
    // Another `state` between, or one there is no name for.
    if (state === undefined || isHidden(state.name, member, reference, source.scopes)) return undefined
    if (state.edit !== undefined && !opened.has(member)) uses.push(state.edit)
    opened.add(member)
    uses.push(editOfUse(reference, name, state.name))
  }
  return { title: `Move ${name} to the state`, edits: [removal(statement, source.text), ...field, ...uses] }
}

/** A value that means the same inside `init`. */
const isPlainValue = (node: ESTree.Node): boolean => {
  switch (node.type) {
    case 'Literal':
      return true
    case 'UnaryExpression':
      return node.operator !== 'delete' && isPlainValue(node.argument)
    case 'ArrayExpression':
      return node.elements.every((element) => element !== null && isPlainValue(unwrap(element)))
    case 'ObjectExpression':
      return node.properties.every(
        (property) => property.type === 'Property' && !property.computed && isPlainValue(unwrap(property.value)),
      )
    case 'NewExpression':
      return node.callee.type === 'Identifier' && /^(Map|Set)$/.test(node.callee.name) && node.arguments.length === 0
    default:
      return false
  }
}

/** The field in `init`'s object, and in the type it is said to have. */
const fieldEdits = (
  binding: Binding,
  value: ESTree.Node,
  identifier: Extract<ESTree.Node, { type: 'Identifier' }>,
  definition: DefinitionObject,
  { program, text, scopes, isTyped }: MoveSource,
): readonly CodeEdit[] | undefined => {
  const { name } = binding
  const init = memberFunction(definition, 'init', scopes)
  const object = init === undefined ? undefined : returnedObject(init)
  if (init === undefined || object === undefined) return undefined
  const hasName = object.properties.some(
    (property) => property.type !== 'Property' || text.slice(property.key.start, property.key.end) === name,
  )
  if (hasName) return undefined
  const annotation = identifier.typeAnnotation?.typeAnnotation
  const written =
    annotation === undefined || annotation === null ? undefined : text.slice(annotation.start, annotation.end)
  const type = written ?? (isTyped ? fieldType(binding, unwrap(value)) : undefined)
  const field = `${name}: ${text.slice(value.start, value.end)}`
  const [first] = object.properties
  const edits: CodeEdit[] = [
    first === undefined
      ? { start: object.start, end: object.end, text: `{ ${field} }` }
      : { start: first.start, end: first.start, text: `${field},${gapBefore(first, object, text)}` },
  ]
  const returned = init.returnType?.typeAnnotation
  if (returned === undefined || returned === null) return type === undefined ? edits : withCast(edits, field, type)
  const body =
    returned.type === 'TSTypeReference' ? interfaceBody(text.slice(returned.start, returned.end), program) : undefined
  const itsType = type ?? literalType(unwrap(value))
  if (body === undefined || itsType === undefined) return undefined
  return [...edits, typeEdit(body, `${name}: ${itsType}`, text)]
}

/** One more member at the end of an interface, laid out as the others are. */
const typeEdit = (body: ESTree.Node, member: string, text: string): CodeEdit => {
  const inside = text.slice(body.start + 1, body.end - 1)
  const lineEnd = inside.lastIndexOf('\n')
  if (lineEnd >= 0 && inside.slice(lineEnd).trim() === '') {
    const at = body.start + 1 + lineEnd + 1
    return { start: at, end: at, text: `  ${member}\n` }
  }
  const end = body.start + 1 + inside.trimEnd().length
  return { start: end, end: body.end - 1, text: inside.trim() === '' ? ` ${member} ` : `; ${member} ` }
}

/** As much white space as there is before the first field: one line each, or all on one. */
const gapBefore = (first: ESTree.Node, object: ESTree.Node, text: string): string => {
  const gap = text.slice(object.start + 1, first.start)
  return /^\s*$/.test(gap) && gap.includes('\n') ? gap.slice(gap.lastIndexOf('\n')) : ' '
}

const withCast = (edits: readonly CodeEdit[], field: string, type: string): readonly CodeEdit[] =>
  edits.map((edit) => ({ ...edit, text: edit.text.replace(field, () => `${field} as ${type}`) }))

const returnedObject = (init: FunctionNode): DefinitionObject | undefined => {
  if (init.body === null) return undefined
  if (init.body.type !== 'BlockStatement') {
    const value = unwrap(init.body)
    return value.type === 'ObjectExpression' ? value : undefined
  }
  const last = init.body.body.at(-1)
  const value = last?.type === 'ReturnStatement' && last.argument !== null ? unwrap(last.argument) : undefined
  return value?.type === 'ObjectExpression' ? value : undefined
}

const interfaceBody = (name: string, program: ESTree.Program): ESTree.Node | undefined => {
  for (const statement of program.body) {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (inner?.type === 'TSInterfaceDeclaration' && inner.id.name === name) return inner.body
  }
  return undefined
}

/** The name the state has in a member, and the edit that gives it one. */
const stateName = (
  member: FunctionNode,
): { readonly name: string; readonly edit: CodeEdit | undefined } | undefined => {
  const [parameter] = member.params
  if (parameter?.type !== 'ObjectPattern') return undefined
  for (const property of parameter.properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue
    if (property.key.name !== 'state') continue
    return property.value.type === 'Identifier' ? { name: property.value.name, edit: undefined } : undefined
  }
  const [first] = parameter.properties
  if (first === undefined) return undefined
  return { name: 'state', edit: { start: first.start, end: first.start, text: 'state, ' } }
}

/** True where the name means another thing at the use than in the member's parameters. */
const isHidden = (name: string, member: FunctionNode, use: Reference, scopes: NameScopes): boolean => {
  const inner = use.ancestors.slice(use.ancestors.indexOf(member) + 1)
  const declares = (node: ESTree.Node): boolean =>
    isFunction(node) && node.params.some((parameter) => 'name' in parameter && parameter.name === name)
  const isOther = (reference: Reference): boolean =>
    reference.name === name &&
    reference.ancestors.includes(member) &&
    reference.binding !== undefined &&
    !member.params.some((parameter) => reference.binding?.declaration === parameter)
  return inner.some(declares) || scopes.references.some(isOther)
}

const editOfUse = (reference: Reference, name: string, state: string): CodeEdit => {
  const { start } = reference.node
  const parent = reference.ancestors.at(-1)
  const isShorthand = parent?.type === 'Property' && parent.shorthand
  return { start, end: start + name.length, text: isShorthand ? `${name}: ${state}.${name}` : `${state}.${name}` }
}

/** The declaration with its line. */
const removal = (statement: ESTree.Node, text: string): CodeEdit => {
  const rest = /^[ \t;]*(?:\r\n|\n|\r)?/.exec(text.slice(statement.end))
  return { start: statement.start, end: statement.end + (rest?.[0].length ?? 0), text: '' }
}
