// The quick fix that makes a `setTimeout` in `process` a message to oneself: `after` asks for it, and what was to be done stands
// where it is read. Offered only where the callback uses nothing that is gone by then.

import type { ESTree } from 'vite'
import type { CodeEdit, CodeFix } from '../protocol/code-warning.ts'
import { type FunctionNode, unwrap } from './definition-members.ts'
import { isFunction, type NameScopes, type Reference } from './name-scopes.ts'

/** One fix, or none. `timer` is the name `setTimeout` in the call. */
export const timerToMessage = (
  timer: Reference,
  process: FunctionNode,
  { text, scopes }: { readonly text: string; readonly scopes: NameScopes },
): readonly CodeFix[] => {
  const call = timer.ancestors.at(-1)
  const [parameter] = process.params
  const statement = timer.ancestors.at(-2)
  if (call?.type !== 'CallExpression' || statement?.type !== 'ExpressionStatement') return []
  if (parameter?.type !== 'ObjectPattern' || process.body?.type !== 'BlockStatement') return []
  const [handler, delay] = call.arguments.map(unwrap)
  if (handler === undefined || !isFunction(handler) || handler.params.length > 0 || handler.async) return []
  if (delay?.type !== 'Literal' || typeof delay.value !== 'number' || handler.body === null) return []
  if (!isFreeOf(handler, process, scopes)) return []

  const body = text.slice(handler.body.start, handler.body.end)
  const work = handler.body.type === 'BlockStatement' ? body : `{ ${body} }`
  const margin =
    /[ \t]*$/.exec(text.slice(0, process.body.start + 1 + leading(text, process.body.start + 1)))?.[0] ?? ''
  const start = process.body.start + 1
  const edits: CodeEdit[] = [
    { start, end: start, text: `\n${margin}for (const _ of messages('timer:later')) ${work}` },
    { start: call.start, end: call.end, text: `after(${delay.value / 1000}, 'timer:later', undefined)` },
    ...missingNames(parameter, ['after', 'messages']),
  ]
  return [{ title: 'Use after(), a message to oneself', edits }]
}

/** White space at the start of a block, up to its first statement. */
const leading = (text: string, from: number): number => /^\s*/.exec(text.slice(from))?.[0].length ?? 0

/** All it uses is its own, of `process`'s parameters, of the top level, or global. */
const isFreeOf = (handler: FunctionNode, process: FunctionNode, scopes: NameScopes): boolean =>
  scopes.references
    .filter((reference) => reference.ancestors.includes(handler))
    .every(({ binding }) => {
      if (binding === undefined || binding.isTop) return true
      const { start } = binding.identifier
      const isParameter = process.params.some((parameter) => parameter === binding.declaration)
      return isParameter || (handler.start <= start && start < handler.end)
    })

const missingNames = (
  parameter: Extract<ESTree.Node, { type: 'ObjectPattern' }>,
  names: readonly string[],
): readonly CodeEdit[] => {
  const present = parameter.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? [property.key.name] : [],
  )
  const missing = names.filter((name) => !present.includes(name))
  const [first] = parameter.properties
  if (missing.length === 0) return []
  return first === undefined
    ? [{ start: parameter.start, end: parameter.end, text: `{ ${missing.join(', ')} }` }]
    : [{ start: first.start, end: first.start, text: `${missing.join(', ')}, ` }]
}
