// Why a file could not be transformed, in words for its author and with the place in the source: syntax errors by the
// parser's own span, imports by their specifier. Lines and columns from 1.

import { parseSync } from 'vite'
import type { SourceError } from '../protocol/values.ts'

/** Line and column, both from 1, of a UTF-16 offset. */
export const positionAt = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

const stripColors = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- terminal colours are control characters
  text.replaceAll(/\u001b\[[0-9;]*m/g, '')

const isScript = (file: string): boolean => /\.[mc]?[jt]sx?$/.test(file)

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** The second export of a name: no error to the parser, but to whoever links the file. */
const fromExports = (file: string, source: string): SourceError | undefined => {
  const seen = new Set<string>()
  for (const { exportName, start } of parseSync(file, source).module.staticExports.flatMap(({ entries }) =>
    entries.filter(({ isType }) => !isType),
  )) {
    const name = exportName.kind === 'Default' ? 'default' : exportName.name
    if (name !== null && seen.has(name))
      return { message: `${name} is exported twice.`, file, ...positionAt(source, exportName.start ?? start) }
    if (name !== null) seen.add(name)
  }
  return undefined
}

type ParserError = ReturnType<typeof parseSync>['errors'][number]

const longestQuote = 24

/** What stands there, as a message quotes it: the parser itself calls it `Identifier` or nothing at all. */
const quoted = (text: string): string => {
  const [line = ''] = text.split('\n', 1)
  return line === ''
    ? 'the end of the file'
    : `\`${line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line}\``
}

const parserWords = (error: ParserError, found: string): string =>
  error.message
    .replace(/^Unexpected token$/, found === '' ? 'Unexpected end of the file' : `Unexpected ${quoted(found)}`)
    .replace(/but found `\w+`$/, `but found ${quoted(found)}`)
    .replace(/\.$/, '')

const fromParser = (file: string, source: string): SourceError | undefined => {
  const [error] = parseSync(file, source, { showSemanticErrors: true }).errors
  if (error === undefined) return fromExports(file, source)
  // Of two declarations of one name, the second is the one to mend.
  const [label] = error.labels.toSorted((a, b) => b.start - a.start)
  const place = positionAt(source, Math.min(label?.start ?? 0, source.trimEnd().length))
  const opening = error.labels.find(({ message }) => message === 'Opened here')
  const opened = opening === undefined ? undefined : positionAt(source, opening.start)
  const hints = [
    `${parserWords(error, label === undefined ? '' : source.slice(label.start, label.end))}.`,
    ...(opening === undefined || opened === undefined || opened.line === place.line
      ? []
      : [`The ${quoted(source.slice(opening.start, opening.end))} opens in line ${opened.line}.`]),
    ...(error.helpMessage === null || error.helpMessage === '' ? [] : [error.helpMessage]),
  ]
  return { message: hints.join(' '), file, ...place }
}

const fromLocation = (error: unknown, file: string): SourceError => {
  const { message, loc, cause, errors } = { message: undefined, ...record(error) } as Readonly<Record<string, unknown>>
  const first: unknown = Array.isArray(errors) ? errors[0] : cause
  const text = error instanceof Error ? error.message : String(message ?? error)
  const headline = stripColors(text)
    .split('\n')
    .find((line) => line.trim() !== '' && !/(Transform|Parse) failed with \d+ error/.test(line))
  const stated = /at line (\d+) column (\d+)/.exec(text)
  if (stated !== null) {
    const words = headline?.replace(/ at line \d+ column \d+/, '') ?? text
    return {
      message: file.endsWith('.json') ? `this is not JSON: ${words}` : words,
      file,
      line: Math.max(1, Number(stated[1])),
      column: Math.max(1, Number(stated[2])),
    }
  }
  const place = record(loc ?? record(first)['loc'])
  const { line, column } = place
  if (typeof line !== 'number') return { message: headline ?? text, file }
  return { message: headline ?? text, file, line, column: (typeof column === 'number' ? column : 0) + 1 }
}

/** `file` as it shall be named; `source` is its text where that could be read. */
export const describeCompileError = (error: unknown, file: string, source: string | undefined): SourceError =>
  (source !== undefined && isScript(file) ? fromParser(file, source) : undefined) ?? fromLocation(error, file)

const importRequests = (
  file: string,
  source: string,
): readonly { readonly specifier: string; readonly start: number }[] => {
  const { module } = parseSync(file, source)
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest)),
    ...module.dynamicImports.map(({ moduleRequest }) => moduleRequest),
  ]
  return requests.flatMap((request) =>
    request === null ? [] : [{ specifier: source.slice(request.start + 1, request.end - 1), start: request.start }],
  )
}

/** What `source` imports, as it is written there. */
export const importedSpecifiers = (file: string, source: string): readonly string[] =>
  importRequests(file, source).map(({ specifier }) => specifier)

/** Where `source` imports `specifier`: the opening quote. Undefined where it doesn't. */
export const findImport = (
  file: string,
  source: string,
  specifier: string,
): { readonly line: number; readonly column: number } | undefined => {
  const found = importRequests(file, source).find((request) => request.specifier === specifier)
  return found === undefined ? undefined : positionAt(source, found.start)
}

const nodeBuiltin =
  /^(?:\/@id\/)?(node:.+|fs|path|os|child_process|crypto|http|https|net|stream|util|worker_threads|events|url)(?:\/.*)?$/

/** Why an import leads nowhere, and what to do about it. */
export const explainImport = (specifier: string, folder: string): string => {
  if (/^https?:/.test(specifier))
    return `Imports from the web are not supported: ${specifier}. Install the package with npm and import it by name.`
  if (/^[./]/.test(specifier) && !specifier.startsWith('/@id/'))
    return `${specifier} does not exist. Check the path, or create the file.`
  const builtin = nodeBuiltin.exec(specifier)
  if (builtin !== null) return `${builtin[1]} belongs to Node.js: modules run in the browser and can't use it.`
  const [scope, name] = specifier.split('/')
  const packageName = specifier.startsWith('@') ? `${scope}/${name}` : scope
  return `Package ${packageName} is not installed. Run: npm install ${packageName} (in ${folder}).`
}
