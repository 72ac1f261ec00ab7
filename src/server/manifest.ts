// engine.json → Manifest and Problems. Every field is checked; a problem says file, line, column, field and what to do.
// Reads text and nothing else: which files exist is asked by whoever runs the modules.

import { type Node, parseTree } from 'jsonc-parser'
import type { Manifest, ManifestModule, ManifestView } from '../protocol/manifest.ts'
import type { Problem } from '../protocol/problem.ts'
import { positionAt } from './compile-error.ts'
import {
  addProblem,
  choiceIn,
  describeValue,
  errorCount,
  fieldsOf,
  manifestFile,
  numberIn,
  parseRoot,
  type Reader,
  unreadableText,
  valueOf,
} from './manifest-reader.ts'
import { socketsIn } from './manifest-sockets.ts'

const defaultView: ManifestView = { width: 1280, height: 720, fit: 'contain' }

export const emptyManifest: Manifest = { targetFps: 60, seed: 1, math: 'portable', view: defaultView, modules: [] }

export interface ReadManifest {
  /** What can be used of it: fields in error have their defaults, modules in error are left out. */
  readonly manifest: Manifest
  /** False: what ran before stays in force. Warnings leave it good. */
  readonly isGood: boolean
  readonly problems: readonly Problem[]
}

/** Names stand in `deps`, topics and receipts. */
const namePattern = /^[\p{L}_][\p{L}\p{N}_.-]{0,63}$/u
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export const isModuleName = (name: string): boolean => namePattern.test(name) && !forbiddenNames.has(name)

const nameIn = (reader: Reader, node: Node | undefined, field: string, parent: Node): string | undefined => {
  const value: unknown = node?.value
  if (typeof value === 'string' && isModuleName(value)) return value
  const message =
    node === undefined
      ? 'is missing. Give the module a name.'
      : `must be a name of letters, digits, _ - and ., not ${describeValue(node)}.`
  addProblem(reader, 'error', `${field}.name`, message, (node ?? parent).offset)
  return undefined
}

const pathIn = (reader: Reader, node: Node | undefined, field: string, parent: Node): string | undefined => {
  const value: unknown = node?.value
  const offset = (node ?? parent).offset
  const name = `${field}.path`
  if (node === undefined)
    addProblem(reader, 'error', name, 'is missing. Name the TypeScript or JavaScript file of the module.', offset)
  else if (typeof value !== 'string' || value === '')
    addProblem(reader, 'error', name, `must be the path of a file, not ${describeValue(node)}.`, offset)
  else {
    const path = value.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
    const isOutside = path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..')
    if (isOutside)
      addProblem(
        reader,
        'error',
        name,
        `"${value}" lies outside the workspace. Modules are files of the workspace.`,
        offset,
      )
    else if (!/\.[mc]?[jt]sx?$/.test(path))
      addProblem(reader, 'error', name, `"${value}" is no TypeScript or JavaScript file.`, offset)
    else return path
  }
  return undefined
}

export const strategies = ['sequential', 'threaded', 'pool'] as const
const moduleFields = ['name', 'path', 'strategy', 'hz', 'config']

const moduleIn = (reader: Reader, node: Node, field: string, targetFps: number): ManifestModule | undefined => {
  const fields = fieldsOf(reader, node, field, moduleFields)
  if (fields === undefined) return undefined
  const before = errorCount(reader)
  const name = nameIn(reader, fields.get('name'), field, node)
  const path = pathIn(reader, fields.get('path'), field, node)
  const strategy = choiceIn(reader, fields.get('strategy'), `${field}.strategy`, strategies) ?? 'sequential'
  const hzNode = fields.get('hz')
  const hz =
    hzNode === undefined
      ? undefined
      : numberIn(reader, hzNode, `${field}.hz`, targetFps, { low: 0.01, high: targetFps })
  const configNode = fields.get('config')
  const configFields =
    configNode === undefined ? new Map<string, Node>() : fieldsOf(reader, configNode, `${field}.config`, undefined)
  if (name === undefined || path === undefined || errorCount(reader) > before) return undefined
  const config = Object.fromEntries([...(configFields ?? [])].map(([key, value]) => [key, valueOf(value)]))
  return { name, path, strategy, ...(hz === undefined ? {} : { hz }), config }
}

const modulesIn = (reader: Reader, node: Node | undefined, targetFps: number): readonly ManifestModule[] => {
  if (node === undefined) return []
  if (node.type !== 'array') {
    addProblem(reader, 'error', 'modules', `must be an array of modules, not ${describeValue(node)}.`, node.offset)
    return []
  }
  const modules: ManifestModule[] = []
  for (const [index, item] of (node.children ?? []).entries()) {
    const module = moduleIn(reader, item, `modules[${index}]`, targetFps)
    const twin = modules.findIndex(({ name }) => name === module?.name)
    if (module === undefined) continue
    if (twin >= 0)
      addProblem(
        reader,
        'error',
        `modules[${index}].name`,
        `"${module.name}" is the name of modules[${twin}] too. Each module has a name of its own.`,
        item.offset,
      )
    else modules.push(module)
  }
  return modules
}

const readerOf = (text: string): Reader => ({ file: manifestFile, source: 'manifest', text, problems: [] })

const unreadable = (reader: Reader, message: string, offset: number): ReadManifest => {
  addProblem(reader, 'error', '', message, offset)
  return { manifest: emptyManifest, isGood: false, problems: reader.problems }
}

/** Reads the text of an engine.json. Comments and trailing commas are allowed. */
export const readManifest = (text: string | undefined): ReadManifest => {
  if (text === undefined) return unreadable(readerOf(''), unreadableText(manifestFile), 0)
  const reader = readerOf(text)
  if (text.trim() === '')
    return unreadable(
      reader,
      'engine.json is empty. Write at least {"modules": []}, or delete it to run every top-level module.',
      0,
    )
  const root = parseRoot(reader)
  if (root === undefined) return { manifest: emptyManifest, isGood: false, problems: reader.problems }
  const fields = fieldsOf(reader, root, '', ['targetFps', 'seed', 'math', 'view', 'modules', 'sockets', '$schema'])
  if (fields === undefined)
    return unreadable(readerOf(text), 'engine.json must hold an object: {"modules": […]}.', root.offset)
  const targetFps = numberIn(reader, fields.get('targetFps'), 'targetFps', 60, { low: 1, high: 1_000 })
  const viewNode = fields.get('view')
  const view = viewNode === undefined ? undefined : fieldsOf(reader, viewNode, 'view', ['width', 'height', 'fit'])
  const size = { low: 1, high: 16_384 }
  const sockets = socketsIn(reader, fields.get('sockets'))
  const manifest: Manifest = {
    targetFps,
    seed: numberIn(reader, fields.get('seed'), 'seed', 1, { low: 0, high: 4_294_967_295, isWhole: true }),
    math: choiceIn(reader, fields.get('math'), 'math', ['portable', 'native']) ?? 'portable',
    view: {
      width: numberIn(reader, view?.get('width'), 'view.width', defaultView.width, size),
      height: numberIn(reader, view?.get('height'), 'view.height', defaultView.height, size),
      fit: choiceIn(reader, view?.get('fit'), 'view.fit', ['contain', 'panel']) ?? 'contain',
    },
    modules: modulesIn(reader, fields.get('modules'), targetFps),
    ...(sockets.length === 0 ? {} : { sockets }),
  }
  return { manifest, isGood: errorCount(reader) === 0, problems: reader.problems }
}

/** Where the path of a module stands in engine.json; undefined where it is not in it. */
export const placeOfModule = (
  text: string,
  name: string,
): { readonly line: number; readonly column: number } | undefined => {
  const path = fieldOfModule(text, name, 'path')
  return path === undefined ? undefined : positionAt(text, path.offset)
}

/** The configuration a module has in engine.json; undefined where it has none. */
export const configNodeOf = (text: string, name: string): Node | undefined => fieldOfModule(text, name, 'config')

const fieldOfModule = (text: string, name: string, field: string): Node | undefined => {
  const root = parseTree(text, [], { allowTrailingComma: true })
  const property = (node: Node | undefined, key: string): Node | undefined =>
    node?.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1]
  const module = property(root, 'modules')?.children?.find((item) => property(item, 'name')?.value === name)
  return property(module, field)
}
