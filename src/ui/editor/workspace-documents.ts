// The workspace's files as the editor holds them: one DocumentState and one Monaco model each. Files the TypeScript service
// needs are held whether or not they are open; others from when they are opened. Follows the disk by reading again.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { FileEntry } from '../../protocol/workspace.ts'
import type { ContentHash } from '../../protocol/values.ts'
import type { DocumentEvent, DocumentState } from './document-state.ts'
import { newDocument, nextDocument } from './document-state.ts'
import type { KeptText } from './kept-texts.ts'
import { monaco } from './monaco-setup.ts'
import { createTextModel, isScript, modelText, replaceText } from './text-model.ts'
import type { TypeService } from './type-service.ts'

interface HeldDocument {
  state: DocumentState
  model: monaco.editor.ITextModel | undefined
  /** The model's text when it last equalled the base: mixed line ends are evened out by the model and are no edit. */
  shownBase: string | undefined
  /** Climbs with each read begun, so that an overtaken answer is dropped. */
  reads: number
  /** The newest read under way or done. */
  loaded: Promise<void>
}

export interface DocumentsOptions {
  readonly client: CoppiceClient
  readonly workspace: string
  readonly types: TypeService
  /** Is a tab open for it? Such a file is kept when it goes from the disk. */
  readonly isOpen: (path: string) => boolean
  /** A file's state changed, or its text did. */
  readonly changed: (path: string, state: DocumentState) => void
  /** A file is no longer held. */
  readonly removed: (path: string) => void
  readonly renamed: (from: string, to: string) => void
  /** The disk's text is about to take the place of the model's; returns what to do afterwards. */
  readonly aroundFollow: (path: string, text: string) => () => void
}

const maximumBackgroundBytes = 512 * 1024
const maximumBackgroundFiles = 400

const isBackground = (entry: FileEntry): boolean =>
  entry.kind === 'file' &&
  entry.size <= maximumBackgroundBytes &&
  (isScript(entry.path) || entry.path.endsWith('.json')) &&
  !entry.path.split('/').some((part) => part === 'node_modules' || part.startsWith('.'))

export class WorkspaceDocuments {
  readonly #options: DocumentsOptions
  readonly #held = new Map<string, HeldDocument>()
  #isDisposed = false

  constructor(options: DocumentsOptions) {
    this.#options = options
  }

  /** Brings all that is held in line with the workspace's files, at opening and after a reconnect. */
  async setFiles(files: readonly FileEntry[]): Promise<void> {
    const present = new Set(files.map((file) => file.path))
    for (const path of this.#held.keys()) if (!present.has(path)) this.#gone(path)
    const wanted = new Set(
      files
        .filter(isBackground)
        .slice(0, maximumBackgroundFiles)
        .map((file) => file.path),
    )
    for (const path of this.#held.keys()) if (present.has(path)) wanted.add(path)
    await Promise.all([...wanted].map((path) => this.#read(path)))
  }

  /** Files came, changed or went on disk; `isOwn`: by a command of this page, so that nobody has to be told of it. */
  async filesChanged(
    changes: readonly { readonly path: string; readonly kind: 'created' | 'changed' | 'deleted' }[],
    files: readonly FileEntry[],
    isOwn: boolean,
  ): Promise<void> {
    const created = changes.filter((change) => change.kind === 'created').map((change) => change.path)
    for (const change of changes) {
      if (change.kind !== 'deleted' || !this.#held.has(change.path)) continue
      const target = await this.#renameTarget(change.path, created)
      if (target === undefined) this.#gone(change.path, isOwn)
      else this.#rename(change.path, target)
    }
    const background = new Set(files.filter(isBackground).map((file) => file.path))
    await Promise.all(
      changes
        .filter((change) => change.kind !== 'deleted' && (this.#held.has(change.path) || background.has(change.path)))
        .map((change) => this.#read(change.path)),
    )
  }

  /** Holds a file, reading it the first time; resolves when its content is known. */
  async load(path: string): Promise<DocumentState> {
    const held = this.#held.get(path)
    if (held === undefined) await this.#read(path)
    else await held.loaded
    return this.state(path)
  }

  /** Lays the unsaved text of an earlier visit over a file. */
  async restore(path: string, kept: KeptText): Promise<void> {
    const held = this.#hold(path)
    this.#setModel(held, path, kept.text)
    held.shownBase = undefined
    this.dispatch(path, { type: 'restored', text: kept.text, base: kept.base })
    await this.#read(path)
  }

  state(path: string): DocumentState {
    return this.#held.get(path)?.state ?? newDocument(path)
  }

  model(path: string): monaco.editor.ITextModel | undefined {
    return this.#held.get(path)?.model
  }

  /** The editor's text; undefined where the file is not held or not text. */
  text(path: string): string | undefined {
    const held = this.#held.get(path)
    if (held?.model === undefined) return undefined
    const text = modelText(held.model)
    return text === held.shownBase ? (held.state.base.text ?? text) : text
  }

  dirtyPaths(): readonly string[] {
    return [...this.#held].filter(([, held]) => held.state.isDirty).map(([path]) => path)
  }

  /** The disk's hash the next save of a file builds on; undefined: overwrite or create. */
  baseHash(path: string): ContentHash | undefined {
    const { disk, base } = this.state(path)
    return disk.kind === 'deleted' ? undefined : base.hash
  }

  /** Takes a file one event further; where that leaves it clean, the model follows the disk's text. */
  dispatch(path: string, event: DocumentEvent): void {
    const held = this.#held.get(path)
    if (held === undefined) return
    const before = held.state
    held.state = nextDocument(before, event)
    if (!held.state.isDirty && held.state.base.text !== before.base.text) this.#follow(held, path)
    if (held.state !== before) this.#options.changed(path, held.state)
  }

  /** Gives up unsaved text: the model goes back to the disk's. A file that is gone from disk is let go. */
  async discard(path: string): Promise<void> {
    const held = this.#held.get(path)
    if (held === undefined) return
    if (held.state.disk.kind === 'deleted') return this.#remove(path)
    held.state = { ...newDocument(path), content: held.state.content }
    this.#options.changed(path, held.state)
    await this.#read(path)
  }

  /** Lets a file go whose tab was closed, unless the TypeScript service needs it. */
  release(path: string): void {
    const held = this.#held.get(path)
    if (held === undefined || held.state.isDirty) return
    const isNeeded = held.model !== undefined && (isScript(path) || path.endsWith('.json'))
    if (!isNeeded || held.state.disk.kind === 'deleted') this.#remove(path)
  }

  dispose(): void {
    this.#isDisposed = true
    for (const held of this.#held.values()) held.model?.dispose()
    this.#held.clear()
  }

  #hold(path: string): HeldDocument {
    const known = this.#held.get(path)
    if (known !== undefined) return known
    const held: HeldDocument = {
      state: newDocument(path),
      model: undefined,
      shownBase: undefined,
      reads: 0,
      loaded: Promise.resolve(),
    }
    this.#held.set(path, held)
    return held
  }

  #read(path: string): Promise<void> {
    const held = this.#hold(path)
    held.reads += 1
    const loaded = this.#readOnce(held, path, held.reads)
    held.loaded = loaded
    return loaded
  }

  async #readOnce(held: HeldDocument, path: string, ticket: number): Promise<void> {
    const isStale = (): boolean => this.#isDisposed || held.reads !== ticket || this.#held.get(path) !== held
    try {
      const content = await this.#options.client.files.read(path)
      if (isStale()) return
      if (content.kind === 'text' && held.model === undefined) this.#setModel(held, path, content.text)
      this.dispatch(path, { type: 'read', content, current: this.text(path) })
    } catch (error) {
      if (isStale()) return
      const isMissing = error instanceof CoppiceError && error.code === 'file-not-found'
      if (isMissing) this.#gone(path)
      else this.dispatch(path, { type: 'unreadable', message: error instanceof Error ? error.message : String(error) })
    }
  }

  #setModel(held: HeldDocument, path: string, text: string): void {
    const model = createTextModel(this.#options.workspace, path, text)
    held.model = model
    held.shownBase = modelText(model)
    if (isScript(path)) void syncWithTypeScript(model.uri)
    model.onDidChangeContent(() => {
      if (held.model !== model) return
      const current = this.text(path)
      if (current === undefined) return
      this.dispatch(path, { type: 'edited', text: current })
      this.#options.changed(path, held.state)
    })
  }

  #follow(held: HeldDocument, path: string): void {
    const { model, state } = held
    const text = state.base.text
    if (model === undefined || text === undefined) return
    if (modelText(model) !== text) {
      const after = this.#options.aroundFollow(path, text)
      replaceText(model, text)
      after()
    }
    held.shownBase = modelText(model)
    if (path.endsWith('.json')) this.#options.types.setJson(path, text)
  }

  /** `isMeant`: the user of this page deleted it; only text that was never saved stays then. */
  #gone(path: string, isMeant = false): void {
    const held = this.#held.get(path)
    if (held === undefined) return
    if (held.state.isDirty || (!isMeant && this.#options.isOpen(path))) this.dispatch(path, { type: 'deleted' })
    else this.#remove(path)
  }

  #remove(path: string): void {
    const held = this.#held.get(path)
    this.#held.delete(path)
    held?.model?.dispose()
    if (path.endsWith('.json')) this.#options.types.removeJson(path)
    this.#options.removed(path)
  }

  /** A file created in the same breath with the text of one deleted is that one renamed. */
  async #renameTarget(from: string, created: readonly string[]): Promise<string | undefined> {
    const base = this.state(from).base
    for (const path of created) {
      if (this.#held.has(path)) continue
      try {
        const content = await this.#options.client.files.read(path)
        if (content.kind === 'text' ? content.text === base.text : content.hash === base.hash) return path
      } catch (error) {
        // Gone again already: then it is no target.
        if (!(error instanceof CoppiceError)) throw error
      }
    }
    return undefined
  }

  #rename(from: string, to: string): void {
    const held = this.#held.get(from)
    if (held === undefined) return
    this.#held.delete(from)
    const text = held.model === undefined ? undefined : modelText(held.model)
    const old = held.model
    held.model = undefined
    held.state = nextDocument(held.state, { type: 'renamed', path: to })
    this.#held.set(to, held)
    if (text !== undefined) {
      const { shownBase } = held
      this.#setModel(held, to, text)
      held.shownBase = shownBase
    }
    this.#options.renamed(from, to)
    old?.dispose()
    if (from.endsWith('.json')) this.#options.types.removeJson(from)
    this.#options.changed(to, held.state)
  }
}

/** The service takes the models there are when it starts; of a later one it is told. */
const syncWithTypeScript = async (uri: monaco.Uri): Promise<void> => {
  let service: Awaited<ReturnType<typeof monaco.typescript.getTypeScriptWorker>>
  try {
    service = await monaco.typescript.getTypeScriptWorker()
  } catch {
    // Not started yet: it will take this model with the others.
    return
  }
  if (monaco.editor.getModel(uri) !== null) await service(uri)
}
