// Checks what a page sent before anything is done with it: each function takes an unknown and gives the typed value, or
// throws `malformed-command` that names the argument.

import type { ConfigValues } from '../protocol/config.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { SavedEntry } from '../protocol/saved.ts'
import { type ContentHash, contentHash } from '../protocol/values.ts'
import type { FileEdit, ServerRequestMessage } from '../protocol/workspace.ts'
import { isModuleName, strategies } from './manifest.ts'

const malformed = (what: string): CoppiceError =>
  new CoppiceError('malformed-command', `The request is malformed: ${what}.`)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The envelope; `name` is not checked against those there are. */
export const readRequest = (data: unknown): Omit<ServerRequestMessage, 'name'> & { readonly name: string } => {
  if (
    !isRecord(data) ||
    typeof data['id'] !== 'number' ||
    typeof data['name'] !== 'string' ||
    !Array.isArray(data['args'])
  )
    throw malformed('it must be { id: number, name: string, args: array }')
  return { id: data['id'], name: data['name'], args: data['args'] }
}

export const readText = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw malformed(`${name} must be a string`)
  return value
}

/** JSON has no undefined: null stands for it. */
export const readOptionalText = (value: unknown, name: string): string | undefined =>
  value === undefined || value === null ? undefined : readText(value, name)

export const readTexts = (value: unknown, name: string): readonly string[] => {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw malformed(`${name} must be an array of strings`)
  return value
}

/** One that may stand in a path. */
export const readModuleName = (value: unknown): string => {
  const name = readText(value, 'module')
  if (!isModuleName(name))
    throw new CoppiceError('invalid-argument', `${name} is no name for a module: use letters, digits, _ - and .`)
  return name
}

export const readConfigValues = (value: unknown): ConfigValues => {
  if (!isRecord(value)) throw malformed('values must be an object')
  return value
}

export const readSavedEntries = (value: unknown): readonly SavedEntry[] => {
  if (!Array.isArray(value)) throw malformed('entries must be an array')
  return value.map((entry: unknown) => {
    if (!isRecord(entry) || !('data' in entry)) throw malformed('an entry must be { module, key, data }')
    return { module: readModuleName(entry['module']), key: readText(entry['key'], 'key'), data: entry['data'] }
  })
}

export const readHashes = (value: unknown, name: string): readonly ContentHash[] =>
  readTexts(value, name).map((item) => contentHash(item))

export const readEdits = (value: unknown): readonly FileEdit[] => {
  if (!Array.isArray(value)) throw malformed('edits must be an array')
  return value.map((edit: unknown) => {
    if (!isRecord(edit)) throw malformed('an edit must be { path, text, base? }')
    const base = readOptionalText(edit['base'], 'base')
    return {
      path: readText(edit['path'], 'path'),
      text: readText(edit['text'], 'text'),
      ...(base === undefined ? {} : { base: contentHash(base) }),
    }
  })
}

export const readWriteOptions = (value: unknown): { readonly persist?: boolean; readonly writeId?: string } => {
  if (value === undefined || value === null) return {}
  if (!isRecord(value)) throw malformed('options must be an object')
  const writeId = readOptionalText(value['writeId'], 'writeId')
  const persist = value['persist'] ?? true
  if (typeof persist !== 'boolean') throw malformed('persist must be true or false')
  return { persist, ...(writeId === undefined ? {} : { writeId }) }
}

export const readEntry = (value: unknown): ManifestModule => {
  if (!isRecord(value)) throw malformed('a module must be { name, path }')
  const { strategy = 'sequential', hz, config = {} } = value
  const name = readModuleName(value['name'])
  const known = strategies.find((one) => one === strategy)
  if (known === undefined)
    throw new CoppiceError(
      'invalid-argument',
      `${JSON.stringify(strategy)} is no strategy. Use ${strategies.map((one) => `"${one}"`).join(', ')}.`,
    )
  if (hz !== undefined && hz !== null && (typeof hz !== 'number' || !(hz > 0)))
    throw malformed('hz must be a number above 0')
  if (!isRecord(config)) throw malformed('config must be an object')
  return {
    name,
    path: readText(value['path'], 'path'),
    strategy: known,
    ...(typeof hz === 'number' ? { hz } : {}),
    config,
  }
}
