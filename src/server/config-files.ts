// `config/<module>.json`: what a file says of one module's configuration, each file with its problems. The last good text of a file
// stays in force while it can't be read. Which values fit a module is the engine's to say.

import type { Node } from 'jsonc-parser'
import { configFileOf } from '../protocol/config.ts'
import type { ConfigPlaces, ConfigValues } from '../protocol/config.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { Problem } from '../protocol/problem.ts'
import { positionAt } from './compile-error.ts'
import { addProblem, errorCount, fieldsOf, type Reader, parseRoot, unreadableText, valueOf } from './manifest-reader.ts'
import { configNodeOf } from './manifest.ts'

export interface ReadConfig {
  /** Undefined where the text is no good. */
  readonly values: ConfigValues | undefined
  readonly lines: Readonly<Record<string, number>>
  readonly problems: readonly Problem[]
}

/**
 * Reads the text of a file of configuration. Comments and trailing commas are allowed. An empty file is none: editors empty a file before
 * they write it.
 */
export const readConfigFile = (text: string | undefined, file: string): ReadConfig => {
  const reader: Reader = { file, source: 'config', text: text ?? '', problems: [] }
  if (text === undefined) {
    addProblem(reader, 'error', '', unreadableText(file), 0)
    return { values: undefined, lines: {}, problems: reader.problems }
  }
  if (text.trim() === '') {
    addProblem(reader, 'error', '', `${file} is empty. Write at least {}, or delete it.`, 0)
    return { values: undefined, lines: {}, problems: reader.problems }
  }
  const root = parseRoot(reader)
  if (root === undefined) return { values: undefined, lines: {}, problems: reader.problems }
  if (root.type !== 'object') {
    addProblem(reader, 'error', '', `${file} must hold an object, such as {"speed": 25}.`, root.offset)
    return { values: undefined, lines: {}, problems: reader.problems }
  }
  checkFields(reader, root, '')
  const isGood = errorCount(reader) === 0
  return { values: isGood ? valuesIn(root) : undefined, lines: linesIn(text, root), problems: reader.problems }
}

/** Line of each value of an object, by its path joined with `.`. */
const linesIn = (text: string, root: Node | undefined): Readonly<Record<string, number>> => {
  const lines: [string, number][] = []
  const visit = (node: Node, prefix: string): void => {
    for (const { children: [key, value] = [], offset } of node.children ?? []) {
      if (key === undefined || value === undefined) continue
      const path = `${prefix}${String(key.value)}`
      lines.push([path, positionAt(text, offset).line])
      if (value.type === 'object') visit(value, `${path}.`)
    }
  }
  if (root?.type === 'object') visit(root, '')
  return Object.fromEntries(lines)
}

const valuesIn = (root: Node): ConfigValues => {
  const value = valueOf(root)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A value that stands twice is an error at any depth: which one counts is anybody's guess. */
const checkFields = (reader: Reader, node: Node, name: string): void => {
  const fields = fieldsOf(reader, node, name, undefined)
  for (const [field, value] of fields ?? [])
    if (value.type === 'object') checkFields(reader, value, name === '' ? field : `${name}.${field}`)
}

/** The configuration of all modules as the files say it. */
export interface ConfiguredModules {
  readonly modules: readonly ManifestModule[]
  readonly places: Readonly<Record<string, ConfigPlaces>>
  readonly problems: readonly Problem[]
}

/** Files of configuration in one workspace, from revision to revision. */
export class ConfigFiles {
  readonly #readText: (path: string) => Promise<string | undefined>
  readonly #paths: () => readonly string[]
  readonly #good = new Map<string, ConfigValues>()

  constructor(files: { paths(): readonly string[]; readText(path: string): Promise<string | undefined> }) {
    this.#readText = (path) => files.readText(path)
    this.#paths = () => files.paths()
  }

  /** `modules` with what their files say. */
  async configure(modules: readonly ManifestModule[], manifestText: string | undefined): Promise<ConfiguredModules> {
    const present = new Set(this.#paths())
    const problems: Problem[] = []
    const places: [string, ConfigPlaces][] = []
    const configured: ManifestModule[] = []
    for (const module of modules) {
      const file = configFileOf(module.name)
      const read = present.has(file) ? readConfigFile(await this.#readText(file), file) : undefined
      const values = read === undefined ? undefined : (read.values ?? this.#good.get(file))
      if (read === undefined) this.#good.delete(file)
      else if (read.values !== undefined) this.#good.set(file, read.values)
      problems.push(...withConsequence(read, module.name, values !== undefined))
      const manifest = manifestText === undefined ? {} : linesIn(manifestText, configNodeOf(manifestText, module.name))
      places.push([module.name, { file: read?.lines ?? {}, manifest }])
      configured.push(values === undefined ? module : { ...module, fileConfig: values })
    }
    problems.push(...this.#strangers(modules))
    return { modules: configured, places: Object.fromEntries(places), problems }
  }

  /** Files that belong to no module: a name mistyped, or a module that went. */
  #strangers(modules: readonly ManifestModule[]): readonly Problem[] {
    const known = new Set(modules.map(({ name }) => configFileOf(name)))
    return this.#paths()
      .filter((path) => /^config\/[^/]+\.json$/.test(path) && !known.has(path))
      .map((file) => ({
        id: `config:${file}::warning`,
        source: 'config',
        severity: 'warning',
        file,
        line: 1,
        column: 1,
        message: `No module has the name of this file, so nobody reads it. Modules: ${modules.map(({ name }) => name).join(', ')}.`,
      }))
  }
}

const withConsequence = (read: ReadConfig | undefined, module: string, isKept: boolean): readonly Problem[] =>
  (read?.problems ?? []).map((problem) => ({
    ...problem,
    module,
    ...(read?.values === undefined
      ? { consequence: isKept ? 'The last good text stays in force' : 'Not used until it is corrected' }
      : {}),
  }))
