// Saved data on disk: `data/<module>/<key>.json`, one file per value, `{ "format": 1, "version": n, "module", "key", "data" }`, `version` climbing
// with each write. Writes are atomic. What can't be read is set aside under another name and told of; nothing is ever written over it.

import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../protocol/problem.ts'
import type { SavedData, SavedEntry } from '../protocol/saved.ts'
import { isModuleName } from './manifest.ts'
import { resolveInside } from './workspace-paths.ts'

/** Of the workspace. */
const savedFolder = 'data'
const format = 1

/** Relative to the workspace. */
export const savedPath = ({ module, key }: Pick<SavedEntry, 'module' | 'key'>): string =>
  `${savedFolder}/${module}/${encodeURIComponent(key)}.json`

/** Whether a change of this file is one of saved data. */
export const isSavedPath = (path: string): boolean => path.startsWith(`${savedFolder}/`)

type ReadFile =
  | { readonly kind: 'saved'; readonly entry: SavedEntry; readonly version: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }

/** The text of a file of saved data, checked in full. */
export const readSavedText = (text: string, path: string): Exclude<ReadFile, { kind: 'missing' }> => {
  const unreadable = (why: string) => ({ kind: 'unreadable', why }) as const
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return unreadable(`it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return unreadable('it holds no object')
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const { format: found, version, module, key } = fields
  if (found !== format)
    return unreadable(`its "format" is ${JSON.stringify(found) ?? 'missing'}, and this Coppice reads ${format}`)
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return unreadable(`its "version" must be a whole number from 1, not ${JSON.stringify(version) ?? 'missing'}`)
  if (typeof module !== 'string' || !isModuleName(module)) return unreadable('its "module" is no name of a module')
  if (typeof key !== 'string') return unreadable('its "key" must be a text')
  if (!('data' in value)) return unreadable('its "data" is missing')
  if (savedPath({ module, key }) !== path)
    return unreadable(`it says it is "${key}" of ${module}, whose place is ${savedPath({ module, key })}`)
  return { kind: 'saved', entry: { module, key, data: fields['data'] }, version }
}

/** The saved data of one workspace. Calls must not overlap. */
export class SavedFiles {
  readonly #folder: string
  readonly #problems = new Map<string, Problem>()

  /** `folder` is the workspace's, absolute. */
  constructor(folder: string) {
    this.#folder = folder
  }

  get problems(): readonly Problem[] {
    return [...this.#problems.values()]
  }

  /** All there is. What can't be read is set aside. */
  async read(): Promise<SavedData> {
    const saved = new Map<string, [string, unknown][]>()
    for (const module of await this.#namesIn(savedFolder)) {
      for (const name of await this.#namesIn(`${savedFolder}/${module}`)) {
        if (!name.endsWith('.json')) continue
        const path = `${savedFolder}/${module}/${name}`
        const read = await this.#readFile(path)
        // Where that fails too, it has been told.
        if (read.kind === 'unreadable') await this.#setAside(path, read.why).catch(() => undefined)
        if (read.kind !== 'saved') continue
        const { entry } = read
        saved.set(entry.module, [...(saved.get(entry.module) ?? []), [entry.key, entry.data]])
      }
    }
    return Object.fromEntries([...saved].map(([module, values]) => [module, Object.fromEntries(values)]))
  }

  /** Writes all that can be written; what can't is a problem. Gives the paths written. */
  async write(entries: readonly SavedEntry[]): Promise<readonly string[]> {
    const written: string[] = []
    for (const entry of entries) {
      const path = savedPath(entry)
      try {
        await this.#write(path, entry)
        this.#problems.delete(`saved:${path}`)
        written.push(path)
      } catch (error) {
        const message = `"${entry.key}" of ${entry.module} could not be saved: ${error instanceof Error ? error.message : String(error)}`
        this.#tell(path, 'error', message, 'The file is as it was')
      }
    }
    return written
  }

  async #write(path: string, entry: SavedEntry): Promise<void> {
    const file = resolveInside(this.#folder, path)
    const before = await this.#readFile(path)
    if (before.kind === 'unreadable') await this.#setAside(path, before.why)
    const version = before.kind === 'saved' ? before.version + 1 : 1
    const text = `${JSON.stringify({ format, version, module: entry.module, key: entry.key, data: entry.data }, undefined, 2)}\n`
    await mkdir(join(file, '..'), { recursive: true })
    const temporary = `${file}.${randomBytes(4).toString('hex')}~`
    try {
      await writeFile(temporary, text, { flag: 'wx' })
      await rename(temporary, file)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #readFile(path: string): Promise<ReadFile> {
    try {
      return readSavedText(await readFile(resolveInside(this.#folder, path), 'utf8'), path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'missing' }
      return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Under a name that is free: what was set aside before stays too. */
  async #setAside(path: string, why: string): Promise<void> {
    const names = new Set(await this.#namesIn(path.slice(0, path.lastIndexOf('/'))))
    const base = `${path.slice(path.lastIndexOf('/') + 1)}.unreadable`
    let name = base
    for (let count = 2; names.has(name); count++) name = `${base}-${count}`
    const aside = `${path.slice(0, path.lastIndexOf('/'))}/${name}`
    try {
      await rename(join(this.#folder, path), join(this.#folder, aside))
      this.#tell(
        aside,
        'warning',
        `${path} could not be read: ${why}.`,
        `It was set aside as ${aside}; the module starts without it`,
      )
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      this.#tell(path, 'error', `${path} could not be read: ${why}; nor set aside: ${cause}.`, 'It is left as it is')
      throw error
    }
  }

  async #namesIn(folder: string): Promise<readonly string[]> {
    const found = await readdir(join(this.#folder, folder)).catch(() => [])
    return found.toSorted((left, right) => (left < right ? -1 : 1))
  }

  #tell(file: string, severity: Problem['severity'], message: string, consequence: string): void {
    const id = `saved:${file}`
    this.#problems.set(id, { id, source: 'saved', severity, message, file, consequence })
  }
}
