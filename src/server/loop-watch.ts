// Makes each loop of a transformed text look at the time now and then, so that one that does not come to an end can say which it is. Only
// for texts that are run once more for that purpose; nothing a program runs by is changed. Lines stay what they are.
//
//   label: for (…) body   ──►   { let count = 0; const begun = look(); label: for (…) { if (due(++count)) look(begun, line, column); body } }

import MagicString from 'magic-string'
import { type ESTree, parseSync } from 'vite'
import { childNodes } from './name-scopes.ts'

/** Ambient function the inserted calls go to: `look()` gives the time, `look(begun, line, column)` ends a loop that lasts too long. */
const look = '__coppice_loop__'

type Loop = Extract<
  ESTree.Node,
  { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' | 'WhileStatement' | 'DoWhileStatement' }
>

/** The text with its loops watched; as it is where it holds none, or does not parse. Lines and columns handed on count from 1 in `text`. */
export const watchLoops = (text: string): string => {
  const { program, errors } = parseSync('text.js', text, { sourceType: 'module' })
  if (errors.length > 0) return text
  const output = new MagicString(text)
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  let count = 0
  const visit = (node: ESTree.Node, start: number): void => {
    if (isLoop(node)) {
      watch(node, start, ++count, lineStarts, output)
      for (const child of childNodes(node)) visit(child, child.start)
    } else if (node.type === 'LabeledStatement') visit(node.body, start)
    else for (const child of childNodes(node)) visit(child, child.start)
  }
  visit(program, 0)
  return count === 0 ? text : output.toString()
}

const isLoop = (node: ESTree.Node): node is Loop =>
  node.type === 'ForStatement' ||
  node.type === 'ForInStatement' ||
  node.type === 'ForOfStatement' ||
  node.type === 'WhileStatement' ||
  node.type === 'DoWhileStatement'

/** `start`: of the loop with its labels, which must stay right before it. */
const watch = (loop: Loop, start: number, id: number, lineStarts: readonly number[], output: MagicString): void => {
  const line = lineStarts.findLastIndex((at) => at <= loop.start)
  const column = loop.start - (lineStarts[line] ?? 0)
  const [count, begun] = [`__coppice_count_${id}__`, `__coppice_begun_${id}__`]
  const isDue = `(++${count}&(${count}-1))===0||(${count}&65535)===0`
  const check = `if(${isDue})${look}(${begun},${line + 1},${column + 1});`
  // What begins at a place goes right of what ends there.
  output.appendRight(start, `{let ${count}=0;const ${begun}=${look}();`)
  const { body } = loop
  if (body.type === 'BlockStatement') output.appendRight(body.start + 1, check)
  else {
    output.appendRight(body.start, `{${check}`)
    output.appendLeft(body.end, '}')
  }
  output.appendLeft(loop.end, '}')
}
