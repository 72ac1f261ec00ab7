// Writes to the state in `render`: it runs as often as the display likes, so no replay repeats them (ML12). Follows the state
// through local names, loops and callbacks of one function.

import type { ESTree } from 'vite'
import type { CodeFix, CodeWarning } from '../protocol/code-warning.ts'
import { memberFunction } from './definition-members.ts'
import type { WarningSource } from './mutable-variables.ts'
import { type Binding, isFunction, namesIn, type NameScopes } from './name-scopes.ts'
import { type Chain, chainFrom, writtenThrough } from './written-places.ts'

/** Methods that hand elements of what they are called on to a function. */
const eachMethods = /^(forEach|map|filter|some|every|find|findIndex|findLast|findLastIndex|flatMap)$/
/** Methods that give an element of what they are called on, or a way through all of them. */
const elementMethods = /^(find|findLast|at|get|values|entries)$/
/** First step of a path through a list made by `Object.values` and its like: the list itself is no part of the state. */
const fresh = '(fresh)'
const copyingMethods: Readonly<Record<string, string>> = { sort: 'toSorted', reverse: 'toReversed' }

export const renderWrites = (source: WarningSource): readonly CodeWarning[] => {
  const { definition, scopes } = source
  const render = definition === undefined ? undefined : memberFunction(definition, 'render', scopes)
  const parameter = render?.params[0]
  if (parameter === undefined) return []
  const found = new Map<number, CodeWarning>()
  const trail = new StateTrail(scopes, (chain) => {
    const warning = warningOf(chain)
    if (warning !== undefined) found.set(warning.start, warning)
  })
  trail.followFrame(parameter)
  return [...found.values()].toSorted((a, b) => a.start - b.start)
}

const warningOf = (chain: Chain): CodeWarning | undefined => {
  const place = writtenThrough(chain)
  if (place === undefined) return undefined
  // Another value for a local name is no write to what it stood for; nor is another element of a fresh list.
  const least = (place.method === undefined ? 1 : 0) + (place.path[0] === fresh ? 2 : 0)
  if (place.path.length < least) return undefined
  return {
    rule: 'render-writes',
    message:
      '`render` writes to the state here. It runs as often as the display likes, so a replay would come to another state. Do it in `process`, or on a copy.',
    start: place.node.start,
    end: place.node.end,
    fixes: copyInstead(chain, place.method),
  }
}

const copyInstead = (chain: Chain, method: string | undefined): readonly CodeFix[] => {
  const copying = method === undefined ? undefined : copyingMethods[method]
  const { node } = chain
  // Where nobody takes what it gives, sorting a copy would do nothing.
  const isUsed = chain.ancestors.at(-2)?.type !== 'ExpressionStatement'
  if (copying === undefined || method === undefined || !isUsed || node.type !== 'MemberExpression') return []
  const { start, end } = node.property
  return [{ title: `Use ${copying}, on a copy`, edits: [{ start, end, text: copying }] }]
}

class StateTrail {
  readonly #scopes: NameScopes
  readonly #reach: (chain: Chain) => void
  readonly #followed = new Set<Binding>()

  /** `reach` is told of every chain that stands for a part of the state. */
  constructor(scopes: NameScopes, reach: (chain: Chain) => void) {
    this.#scopes = scopes
    this.#reach = reach
  }

  /** The parameter of `render`, or a name it is given: its `state` is what is followed. */
  followFrame(pattern: ESTree.Node): void {
    if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties)
        if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'state')
          this.#followNames(property.value)
      return
    }
    for (const name of namesIn(pattern)) {
      const binding = this.#scopes.declaredBy(name)
      if (binding === undefined || this.#followed.has(binding)) continue
      this.#followed.add(binding)
      for (const reference of binding.references) {
        const chain = chainFrom(reference)
        if (chain.path[0] === 'state') this.#take({ ...chain, path: chain.path.slice(1) })
        else if (chain.path.length === 0) this.#followDeclared(chain, (target) => this.followFrame(target))
      }
    }
  }

  #followNames(pattern: ESTree.Node): void {
    for (const name of namesIn(pattern)) {
      const binding = this.#scopes.declaredBy(name)
      if (binding === undefined || this.#followed.has(binding)) continue
      this.#followed.add(binding)
      for (const reference of binding.references) this.#take(chainFrom(reference))
    }
  }

  #take(chain: Chain): void {
    this.#reach(chain)
    this.#followDeclared(chain, (target) => this.#followNames(target))
    const call = chain.ancestors.at(-1)
    if (call?.type !== 'CallExpression') return
    const method = chain.path.at(-1)
    if (call.callee === chain.node && method !== undefined) {
      if (elementMethods.test(method)) this.#take(beyond(call, chain, '()'))
      const [callback] = call.arguments
      const each =
        callback !== undefined && isFunction(callback) && eachMethods.test(method) ? callback.params[0] : undefined
      if (each !== undefined) this.#followNames(each)
    } else if (isObjectList(call.callee)) this.#take(beyond(call, chain, fresh))
  }

  /** `const tank = chain`, `for (const tank of chain)`. */
  #followDeclared(chain: Chain, follow: (pattern: ESTree.Node) => void): void {
    const parent = chain.ancestors.at(-1)
    if (parent?.type === 'VariableDeclarator' && parent.init === chain.node) follow(parent.id)
    if (parent?.type === 'ForOfStatement' && parent.right === chain.node && parent.left.type === 'VariableDeclaration')
      for (const declarator of parent.left.declarations) follow(declarator.id)
  }
}

/** The chain that begins with what a call gives. */
const beyond = (call: ESTree.Node, chain: Chain, step: string): Chain =>
  chainFrom({ node: call, ancestors: chain.ancestors.slice(0, -1), path: [step] })

const isObjectList = (callee: ESTree.Node): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  callee.object.name === 'Object' &&
  callee.property.type === 'Identifier' &&
  (callee.property.name === 'values' || callee.property.name === 'entries')
