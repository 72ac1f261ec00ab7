// What each reload changed, as source texts before and after. The texts a program was made from stand in the code store:
// their source maps carry the sources. Files without code there (engine.json, data, what did not compile) are read from
// the server when their revision comes, and kept.

import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { FileEntry } from '../protocol/workspace.ts'
import type { CodeStore } from './code-store.ts'
import type { VersionEntries } from './program-problems.ts'

/** One file that a reload changed. Undefined: there was no such file, or its text was not kept. */
export interface SourceChange {
  readonly file: string
  readonly before: string | undefined
  readonly after: string | undefined
}

interface KeptReload {
  readonly before: readonly ContentHash[]
  readonly after: readonly ContentHash[]
  readonly revision: number | undefined
}

/** As many as the page lists, twice over. */
const maxReloads = 400

const maxDataFiles = 50
const maxDataBytes = 64 * 1024
const isDataText = (file: FileEntry): boolean =>
  file.kind === 'file' &&
  file.size <= maxDataBytes &&
  /\.(json|glsl|vert|frag|wgsl|csv|txt)$/.test(file.path) &&
  !file.path.split('/').some((part) => part === 'node_modules' || part.startsWith('.'))

export interface SourceChangesParts {
  readonly store: CodeStore
  /** The text on disk; undefined where there is none, or it is no text. */
  readonly read: (path: string) => Promise<string | undefined>
}

export class SourceChanges {
  readonly #parts: SourceChangesParts
  readonly #reloads = new Map<number, KeptReload>()
  /** Read texts of a revision: settled when all its files are there. */
  readonly #read = new Map<number, Promise<readonly SourceChange[]>>()
  /** Newest text of files that are no code. */
  readonly #latest = new Map<string, string>()
  /** One file is read after the other, so that each knows the text before its own. */
  #reading: Promise<unknown> = Promise.resolve()

  constructor(parts: SourceChangesParts) {
    this.#parts = parts
  }

  /** A workspace was opened: files that are no code are read, to know what they were before their first change. */
  open(files: readonly FileEntry[]): void {
    this.#latest.clear()
    const paths = files.filter(isDataText).map((file) => file.path)
    this.#reading = this.#reading.then(async () => {
      for (const path of paths.slice(0, maxDataFiles)) this.#remember(path, await this.#parts.read(path))
    })
  }

  /** Call before the engine is given the revision: what is not code is read now, before it changes again. */
  revisionCame(revision: ProgramRevision): void {
    if (revision.trigger === 'open' || revision.changedFiles.length === 0) return
    const entries = revision.modules.flatMap((code) => ('entry' in code ? [code.entry] : []))
    const code = this.#sources(entries)
    const others = revision.changedFiles.filter((file) => !code.has(file))
    if (others.length === 0) return
    const reading = this.#reading.then(async () => {
      const changes: SourceChange[] = []
      for (const file of others) {
        const before = this.#latest.get(file)
        const after = await this.#parts.read(file)
        this.#remember(file, after)
        changes.push({ file, before, after })
      }
      return changes
    })
    this.#reading = reading
    this.#read.set(revision.revision, reading)
    drop(this.#read)
  }

  /** A receipt came, new or changed. `revision` is the one it names. */
  receiptCame(receipt: Receipt, revision: ProgramRevision | undefined, versions: VersionEntries): void {
    const before: ContentHash[] = []
    const after: ContentHash[] = []
    for (const { name, from, to } of receipt.modules) {
      const old = from === undefined ? undefined : versions.of(name, from)
      const code = revision?.modules.find((candidate) => candidate.module === name)
      const wanted = code !== undefined && 'entry' in code ? code.entry : undefined
      const now = to === undefined ? wanted : (versions.of(name, to) ?? wanted)
      if (old !== undefined) before.push(old)
      if (now !== undefined) after.push(now)
    }
    this.#reloads.set(receipt.id, { before, after, revision: receipt.revision })
    drop(this.#reloads)
  }

  /** Files whose text differs, by path; empty where nothing is known of the reload. */
  async of(receipt: Receipt): Promise<readonly SourceChange[]> {
    const reload = this.#reloads.get(receipt.id)
    if (reload === undefined) return []
    const before = this.#sources(reload.before)
    const after = this.#sources(reload.after)
    const changes = new Map<string, SourceChange>()
    for (const file of new Set([...before.keys(), ...after.keys()])) {
      const change = { file, before: before.get(file), after: after.get(file) }
      // One side empty is code that never ran or did not compile, but for a module that came or went as a whole.
      if (change.before !== change.after && before.size > 0 && after.size > 0) changes.set(file, change)
    }
    for (const change of (await this.#readOf(reload.revision)) ?? []) {
      const ran = before.get(change.file) ?? change.before
      if (ran !== change.after) changes.set(change.file, { ...change, before: ran })
    }
    if (changes.size === 0 && before.size === 0)
      for (const [file, text] of after)
        if (receipt.changedFiles.includes(file)) changes.set(file, { file, before: undefined, after: text })
    return [...changes.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1))
  }

  #readOf(revision: number | undefined): Promise<readonly SourceChange[]> | undefined {
    return revision === undefined ? undefined : this.#read.get(revision)
  }

  #remember(path: string, text: string | undefined): void {
    if (text === undefined) this.#latest.delete(path)
    else this.#latest.set(path, text)
  }

  /** Sources of the workspace's files that the entries reach, by path. */
  #sources(entries: readonly ContentHash[]): ReadonlyMap<string, string> {
    const sources = new Map<string, string>()
    for (const text of entries.flatMap((entry) => this.#parts.store.reach(entry))) {
      const source = sources.has(text.file) ? undefined : sourceOf(text)
      if (source !== undefined) sources.set(text.file, source)
    }
    return sources
  }
}

/** Of other files the text that was made of them is known, not their own. */
const ownSource = /\.([mc]?[jt]sx?|json)$/

/** The author's text of a workspace file; packages have none here. */
const sourceOf = (text: CodeText): string | undefined => {
  if (text.map === undefined || text.file.includes('node_modules/') || !ownSource.test(text.file)) return undefined
  const map: unknown = JSON.parse(text.map)
  if (typeof map !== 'object' || map === null || !('sourcesContent' in map)) return undefined
  const contents: unknown = map.sourcesContent
  if (!Array.isArray(contents) || contents.length !== 1) return undefined
  const content: unknown = contents[0]
  return typeof content === 'string' ? content : undefined
}

const drop = (map: Map<number, unknown>): void => {
  for (const key of map.keys()) {
    if (map.size <= maxReloads) return
    map.delete(key)
  }
}
