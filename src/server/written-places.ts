// What is written through a name: assignments, `++`, `delete`, and the methods that change what they are called on.

import type { ESTree } from 'vite'
import { isWrapper, type Reference } from './name-scopes.ts'

const mutatingMethods: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
])

/** A chain of members from a name on: `state.tanks[0].hp`. */
export interface Chain {
  /** The whole expression. */
  readonly node: ESTree.Node
  /** What stands around it, outermost first. */
  readonly ancestors: readonly ESTree.Node[]
  /** Property names from the name on; undefined where computed. */
  readonly path: readonly (string | undefined)[]
}

export interface WrittenPlace {
  /** The whole expression that writes. */
  readonly node: ESTree.Node
  /** From the name to what is written; empty: the name itself is given another value. */
  readonly path: Chain['path']
  /** The method that changes it, where it is one. */
  readonly method: string | undefined
}

/** The longest chain of members that begins with a name, or with a chain. */
export const chainFrom = (start: Chain | Reference): Chain => {
  let { node } = start
  let ancestors = start.ancestors
  const path = 'path' in start ? [...start.path] : []
  for (let parent = ancestors.at(-1); parent !== undefined; parent = ancestors.at(-1)) {
    if (parent.type === 'MemberExpression' && parent.object === node)
      path.push(parent.computed || parent.property.type !== 'Identifier' ? undefined : parent.property.name)
    else if (!isWrapper(parent)) break
    node = parent
    ancestors = ancestors.slice(0, -1)
  }
  return { node, ancestors, path }
}

/** What is written through a chain; undefined where it is only read. */
export const writtenThrough = (chain: Chain): WrittenPlace | undefined => {
  const { node, ancestors, path } = chain
  const parent = ancestors.at(-1)
  if (parent === undefined) return undefined
  const written = { node: parent, path, method: undefined }
  switch (parent.type) {
    case 'AssignmentExpression':
      return parent.left === node ? written : undefined
    case 'UpdateExpression':
      return written
    case 'UnaryExpression':
      return parent.operator === 'delete' ? written : undefined
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node ? { ...written, node } : undefined
    case 'CallExpression': {
      const method = path.at(-1)
      if (parent.callee === node && method !== undefined && mutatingMethods.has(method))
        return { node: parent, path: path.slice(0, -1), method }
      const isAssign = parent.arguments[0] === node && isObjectChange(parent.callee)
      return isAssign ? { node: parent, path: [...path, undefined], method: undefined } : undefined
    }
    default:
      return isAssignedPattern(node, ancestors) ? { ...written, node } : undefined
  }
}

const isObjectChange = (callee: ESTree.Node): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  callee.object.name === 'Object' &&
  callee.property.type === 'Identifier' &&
  ['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf'].includes(callee.property.name)

/** `[a, b.c] = …`, `({ a } = …)`: the place is part of a pattern on the left. */
const isAssignedPattern = (node: ESTree.Node, ancestors: readonly ESTree.Node[]): boolean => {
  let inner = node
  for (const outer of ancestors.toReversed()) {
    switch (outer.type) {
      case 'ArrayPattern':
      case 'ObjectPattern':
      case 'RestElement':
        break
      case 'Property':
        if (outer.value !== inner) return false
        break
      case 'AssignmentPattern':
        if (outer.left !== inner) return false
        break
      case 'AssignmentExpression':
      case 'ForOfStatement':
      case 'ForInStatement':
        return outer.left === inner && inner !== node
      default:
        return false
    }
    inner = outer
  }
  return false
}
