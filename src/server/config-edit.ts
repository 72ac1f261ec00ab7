// Values of the configuration written into the files of a workspace, or taken out of them: the text keeps its formatting and comments.

import { applyEdits, findNodeAtLocation, type FormattingOptions, modify, type Node, parseTree } from 'jsonc-parser'
import { configFileOf } from '../protocol/config.ts'
import type { ConfigPath, ConfigValues } from '../protocol/config.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { FileEdit } from '../protocol/workspace.ts'
import { readConfigFile } from './config-files.ts'
import { manifestFile } from './manifest-reader.ts'
import { configNodeOf, readManifest } from './manifest.ts'

/** The texts as they are; undefined where there is no such file. */
export interface ConfigTexts {
  readonly manifest: string | undefined
  readonly file: string | undefined
}

/** Each value goes where it wins: into engine.json where that sets it, else into the module's own file. Throws where a file is broken. */
export const writeConfigEdits = (texts: ConfigTexts, module: string, values: ConfigValues): readonly FileEdit[] => {
  let { manifest, file = '' } = texts
  for (const { path, value } of leavesOf(values)) {
    if (manifest !== undefined && isSetIn(manifest, module, path)) manifest = inManifest(manifest, module, path, value)
    else file = inFile(file, module, path, value)
  }
  return changedFiles(texts, module, { manifest, file })
}

/** Takes a value out of these files, so that what lies below it is used. */
export const takeOutEdits = (
  texts: ConfigTexts,
  module: string,
  path: ConfigPath,
  layers: readonly ('file' | 'manifest')[],
): readonly FileEdit[] => {
  let { manifest, file } = texts
  if (layers.includes('manifest') && manifest !== undefined && isSetIn(manifest, module, path))
    manifest = inManifest(manifest, module, path, undefined)
  if (layers.includes('file') && file !== undefined) file = inFile(file, module, path, undefined)
  return changedFiles(texts, module, { manifest, file: file ?? '' })
}

const changedFiles = (
  before: ConfigTexts,
  module: string,
  after: { readonly manifest: string | undefined; readonly file: string },
): readonly FileEdit[] => [
  ...(after.manifest === undefined || after.manifest === before.manifest
    ? []
    : [{ path: manifestFile, text: after.manifest }]),
  ...(after.file === (before.file ?? '') ? [] : [{ path: configFileOf(module), text: after.file }]),
]

const isSetIn = (text: string, module: string, path: ConfigPath): boolean => {
  let node = configNodeOf(text, module)
  for (const key of path) node = node?.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1]
  return node !== undefined
}

const inManifest = (text: string, module: string, path: ConfigPath, value: unknown): string => {
  if (!readManifest(text).isGood) throw broken(manifestFile)
  const items = parseTree(text, [], { allowTrailingComma: true })?.children?.find(
    ({ children }) => children?.[0]?.value === 'modules',
  )?.children?.[1]?.children
  const index = (items ?? []).findIndex((item) =>
    item.children?.some(({ children }) => children?.[0]?.value === 'name' && children[1]?.value === module),
  )
  return edited(text, ['modules', index, 'config', ...path], value)
}

const inFile = (present: string, module: string, path: ConfigPath, value: unknown): string => {
  const file = configFileOf(module)
  const text = present.trim() === '' ? '{}\n' : present
  if (readConfigFile(text, file).values === undefined) throw broken(file)
  return edited(text, path, value)
}

const edited = (text: string, path: readonly (string | number)[], value: unknown): string => {
  const root = parseTree(text, [], { allowTrailingComma: true })
  // What stands on the way and is no object gives way to one.
  const length = path.findIndex((_, index) => isInTheWay(root, path.slice(0, index), path[index]))
  const place = length < 0 ? path : path.slice(0, length)
  if (length >= 0 && value === undefined) return text
  const whole = length < 0 ? value : path.slice(length).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
  return applyEdits(text, modify(text, [...place], whole, { formattingOptions: formattingOf(text) }))
}

const isInTheWay = (
  root: Node | undefined,
  path: readonly (string | number)[],
  next: string | number | undefined,
): boolean => {
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path])
  return node !== undefined && node.type !== (typeof next === 'number' ? 'array' : 'object')
}

/** As the text has it; two spaces where that can't be seen. */
const formattingOf = (text: string): FormattingOptions => {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

const leavesOf = (
  values: ConfigValues,
  prefix: ConfigPath = [],
): readonly { readonly path: ConfigPath; readonly value: unknown }[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const path = [...prefix, key]
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && Object.keys(value).length > 0 ? leavesOf({ ...value }, path) : [{ path, value }]
  })

const broken = (file: string): CoppiceError =>
  new CoppiceError('invalid-argument', `${file} has errors. Correct them before a value is written there.`)
