// Work in `process` that outlives its call: its result would arrive at a time no replay can repeat (ML12).

import type { ESTree } from 'vite'
import type { CodeFix, CodeWarning } from '../protocol/code-warning.ts'
import { memberFunction } from './definition-members.ts'
import { childNodes, isFunction } from './name-scopes.ts'
import type { WarningSource } from './mutable-variables.ts'
import { timerToMessage } from './timer-to-message.ts'

/** What to use instead of what the platform offers; the engine refuses all of these in a frame. */
const instead: Readonly<Record<string, string>> = {
  setTimeout: '`after(seconds, topic, data)` and read `messages(topic)`',
  setInterval: '`after(seconds, topic, data)`, asked for again each time',
  setImmediate: '`after(0, topic, data)` and read `messages(topic)`',
  requestIdleCallback: '`runTask(name, data)` and read `results()`',
  requestAnimationFrame: 'nothing: `process` runs every frame, and `render` draws',
  queueMicrotask: 'a plain call: a frame does not wait',
  fetch: '`setup`, where awaiting is allowed, and keep what it brings in resources',
}

export const asyncProcess = (source: WarningSource): readonly CodeWarning[] => {
  const { definition, scopes, text } = source
  const process = definition === undefined ? undefined : memberFunction(definition, 'process', scopes)
  if (process === undefined) return []
  const warnings: CodeWarning[] = []
  const warn = (start: number, end: number, message: string, fixes: readonly CodeFix[] = []): void => {
    warnings.push({ rule: 'async-process', message, start, end, fixes })
  }

  const visit = (node: ESTree.Node, isInChain: boolean, isAwaitTold: boolean): void => {
    let isTold = isAwaitTold
    if (isFunction(node)) {
      isTold = node.async
      if (node.async) {
        const start = asyncWord(node, text, definition)
        const end = start + 'async'.length
        const message =
          node === process
            ? '`process` is async: a frame does not wait, so the promise it gives is refused. Do the work within the call, or hand it to `runTask`.'
            : 'An async function in `process` goes on after its frame, at a time a replay can’t repeat. Do the work within the call, or hand it to `runTask`.'
        warn(start, end, message, containsAwait(node) ? [] : [removeAsync(start, text)])
      }
    }
    if (node.type === 'AwaitExpression' && !isTold) warn(node.start, node.start + 'await'.length, awaiting)
    const isChain = node.type === 'CallExpression' && isPromiseCall(node)
    if (isChain && !isInChain) warn(node.start, node.end, awaiting)
    for (const child of childNodes(node))
      visit(child, isChain || (isInChain && node.type === 'MemberExpression'), isTold)
  }
  visit(process, false, false)

  for (const reference of scopes.references) {
    const advice = Object.hasOwn(instead, reference.name) ? instead[reference.name] : undefined
    if (advice === undefined || reference.binding !== undefined || !reference.ancestors.includes(process)) continue
    const parent = reference.ancestors.at(-1)
    if (parent?.type !== 'CallExpression' || parent.callee !== reference.node) continue
    warn(
      reference.node.start,
      reference.node.end,
      `\`${reference.name}\` throws in \`process\`: what it brings comes at a time a replay can’t repeat. Use ${advice}.`,
      reference.name === 'setTimeout' ? timerToMessage(reference, process, source) : [],
    )
  }
  return warnings
}

const awaiting =
  'A promise in `process` is settled after its frame, at a time a replay can’t repeat. Do the work within the call, or hand it to `runTask` and read `results()`.'

/** `….then(…)`, `Promise.all(…)`: nothing else has such a shape. */
const isPromiseCall = (node: Extract<ESTree.Node, { type: 'CallExpression' }>): boolean => {
  const { callee } = node
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return false
  if (callee.object.type === 'Identifier' && callee.object.name === 'Promise') return true
  const [handler] = node.arguments
  return callee.property.name === 'then' && handler !== undefined
}

/** Where `async` stands: before a function, or before a method's name. */
const asyncWord = (node: ESTree.Node, text: string, definition: ESTree.Node | undefined): number => {
  if (text.startsWith('async', node.start)) return node.start
  const method = definition === undefined ? undefined : methodOf(definition, node)
  return method !== undefined && text.startsWith('async', method.start) ? method.start : node.start
}

const methodOf = (around: ESTree.Node, wanted: ESTree.Node): ESTree.Node | undefined => {
  for (const child of childNodes(around)) {
    if (child === wanted) return around
    const found = child.start <= wanted.start && wanted.end <= child.end ? methodOf(child, wanted) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

const containsAwait = (node: ESTree.Node): boolean =>
  childNodes(node).some(
    (child) =>
      child.type === 'AwaitExpression' ||
      (child.type === 'ForOfStatement' && child.await) ||
      (!isFunction(child) && containsAwait(child)),
  )

const removeAsync = (start: number, text: string): CodeFix => {
  const word = /^async\s*/.exec(text.slice(start))?.[0] ?? ''
  return { title: 'Remove async', edits: [{ start, end: start + word.length, text: '' }] }
}
