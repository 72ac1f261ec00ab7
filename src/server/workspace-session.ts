// One opened workspace: its files, what is laid over them, its revisions, and the connections that follow it. All that
// changes it goes through one queue, so that a save and an edit on disk never overlap.
//
//   save ──► files.write ──► Vite told at once ──┐
//   disk ──► Vite's watcher ──► collector 10 ms ─┴─► look (echo?) ──► revisions.revise ──► push to connections

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ReloadTrigger } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { SavedContent, SavedEntry, SavedWrite } from '../protocol/saved.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { FileEdit, FileEntry, SaveResult, ServerPush } from '../protocol/workspace.ts'
import { CodeGraph } from './code-graph.ts'
import { Collector, type GatheredChanges, quietMs } from './collector.ts'
import { editTitle } from './edit-title.ts'
import type { EngineCode } from './engine-code.ts'
import { writeModulesTypes } from './generated-types.ts'
import { KnownContents, type SeenChange } from './known-contents.ts'
import { manifestFile } from './manifest-reader.ts'
import { readManifest } from './manifest.ts'
import { type RevisionContent, Revisions } from './revisions.ts'
import { type FileChange, WorkspaceFiles, decodeText } from './workspace-files.ts'
import { isSavedPath, SavedFiles } from './saved-files.ts'
import { bytesThere } from './source-bytes.ts'
import { WatchStart } from './watch-start.ts'
import { WriterLease } from './writer-lease.ts'
import { isIgnoredPath, resolveInside } from './workspace-paths.ts'

/**
 * The watcher drops a second change of a file within 50 ms of the first, and a program may be caught half way through
 * writing: what changed is looked at once more after that.
 */
const recheckMs = 75

/** A program that writes without end is not waited for longer than this often. */
const maxLooks = 20

/** A connection that opened this workspace. */
export interface Follower {
  /** Hashes of the texts it has. */
  readonly known: Set<ContentHash>
  push(push: ServerPush): void
}

export class WorkspaceSession {
  readonly files: WorkspaceFiles
  readonly revisions: Revisions
  readonly saved: SavedFiles
  readonly #engineCode: EngineCode
  readonly #contents: KnownContents
  readonly #collector: Collector
  readonly #watchStart: WatchStart
  readonly #overlays = new Map<string, string>()
  readonly #followers = new Set<Follower>()
  readonly #lease = new WriterLease<Follower>()
  #entries: readonly FileEntry[] = []
  #queue: Promise<unknown> = Promise.resolve()
  #isOpen = false
  readonly #toRecheck = new Set<string>()
  #recheckTimer: NodeJS.Timeout | undefined

  /** `folder` is absolute with links resolved. */
  constructor(folder: string, engineCode: EngineCode) {
    this.files = new WorkspaceFiles(folder)
    this.saved = new SavedFiles(folder)
    this.#engineCode = engineCode
    this.#contents = new KnownContents(folder)
    this.#collector = new Collector(
      (changes) => void this.#serially(() => this.#takeFromDisk(changes)).catch(engineCode.reportError),
    )
    this.#watchStart = new WatchStart(() => this.#findMissed(), engineCode.reportError)
    const graph = new CodeGraph(engineCode.environment, folder, (file) => this.#readSource(file))
    this.revisions = new Revisions(
      {
        paths: () => this.#entries.flatMap(({ path, kind }) => (kind === 'file' ? [path] : [])),
        readText: (path) => this.#readSource(join(folder, path)),
        exists: (path) => existsSync(resolveInside(folder, path)),
      },
      graph,
    )
  }

  get folder(): string {
    return this.files.folder
  }

  /** Where the dev server runs: its packages serve the workspace that has none of that name. */
  get projectFolder(): string {
    return this.#engineCode.environment.config.root
  }

  get entries(): readonly FileEntry[] {
    return this.#entries
  }

  /** The text laid over a file, by its absolute path. */
  overlayOf(file: string): string | undefined {
    return this.#overlays.get(file)
  }

  /** The workspace as it is now; the follower is told of all that comes after. */
  open(follower: Follower): Promise<RevisionContent> {
    return this.#serially(async () => {
      if (!this.#isOpen) {
        this.#isOpen = true
        this.#engineCode.watch(this.folder)
        this.#entries = await this.files.list()
        await Promise.all(
          this.#entries.filter(({ kind }) => kind === 'file').map(({ path }) => this.#contents.look(path)),
        )
        this.#watchStart.start()
      }
      const waiting = this.#collector.take()
      if (waiting !== undefined) await this.#takeFromDisk(waiting)
      await this.#revise('open', 'opened', [], 0)
      this.#followers.add(follower)
      this.#lease.ask(follower)
      const { current } = this.revisions
      if (current === undefined) throw new CoppiceError('internal', 'A workspace was opened without a revision.')
      return current
    })
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower)
    const next = this.#lease.leave(follower)
    next?.push({ type: 'saved-lease', isWriter: true })
  }

  /** Vite says a file changed; own writes that are still under way are no news. `path` is relative to the workspace. */
  noteFile(path: string): void {
    if (this.#isOpen && !isIgnoredPath(path)) this.#collector.noteFile(path)
  }

  notePackages(): void {
    if (this.#isOpen) this.#collector.notePackages()
  }

  /** All or none; with `persist: false` the texts run and are not written. */
  save(
    edits: readonly FileEdit[],
    options: { readonly persist?: boolean; readonly writeId?: string } = {},
  ): Promise<SaveResult> {
    return this.#serially(() =>
      options.persist === false
        ? this.#lay(edits)
        : this.#change(() => this.files.write(edits), edits, options.writeId),
    )
  }

  /** Any other operation on files: what it answers with has changed. */
  change(operation: () => Promise<readonly FileChange[]>, writeId?: string): Promise<SaveResult> {
    return this.#serially(() => this.#change(operation, [], writeId))
  }

  /** Lays a manifest entry over engine.json. */
  layEntry(entry: ManifestModule): Promise<SaveResult> {
    return this.#serially(async () => {
      this.revisions.layEntry(entry)
      return this.#answer([], await this.#revise('command', `load ${entry.name}`, [], 0, entry.name))
    })
  }

  /** The saved data as it is on disk. */
  readSaved(follower: Follower): Promise<SavedContent> {
    return this.#serially(() => this.#savedFor(follower))
  }

  /** Keeps values, where this follower is the one that writes. */
  writeSaved(entries: readonly SavedEntry[], follower: Follower): Promise<SavedWrite> {
    return this.#serially(async () => {
      const isWriter = this.#lease.isHeldBy(follower)
      if (isWriter) await this.#pushFiles(await this.#look(await this.saved.write(entries)), undefined, follower)
      return { isWriter, problems: this.saved.problems }
    })
  }

  dispose(): void {
    clearTimeout(this.#recheckTimer)
    this.#watchStart.dispose()
    this.#collector.dispose()
    this.#followers.clear()
  }

  /** The text of a file, laid over or on disk; `file` is absolute. */
  async #readSource(file: string): Promise<string | undefined> {
    const overlay = this.#overlays.get(file)
    if (overlay !== undefined) return overlay
    const bytes = bytesThere(file)
    return bytes === undefined ? undefined : decodeText(bytes)
  }

  async #change(
    operation: () => Promise<readonly FileChange[]>,
    edits: readonly FileEdit[],
    writeId: string | undefined,
  ): Promise<SaveResult> {
    const start = performance.now()
    const changes = await operation()
    // A text that was only laid over is on disk now, or given up for the one that is.
    const laidOver = edits
      .map(({ path }) => path)
      .filter((path) => this.#overlays.delete(resolveInside(this.folder, path)))
    const alsoOnDisk = this.#collector.take()?.paths ?? []
    const paths = [...new Set([...changes.map(({ path }) => path), ...laidOver])]
    await this.#engineCode.announce(changes.map(({ path, kind }) => ({ file: join(this.folder, path), kind })))
    for (const path of laidOver) this.#engineCode.invalidate(join(this.folder, path))
    const seen = await this.#look([...new Set([...paths, ...alsoOnDisk])])
    const isManifestOnly = seen.length > 0 && seen.every(({ path }) => path === manifestFile)
    const revision = await this.#revise(
      isManifestOnly ? 'manifest' : 'save',
      editTitle(seen),
      [...new Set([...paths, ...seen.map(({ path }) => path)])],
      performance.now() - start,
    )
    await this.#pushFiles(seen, writeId)
    const written = edits.map(({ path }) => ({ path, hash: changes.find((change) => change.path === path)?.hash }))
    const others = changes.filter(({ path, kind }) => kind !== 'deleted' && !edits.some((edit) => edit.path === path))
    return this.#answer([...written, ...others], revision)
  }

  async #lay(edits: readonly FileEdit[]): Promise<SaveResult> {
    this.files.checkBases(edits)
    const seen: SeenChange[] = []
    for (const { path, text } of edits) {
      const file = resolveInside(this.folder, path)
      if (!existsSync(file))
        throw new CoppiceError(
          'file-not-found',
          `${path} does not exist: only a file on disk can have a text laid over it.`,
        )
      seen.push({ path, kind: 'changed', before: await this.#readSource(file), after: text })
      this.#overlays.set(file, text)
      this.#engineCode.invalidate(file)
    }
    const paths = edits.map(({ path }) => path)
    return this.#answer([], await this.#revise('save', editTitle(seen), paths, 0))
  }

  /** Changes that another program made; echoes of own writes end here. */
  async #takeFromDisk({ paths, hasPackages, since }: GatheredChanges): Promise<void> {
    const seen = await this.#look(await this.#allWritten(paths))
    if (seen.length === 0 && !hasPackages) return
    for (const { path } of seen) this.#overlays.delete(join(this.folder, path))
    const isManifestOnly = seen.length > 0 && seen.every(({ path }) => path === manifestFile)
    const title = seen.length === 0 && hasPackages ? 'packages' : editTitle(seen)
    // What modules saved is no code: they find it at the next reset.
    if (seen.length > 0 && seen.every(({ path }) => isSavedPath(path))) return this.#pushFiles(seen, undefined)
    await this.#revise(
      isManifestOnly ? 'manifest' : 'disk',
      title,
      seen.map(({ path }) => path),
      performance.now() - since,
    )
    await this.#pushFiles(seen, undefined)
  }

  /**
   * These, and what else differs from what was last seen: where another branch is checked out, the watcher tells of its
   * files one after another, with pauses. Looked again until nothing more is written.
   */
  async #allWritten(paths: readonly string[]): Promise<readonly string[]> {
    const all = new Set(paths)
    for (let look = 0; look < maxLooks; look++) {
      const more = (await this.#contents.differing([])).filter((path) => !all.has(path))
      if (more.length === 0) break
      for (const path of more) all.add(path)
      await pause(quietMs)
    }
    return [...all]
  }

  #recheckLater(paths: readonly string[]): void {
    for (const path of paths) this.#toRecheck.add(path)
    clearTimeout(this.#recheckTimer)
    this.#recheckTimer = setTimeout(() => void this.#recheck().catch(this.#engineCode.reportError), recheckMs)
  }

  async #recheck(): Promise<void> {
    const paths = [...this.#toRecheck]
    this.#toRecheck.clear()
    for (const path of paths) if ((await this.files.hash(path)) !== this.#contents.hash(path)) this.#tell(path)
  }

  /** What the watcher did not follow yet when it changed. Resolves with whether it follows all now. */
  async #findMissed(): Promise<boolean> {
    const paths = (await this.files.list()).flatMap(({ path, kind }) => (kind === 'file' ? [path] : []))
    const isFollowed = this.#engineCode.follows(this.folder, paths)
    for (const path of await this.#contents.differing(paths)) this.#tell(path)
    return isFollowed
  }

  #tell(path: string): void {
    this.#engineCode.tell(join(this.folder, path), this.#contents.hash(path) === undefined)
  }

  async #look(paths: readonly string[]): Promise<readonly SeenChange[]> {
    this.#recheckLater(paths)
    const seen = (await Promise.all(paths.map((path) => this.#contents.look(path)))).filter(
      (change) => change !== undefined,
    )
    // What Vite transformed may be older than what is seen now, however few events came between.
    for (const { path } of seen) this.#engineCode.invalidate(join(this.folder, path))
    if (seen.some(({ kind }) => kind !== 'changed')) this.#entries = await this.files.list()
    if (seen.some(({ path }) => path === manifestFile)) {
      const text = this.#contents.text(manifestFile)
      if (text !== undefined) this.revisions.forgetEntries(readManifest(text).manifest.modules.map(({ name }) => name))
    }
    return seen
  }

  async #revise(
    trigger: ReloadTrigger,
    title: string,
    changedFiles: readonly string[],
    collectMs: number,
    asked?: string,
  ): Promise<RevisionContent | undefined> {
    const previous = this.revisions.current
    const revision = await this.revisions.revise({
      trigger,
      title,
      changedFiles,
      collectMs,
      ...(asked === undefined ? {} : { asked }),
    })
    if (revision === undefined) return undefined
    for (const follower of this.#followers)
      follower.push({ type: 'revision', revision: this.forFollower(revision, follower) })
    if (JSON.stringify(previous?.manifest.modules) !== JSON.stringify(revision.manifest.modules)) {
      await writeModulesTypes(this.folder, revision.manifest)
      this.#push({ type: 'type-libraries-changed' })
    }
    return revision
  }

  /** A revision with the texts that the follower lacks; it counts as sent. */
  forFollower(
    revision: RevisionContent,
    follower: Follower,
  ): RevisionContent & { readonly texts: ReturnType<Revisions['currentTexts']> } {
    const texts = this.revisions.currentTexts().filter(({ hash }) => !follower.known.has(hash))
    for (const { hash } of texts) follower.known.add(hash)
    return { ...revision, texts }
  }

  async #savedFor(follower: Follower): Promise<SavedContent> {
    const saved = await this.saved.read()
    return { saved, problems: this.saved.problems, isWriter: this.#lease.isHeldBy(follower) }
  }

  /** `saver`: the changes are what its program saved; else whoever changed saved data, all are told. */
  async #pushFiles(seen: readonly SeenChange[], writeId: string | undefined, saver?: Follower): Promise<void> {
    if (seen.length === 0) return
    if (seen.every(({ kind }) => kind === 'changed')) {
      const fresh = new Map(
        await Promise.all(seen.map(async ({ path }) => [path, await this.files.entry(path)] as const)),
      )
      this.#entries = this.#entries.map((entry) => fresh.get(entry.path) ?? entry)
    }
    const changes = seen.map(({ path, kind, hash }) => ({ path, kind, ...(hash === undefined ? {} : { hash }) }))
    this.#push({ type: 'files-changed', changes, files: this.#entries, ...(writeId === undefined ? {} : { writeId }) })
    if (!seen.some(({ path }) => isSavedPath(path))) return
    for (const follower of this.#followers)
      if (follower !== saver) follower.push({ type: 'saved', content: await this.#savedFor(follower) })
  }

  async #answer(
    files: readonly { readonly path: string; readonly hash?: ContentHash | undefined }[],
    revision: RevisionContent | undefined,
  ): Promise<SaveResult> {
    const hashes = await Promise.all(
      files.map(async ({ path, hash }) => ({ path, hash: hash ?? (await this.files.hash(path)) })),
    )
    const known = hashes.flatMap(({ path, hash }) => (hash === undefined ? [] : [{ path, hash }]))
    return { files: known, ...(revision === undefined ? {} : { revision: revision.revision }) }
  }

  #push(push: ServerPush): void {
    for (const follower of this.#followers) follower.push(push)
  }

  #serially<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }
}
