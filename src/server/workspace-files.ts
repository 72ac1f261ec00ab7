// The files of one workspace: list, read, write, create, rename, delete, duplicate. Knows nothing of Vite, revisions or
// connections: each operation answers with what changed on disk. Saves are atomic (WS2), paths stay inside (WS1).

import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { copyFile, cp, lstat, mkdir, readFile, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CoppiceError } from '../protocol/errors.ts'
import type { ContentHash } from '../protocol/values.ts'
import {
  type FileConflict,
  type FileContent,
  type FileEdit,
  type FileEntry,
  maxTextBytes,
} from '../protocol/workspace.ts'
import { hashOf } from './content-hash.ts'
import { isMissing, readBytes } from './source-bytes.ts'
import { isIgnoredPath, pathInside, resolveEntry, resolveInside } from './workspace-paths.ts'

/** More entries than this are not listed: somebody opened a home folder. */
const maxEntries = 5_000

/** One file that an operation changed. `path` is relative to the workspace. */
export interface FileChange {
  readonly path: string
  readonly kind: 'created' | 'changed' | 'deleted'
  readonly hash?: ContentHash
}

const failure = (error: unknown, what: string): CoppiceError =>
  error instanceof CoppiceError
    ? error
    : new CoppiceError('io', `${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })

/** The text of a file, or undefined where its bytes are not text. A byte order mark stays. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  if (bytes.subarray(0, 8_192).includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

interface PlannedWrite {
  readonly path: string
  readonly file: string
  readonly text: string
  readonly old: Buffer | undefined
  readonly hash: ContentHash
}

export class WorkspaceFiles {
  /** Absolute, links resolved. */
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Files and folders in order of path, ignored ones left out; links only where they lead to a file inside. */
  async list(): Promise<readonly FileEntry[]> {
    const entries: FileEntry[] = []
    const visit = async (folder: string, prefix: string): Promise<void> => {
      const found = await readdir(folder, { withFileTypes: true }).catch(() => [])
      for (const item of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = prefix + item.name
        if (entries.length >= maxEntries || isIgnoredPath(path)) continue
        if (item.isDirectory()) {
          entries.push({ path, kind: 'folder', size: 0 })
          await visit(join(folder, item.name), `${path}/`)
        } else {
          const entry = await this.entry(path)
          if (entry !== undefined) entries.push(entry)
        }
      }
    }
    await visit(this.folder, '')
    return entries
  }

  /** One file's or folder's entry; undefined where there is none, or a link leads out. */
  async entry(path: string): Promise<FileEntry | undefined> {
    const full = join(this.folder, path)
    const found = await stat(full).catch(() => undefined)
    if (found === undefined) return undefined
    if (pathInside(this.folder, await realpath(full)) === undefined) return undefined
    if (found.isDirectory()) return { path, kind: 'folder', size: 0 }
    return found.isFile() ? { path, kind: 'file', size: found.size } : undefined
  }

  /** Throws `file-not-found`; binary and large files come without text. */
  async read(path: string): Promise<FileContent> {
    const file = resolveInside(this.folder, path)
    try {
      const found = await stat(file)
      if (!found.isFile()) throw new CoppiceError('invalid-argument', `${path} is a folder, not a file.`)
      const bytes = await readFile(file)
      const hash = hashOf(bytes)
      if (bytes.length > maxTextBytes) return { path, kind: 'too-large', size: bytes.length, hash }
      const text = decodeText(bytes)
      return text === undefined
        ? { path, kind: 'binary', size: bytes.length, hash }
        : { path, kind: 'text', text, hash }
    } catch (error) {
      if (isMissing(error)) throw new CoppiceError('file-not-found', `${path} does not exist.`, { cause: error })
      throw failure(error, `${path} could not be read`)
    }
  }

  /** Hash of what is on disk; undefined where there is no such file. */
  async hash(path: string): Promise<ContentHash | undefined> {
    const bytes = await readFile(join(this.folder, path)).catch(() => undefined)
    return bytes === undefined ? undefined : hashOf(bytes)
  }

  /** Throws `file-conflict` where an edit started from another text than the one on disk; nothing is written then. */
  checkBases(edits: readonly FileEdit[]): void {
    this.#plan(edits)
  }

  /**
   * Writes all or none, each by a temporary file and a rename, keeping modes. Files that already have the text are not
   * touched and not named in the answer. Throws `file-conflict` with `FileConflict` as details.
   */
  async write(edits: readonly FileEdit[]): Promise<readonly FileChange[]> {
    const planned = this.#plan(edits).filter(({ old, hash }) => old === undefined || hashOf(old) !== hash)
    const staged: { readonly write: PlannedWrite; readonly temporary: string }[] = []
    const done: PlannedWrite[] = []
    try {
      for (const write of planned) {
        mkdirSync(dirname(write.file), { recursive: true })
        const temporary = join(dirname(write.file), `.${basename(write.file)}.${randomBytes(4).toString('hex')}~`)
        staged.push({ write, temporary })
        writeFileSync(temporary, write.text, { flag: 'wx' })
        if (write.old !== undefined) chmodSync(temporary, statSync(write.file).mode & 0o7777)
      }
      for (const { write, temporary } of staged) {
        renameSync(temporary, write.file)
        done.push(write)
      }
    } catch (error) {
      for (const { temporary } of staged) rmSync(temporary, { force: true })
      for (const { file, old } of done) {
        if (old === undefined) rmSync(file, { force: true })
        else writeFileSync(file, old)
      }
      throw failure(error, `Nothing was saved: ${planned.map(({ path }) => path).join(', ')}`)
    }
    return planned.map(({ path, old, hash }) => ({ path, kind: old === undefined ? 'created' : 'changed', hash }))
  }

  /** Throws `file-exists`. */
  async create(path: string, text: string): Promise<readonly FileChange[]> {
    await this.#refuseExisting(path)
    return this.write([{ path, text }])
  }

  /** A file or a folder with all in it. Throws `file-not-found`, `file-exists`. */
  async rename(from: string, to: string): Promise<readonly FileChange[]> {
    const source = resolveEntry(this.folder, from)
    const before = await this.#filesUnder(from)
    await this.#refuseExisting(to)
    const target = resolveEntry(this.folder, to)
    if (pathInside(source, target) !== undefined)
      throw new CoppiceError('invalid-argument', `${from} can't be moved into itself.`)
    try {
      await mkdir(dirname(target), { recursive: true })
      await rename(source, target)
    } catch (error) {
      throw failure(error, `${from} could not be renamed`)
    }
    const created = await Promise.all(before.map((path) => this.#created(to + path.slice(from.length))))
    return [...before.map((path) => ({ path, kind: 'deleted' as const })), ...created]
  }

  /** A file, a link (not what it leads to), or a folder with all in it. Throws `file-not-found`. */
  async delete(path: string): Promise<readonly FileChange[]> {
    const target = resolveEntry(this.folder, path)
    const before = await this.#filesUnder(path)
    try {
      await rm(target, { recursive: true })
    } catch (error) {
      throw failure(error, `${path} could not be deleted`)
    }
    return before.map((each) => ({ path: each, kind: 'deleted' }))
  }

  /** Throws `file-not-found`, `file-exists`. */
  async duplicate(path: string, to: string): Promise<readonly FileChange[]> {
    const source = resolveInside(this.folder, path)
    const before = await this.#filesUnder(path)
    await this.#refuseExisting(to)
    const target = resolveInside(this.folder, to)
    if (pathInside(source, target) !== undefined)
      throw new CoppiceError('invalid-argument', `${path} can't be copied into itself.`)
    try {
      await mkdir(dirname(target), { recursive: true })
      if ((await stat(source)).isDirectory()) await cp(source, target, { recursive: true, verbatimSymlinks: true })
      else await copyFile(source, target)
    } catch (error) {
      throw failure(error, `${path} could not be copied`)
    }
    return Promise.all(before.map((each) => this.#created(to + each.slice(path.length))))
  }

  #plan(edits: readonly FileEdit[]): readonly PlannedWrite[] {
    const planned: PlannedWrite[] = []
    for (const { path, text, base } of edits) {
      const file = resolveInside(this.folder, path)
      if (planned.some((other) => other.file === file))
        throw new CoppiceError('invalid-argument', `${path} stands twice among the edits.`)
      const old = this.#before(path, file)
      const hash = hashOf(text)
      const onDiskHash = hashOf(old ?? '')
      if (base !== undefined && (old === undefined || onDiskHash !== base) && onDiskHash !== hash) {
        const details: FileConflict = {
          path,
          yours: text,
          onDisk: decodeText(old ?? Buffer.alloc(0)) ?? '',
          onDiskHash,
        }
        const what = old === undefined ? 'was deleted' : 'changed'
        throw new CoppiceError(
          'file-conflict',
          `${path} ${what} on disk since it was read. Nothing was saved; choose which text stays.`,
          { details },
        )
      }
      planned.push({ path, file, text, old, hash })
    }
    return planned
  }

  #before(path: string, file: string): Buffer | undefined {
    try {
      return readBytes(file)
    } catch (error) {
      throw failure(error, `${path} could not be read`)
    }
  }

  async #refuseExisting(path: string): Promise<void> {
    const there = await lstat(resolveEntry(this.folder, path)).catch(() => undefined)
    if (there !== undefined) throw new CoppiceError('file-exists', `${path} exists already. Choose another name.`)
  }

  async #created(path: string): Promise<FileChange> {
    const hash = await this.hash(path)
    return hash === undefined ? { path, kind: 'created' } : { path, kind: 'created', hash }
  }

  /** The files an entry stands for: itself, or all in a folder. Throws `file-not-found`. */
  async #filesUnder(path: string): Promise<readonly string[]> {
    const found = await lstat(resolveEntry(this.folder, path)).catch(() => undefined)
    if (found === undefined) throw new CoppiceError('file-not-found', `${path} does not exist.`)
    if (!found.isDirectory()) return [path]
    const all = await this.list()
    return all.filter((entry) => entry.kind === 'file' && entry.path.startsWith(`${path}/`)).map((entry) => entry.path)
  }
}
