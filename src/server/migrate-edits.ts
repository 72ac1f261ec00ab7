// Where the members of a `migrate` to start from go in a module's text: after `init`, whose shape they are about. Pure: a text
// in, edits out.

import { type ESTree, parseSync } from 'vite'
import type { CodeEdit } from '../protocol/code-warning.ts'
import { type DefinitionObject, definitionObject, memberNamed } from './definition-members.ts'

/**
 * `stub`: members as source, each line ended, as a rejected receipt gives them. A `stateVersion` that is there gets the new
 * value; a `migrate` that is there stays, and the new one comes above it as a comment, to be brought together by hand.
 * Undefined where the text does not parse, or holds no `defineModule({ … })`.
 */
export const migrateEdits = (path: string, text: string, stub: string): readonly CodeEdit[] | undefined => {
  const parsed = parseSync(path, text, { sourceType: 'module' })
  const definition = parsed.errors.length > 0 ? undefined : definitionObject(parsed.program)
  const members = stubMembers(path, stub)
  if (definition === undefined || members === undefined) return undefined
  const version = memberNamed(definition, 'stateVersion')
  const edits: CodeEdit[] = []
  let added = stub
  if (version !== undefined) {
    edits.push({ start: version.value.start, end: version.value.end, text: members.version })
    added = added.replace(/^ *stateVersion: .*\n/m, '')
  }
  const migrate = memberNamed(definition, 'migrate')
  if (migrate !== undefined) {
    const margin = marginOf(text, migrate.start)
    const comment = added
      .trimEnd()
      .split('\n')
      .map((line) => `// ${line.replace(/^ {2}/, '')}`)
    return [...edits, { start: migrate.start, end: migrate.start, text: `${comment.join(`\n${margin}`)}\n${margin}` }]
  }
  return [...edits, insertion(definition, text, added)]
}

/** The version the stub names; undefined where it is no list of members. */
const stubMembers = (path: string, stub: string): { readonly version: string } | undefined => {
  const source = `({\n${stub}})`
  const { program, errors } = parseSync(path, source, { sourceType: 'module' })
  const [statement] = program.body
  if (errors.length > 0 || statement?.type !== 'ExpressionStatement') return undefined
  const object = parenthesized(statement.expression)
  const version = object?.type === 'ObjectExpression' ? memberNamed(object, 'stateVersion') : undefined
  return version === undefined ? undefined : { version: source.slice(version.value.start, version.value.end) }
}

const parenthesized = (node: ESTree.Node): ESTree.Node =>
  node.type === 'ParenthesizedExpression' ? parenthesized(node.expression) : node

const insertion = (definition: DefinitionObject, text: string, members: string): CodeEdit => {
  const before = memberNamed(definition, 'init') ?? definition.properties.at(-1)
  if (before === undefined) {
    const at = definition.start + 1
    return { start: at, end: at, text: `\n${members}` }
  }
  const rest = text.slice(before.end)
  const comma = /^\s*,/.exec(rest)
  const at = before.end + (comma?.[0].length ?? 0)
  // A comment behind the member stays with it.
  const tail = /^[ \t]*(?:\/\/[^\n]*)?\r?\n/.exec(text.slice(at))
  if (comma !== null && tail !== null) {
    const line = at + tail[0].length
    return { start: line, end: line, text: members }
  }
  return { start: at, end: at, text: `${comma === null ? ',' : ''}\n${members}` }
}

/** White space the line of a position begins with. */
const marginOf = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? ''
