// The type a variable needs as a field of the state, where its first value alone would tell too little: `[]` would be `never[]`, `null`
// nothing but null. Taken from what the file puts into it; `any`, as the variable was, where that does not tell.

import type { ESTree } from 'vite'
import { unwrap } from './definition-members.ts'
import type { Binding } from './name-scopes.ts'
import { chainFrom } from './written-places.ts'

/** Type as TypeScript writes it; undefined where the value tells enough. */
export const fieldType = ({ references }: Binding, value: ESTree.Node): string | undefined => {
  const uses = references.map((reference) => useOf(chainFrom(reference)))
  const put = (methods: readonly string[]): string =>
    union(uses.flatMap(({ called, put: nodes }) => (methods.includes(called) ? nodes : [])))
  if (value.type === 'ArrayExpression' && value.elements.length === 0) {
    const element = put(['push', 'unshift', '[]'])
    return `${element.includes(' ') ? `(${element})` : element}[]`
  }
  if (value.type === 'NewExpression' && value.callee.type === 'Identifier' && value.callee.name === 'Set')
    return value.typeArguments === null || value.typeArguments === undefined ? `Set<${put(['add'])}>` : undefined
  if (value.type === 'ObjectExpression' && value.properties.length === 0) return `Record<string, ${put(['[]'])}>`
  if (!isNothing(value)) return undefined
  const given = put(['='])
  return given === 'any' ? given : `${given} | ${value.type === 'Literal' ? 'null' : 'undefined'}`
}

/** What of a name is used: `called` is a method's name, `[]` for a member that is given a value, `=` for the name itself. */
const useOf = ({
  node,
  ancestors,
  path,
}: ReturnType<typeof chainFrom>): {
  readonly called: string
  readonly put: readonly ESTree.Node[]
} => {
  const parent = ancestors.at(-1)
  if (parent?.type === 'CallExpression' && parent.callee === node)
    return { called: path.at(-1) ?? '', put: path.length === 1 ? parent.arguments : [] }
  if (parent?.type === 'AssignmentExpression' && parent.left === node && path.length <= 1)
    return { called: path.length === 0 ? '=' : '[]', put: [parent.right] }
  return { called: '', put: [] }
}

const union = (nodes: readonly ESTree.Node[]): string => {
  const types = new Set(nodes.filter((node) => !isNothing(node)).map((node) => literalType(unwrap(node)) ?? 'any'))
  return types.size === 0 || types.has('any') ? 'any' : [...types].join(' | ')
}

const isNothing = (node: ESTree.Node): boolean =>
  (node.type === 'Literal' && node.value === null && node.raw === 'null') ||
  (node.type === 'Identifier' && node.name === 'undefined') ||
  (node.type === 'UnaryExpression' && node.operator === 'void')

/** Type of a value written out; undefined where something else than literals decides it. */
export const literalType = (node: ESTree.Node): string | undefined => {
  switch (node.type) {
    case 'UnaryExpression':
      if (node.operator === '!') return 'boolean'
      return node.operator === '-' || node.operator === '+' ? literalType(node.argument) : undefined
    case 'TemplateLiteral':
      return 'string'
    case 'Literal': {
      const kind = typeof node.value
      return kind === 'number' || kind === 'string' || kind === 'boolean' ? kind : undefined
    }
    case 'ObjectExpression': {
      const fields = node.properties.map((property) => {
        if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') return undefined
        const type = literalType(unwrap(property.value))
        return type === undefined ? undefined : `${property.key.name}: ${type}`
      })
      return fields.length === 0 || fields.includes(undefined) ? undefined : `{ ${fields.join('; ')} }`
    }
    default:
      return undefined
  }
}
