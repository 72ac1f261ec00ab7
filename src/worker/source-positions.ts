// From places in evaluated texts to places in the workspace's sources: errors, stacks and call sites. Line and column
// from 1. Source maps are parsed at the first question about their text.

import { LEAST_UPPER_BOUND, TraceMap, originalPositionFor } from '@jridgewell/trace-mapping'
import type { CodeText } from '../protocol/code.ts'
import type { SourceError, SourcePosition } from '../protocol/values.ts'
import { parseTextFrame } from './evaluate-text.ts'

/** What a text that does not parse is remembered by: its error has no stack frame in it. */
export interface SyntaxErrorPlace {
  readonly text: CodeText
  /** Line and column from 1 in the text, where the realm can tell. */
  readonly line?: number
  readonly column?: number
}

export interface SourcePositions {
  readonly describe: (error: unknown) => SourceError
  readonly callSite: () => SourcePosition | undefined
  /** Where in the source `snippet` begins; undefined where the text does not hold it. */
  readonly locate: (text: CodeText, snippet: string) => SourcePosition | undefined
  /** Of a place in the text; line and column from 1. */
  readonly place: (text: CodeText, line: number, column: number) => SourcePosition
  /** To be told when a text does not parse. */
  readonly rememberSyntaxError: (error: unknown, place: SyntaxErrorPlace) => void
}

interface MappedFrame {
  readonly position: SourcePosition
  readonly isWorkspace: boolean
}

/** Files of packages and of Coppice itself are no part of the workspace. */
const isWorkspaceFile = (file: string): boolean =>
  !/(^|\/)node_modules\//.test(file) && !/^(\/|\.\.|[a-z]+:)/i.test(file)

const joinPath = (folder: string, relative: string): string => {
  const steps = folder === '' ? [] : folder.split('/')
  for (const step of relative.split('/')) {
    if (step === '..' && steps.length > 0) steps.pop()
    else if (step !== '.' && step !== '') steps.push(step)
  }
  return steps.join('/')
}

/** A position in a text as the author knows it; the text's own where it has no map. */
const mapPosition = (text: CodeText, map: TraceMap | undefined, line: number, column: number): SourcePosition => {
  const own = { file: text.file, line: Math.max(1, line), column: Math.max(1, column) }
  if (map === undefined || line < 1) return own
  const needle = { line, column: Math.max(0, column - 1) }
  const before = originalPositionFor(map, needle)
  const found = before.source === null ? originalPositionFor(map, { ...needle, bias: LEAST_UPPER_BOUND }) : before
  if (found.source === null) return own
  const folder = text.file.includes('/') ? text.file.slice(0, text.file.lastIndexOf('/')) : ''
  const file = map.sources.length <= 1 ? text.file : joinPath(folder, found.source)
  return { file, line: found.line, column: found.column + 1 }
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `Thrown: ${printed(error)}`
  const message = error.message === '' ? error.name : error.message
  return error.name === 'Error' || error.name === 'CoppiceError' || message === error.name
    ? message
    : `${error.name}: ${message}`
}

const printed = (value: unknown): string => {
  try {
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'an object') : String(value)
  } catch {
    return 'a value that cannot be printed'
  }
}

const exportLine = /^__vite_ssr_exportName__\("[^"]*", \(\) => [\w$.]+\);$/

/** The line only hands an export on, and is nobody's own: what is wrong is where the export is read. */
const isExport = (text: CodeText, line: number): boolean => exportLine.test(text.text.split('\n', line)[line - 1] ?? '')

const functionName = /^\s*at (?:async )?(?:new )?([^\s(]+) \(/

/** `textOf` finds a text by its hash; positions in texts it no longer knows stay unmapped. */
export const createSourcePositions = (textOf: (hash: string) => CodeText | undefined): SourcePositions => {
  const maps = new WeakMap<CodeText, TraceMap>()
  const syntaxErrors = new WeakMap<object, SyntaxErrorPlace>()
  // Log lines ask for the same few places every frame.
  const mappedLines = new Map<string, MappedFrame>()

  const mapOf = (text: CodeText): TraceMap | undefined => {
    const known = maps.get(text)
    if (known !== undefined || text.map === undefined) return known
    const map = new TraceMap(text.map)
    maps.set(text, map)
    return map
  }

  const mapFrame = (stackLine: string): MappedFrame | undefined => {
    const known = mappedLines.get(stackLine)
    if (known !== undefined) return known
    const frame = parseTextFrame(stackLine)
    const text = frame === undefined ? undefined : textOf(frame.hash)
    if (frame === undefined || text === undefined || isExport(text, frame.line)) return undefined
    const position = mapPosition(text, mapOf(text), frame.line, frame.column)
    const mapped = { position, isWorkspace: isWorkspaceFile(position.file) }
    if (mappedLines.size > 2_000) mappedLines.clear()
    mappedLines.set(stackLine, mapped)
    return mapped
  }

  const placeOfSyntaxError = (place: SyntaxErrorPlace): Partial<SourcePosition> & { readonly file: string } => {
    if (place.line === undefined) return { file: place.text.file }
    return mapPosition(place.text, mapOf(place.text), place.line, place.column ?? 1)
  }

  const describe = (error: unknown): SourceError => {
    const message = messageOf(error)
    const place = typeof error === 'object' && error !== null ? syntaxErrors.get(error) : undefined
    if (place !== undefined) return { message, ...placeOfSyntaxError(place) }
    const stackText = error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
    const stack: string[] = []
    let first: SourcePosition | undefined
    let firstOutside: SourcePosition | undefined
    for (const line of stackText.split('\n')) {
      const frame = mapFrame(line)
      if (frame === undefined) continue
      const { file, line: sourceLine, column } = frame.position
      const name = functionName.exec(line)?.[1]
      stack.push(
        name === undefined || name === 'eval'
          ? `${file}:${sourceLine}:${column}`
          : `${name} (${file}:${sourceLine}:${column})`,
      )
      if (frame.isWorkspace) first ??= frame.position
      else firstOutside ??= frame.position
    }
    const position = first ?? firstOutside
    return { message, ...position, ...(stack.length > 0 ? { stack } : {}) }
  }

  const callSite = (): SourcePosition | undefined => {
    // A property of V8: elsewhere the whole stack is made, which costs a little more.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 12
    const stack = new Error('call site').stack ?? ''
    Error.stackTraceLimit = limit
    let outside: SourcePosition | undefined
    for (const line of stack.split('\n')) {
      const frame = mapFrame(line)
      if (frame?.isWorkspace === true) return frame.position
      outside ??= frame?.position
    }
    return outside
  }

  const locate = (text: CodeText, snippet: string): SourcePosition | undefined => {
    const at = snippet === '' ? -1 : text.text.indexOf(snippet)
    if (at < 0) return undefined
    const before = text.text.slice(0, at).split('\n')
    return mapPosition(text, mapOf(text), before.length, (before.at(-1)?.length ?? 0) + 1)
  }

  const place = (text: CodeText, line: number, column: number): SourcePosition =>
    mapPosition(text, mapOf(text), line, column)

  const rememberSyntaxError = (error: unknown, place: SyntaxErrorPlace): void => {
    if (typeof error === 'object' && error !== null) syntaxErrors.set(error, place)
  }

  return { describe, callSite, locate, place, rememberSyntaxError }
}
