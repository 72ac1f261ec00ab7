// Turns the text of one file into a function of this realm, inside two nested functions: the outer one's parameters
// shadow the realm's globals, the inner one is the body with the names Vite's module-runner transform uses. So a file
// may declare `const performance` at its top, and no global is patched.

import type { CodeText } from '../protocol/code.ts'

/** What a transformed text is called with, in the order of Vite's module runner. */
export interface TextContext {
  readonly exports: object
  readonly meta: object
  readonly importStatic: (
    specifier: string,
    options?: { readonly importedNames?: readonly string[] },
  ) => Promise<object>
  readonly importDynamic: (specifier: unknown) => Promise<object>
  readonly exportAll: (source: unknown) => void
  readonly exportName: (name: string, read: () => unknown) => void
}

/** Values of the ambient names for one text. */
export interface AmbientScope {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
}

const innerParameters = [
  '__vite_ssr_exports__',
  '__vite_ssr_import_meta__',
  '__vite_ssr_import__',
  '__vite_ssr_dynamic_import__',
  '__vite_ssr_exportAll__',
  '__vite_ssr_exportName__',
].join(',')

const header = `"use strict";return (async function(${innerParameters}){\n`
const footer = '\n})\n//# sourceURL='

/** The address a text has in stacks. It carries the content hash, so that two versions of one file stay apart. */
const sourceUrl = (text: CodeText): string =>
  `coppice:///${encodeURI(text.file).replaceAll(/['()#?:]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}?v=${text.hash}`

/** What `import()` of an address gives is never collected, so texts become functions. The one place where they do. */
const compile = (names: readonly string[], body: string, url: string): unknown =>
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- evaluating texts is what this file is for
  new Function(...names, `${header}${body}${footer}${url}`)

const call = (target: unknown, values: readonly unknown[]): unknown =>
  typeof target === 'function' ? Reflect.apply(target, undefined, values) : undefined

/** Throws the SyntaxError of a text that does not parse. Running what it gives rejects with what the top level throws. */
export const compileText = (text: CodeText, scope: AmbientScope): ((context: TextContext) => Promise<void>) => {
  const body = call(compile(scope.names, text.text, sourceUrl(text)), scope.values)
  return async ({ exports, meta, importStatic, importDynamic, exportAll, exportName }) => {
    await call(body, [exports, meta, importStatic, importDynamic, exportAll, exportName])
  }
}

const framePattern = /coppice:\/\/\/[^\s()]*?\?v=([^:\s()]+):(\d+):(\d+)/

function measureWrapping(): number {
  const probe = call(compile([], '__vite_ssr_exports__.stack = new Error().stack', 'coppice:///probe?v=probe'), [])
  const exports: { stack?: unknown } = {}
  void call(probe, [exports])
  const match = framePattern.exec(String(exports.stack))
  return match === null ? 3 : Number(match[2]) - 1
}

/** Lines that stand before a text's first line; engines differ in the header `new Function` writes (V8: 2, and ours). */
const wrappingLines = measureWrapping()

/** A line as the engine of the realm counts it, made a line of the text (from 1). */
export const toTextLine = (line: number): number => line - wrappingLines

/** One line of a stack that stands in an evaluated text: hash, and line and column from 1 *in the text*. */
export interface TextFrame {
  readonly hash: string
  readonly line: number
  readonly column: number
}

/** Reads a stack line of V8, SpiderMonkey or JavaScriptCore; undefined where it is not in evaluated code. */
export const parseTextFrame = (stackLine: string): TextFrame | undefined => {
  const match = framePattern.exec(stackLine)
  if (match === null) return undefined
  return { hash: String(match[1]), line: toTextLine(Number(match[2])), column: Number(match[3]) }
}
