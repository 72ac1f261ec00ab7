// Reads fields of engine.json, and of other JSON files a person writes (comments and trailing commas are allowed), telling of each that is wrong
// with file, line, column, field and what to do. What the fields are is manifest.ts's, manifest-sockets.ts's and config-files.ts's.

import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Problem } from '../protocol/problem.ts'
import { positionAt } from './compile-error.ts'

export const manifestFile = 'engine.json'

/** Told of a file that is there, but no text. */
export const unreadableText = (file: string): string => `${file} could not be read as text. Save it as UTF-8.`

/** A file being read: its text, and what was found wrong so far. */
export interface Reader {
  /** Relative to the workspace. */
  readonly file: string
  readonly source: 'manifest' | 'config'
  readonly text: string
  readonly problems: Problem[]
}

/** `field`: dotted, empty for the whole; `offset`: where in the text. */
export const addProblem = (
  reader: Reader,
  severity: Problem['severity'],
  field: string,
  message: string,
  offset: number,
): void => {
  const { file, source, text } = reader
  reader.problems.push({
    id: source === 'manifest' ? `manifest:${field}:${severity}` : `${source}:${file}:${field}:${severity}`,
    source,
    severity,
    message: field === '' ? message : `${field}: ${message}`,
    file,
    ...positionAt(text, offset),
  })
}

/** A value in words, for `must be …, not …`. */
export const describeValue = (node: Node): string =>
  node.type === 'object' || node.type === 'array' ? `an ${node.type}` : JSON.stringify(node.value)

/** The plain value of a node. */
export const valueOf = (node: Node): unknown => {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
          key === undefined || value === undefined ? [] : [[key.value, valueOf(value)]],
        ),
      )
    case 'array':
      return (node.children ?? []).map(valueOf)
    default:
      return node.value
  }
}

/** The fields of an object, unknown and repeated ones told of. Undefined where `node` is no object. */
export const fieldsOf = (
  reader: Reader,
  node: Node,
  name: string,
  known: readonly string[] | undefined,
): ReadonlyMap<string, Node> | undefined => {
  if (node.type !== 'object') {
    addProblem(reader, 'error', name, `must be an object, not ${describeValue(node)}.`, node.offset)
    return undefined
  }
  const fields = new Map<string, Node>()
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue
    const field = String(key.value)
    const fullName = name === '' ? field : `${name}.${field}`
    if (fields.has(field)) addProblem(reader, 'error', fullName, 'stands twice. Keep one.', key.offset)
    else if (known !== undefined && !known.includes(field))
      addProblem(
        reader,
        'warning',
        fullName,
        `is not a field Coppice knows; it is ignored. Known are ${known.join(', ')}.`,
        key.offset,
      )
    fields.set(field, value)
  }
  return fields
}

/** A number within bounds, both included; `fallback` where it is absent or wrong, which is told of. */
export const numberIn = (
  reader: Reader,
  node: Node | undefined,
  name: string,
  fallback: number,
  rule: { readonly low: number; readonly high: number; readonly isWhole?: boolean },
): number => {
  if (node === undefined) return fallback
  const value: unknown = node.value
  const { low, high, isWhole = false } = rule
  if (typeof value === 'number' && value >= low && value <= high && (!isWhole || Number.isInteger(value))) return value
  addProblem(
    reader,
    'error',
    name,
    `must be a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}, not ${describeValue(node)}.`,
    node.offset,
  )
  return fallback
}

/** One of the choices; the first where it is absent, undefined where it is wrong, which is told of. */
export const choiceIn = <Choice extends string>(
  reader: Reader,
  node: Node | undefined,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice | undefined => {
  if (node === undefined) return choices[0]
  const found = choices.find((choice) => choice === node.value)
  if (found === undefined)
    addProblem(
      reader,
      'error',
      name,
      `must be ${choices.map((choice) => `"${choice}"`).join(' or ')}, not ${describeValue(node)}.`,
      node.offset,
    )
  return found
}

/** Errors so far; warnings do not count. */
export const errorCount = (reader: Reader): number =>
  reader.problems.filter(({ severity }) => severity === 'error').length

const syntaxMessages: Readonly<Record<string, string>> = {
  CommaExpected: 'a comma is missing before this',
  ColonExpected: 'a colon is missing before this',
  ValueExpected: 'a value is missing here',
  PropertyNameExpected: 'a field name in double quotes is missing here',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'nothing may follow the closing }',
  InvalidSymbol: 'this is no JSON: texts stand in double quotes',
}

/** The tree of the text; undefined where it is no JSON, which is noted. */
export const parseRoot = (reader: Reader): Node | undefined => {
  const { file, text } = reader
  const errors: ParseError[] = []
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true })
  const [error] = errors
  if (error === undefined && root !== undefined) return root
  const code = error === undefined ? 'InvalidSymbol' : printParseErrorCode(error.error)
  addProblem(reader, 'error', '', `${file} is not JSON: ${syntaxMessages[code] ?? code}.`, error?.offset ?? 0)
  return undefined
}
