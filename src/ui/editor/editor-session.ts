// The editor of one opened workspace: ties the files (workspace-documents.ts), the Monaco editor (code-view.ts), tabs, saves,
// problems and what is kept in the browser together. React draws its store; the page talks to it through EditorApi.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { OpenedWorkspace } from '../../protocol/workspace.ts'
import { whenNotSaving } from '../store/update-batch.ts'
import { CodeAdvice } from './code-advice.ts'
import { CodeView } from './code-view.ts'
import type { DocumentState } from './document-state.ts'
import { isUnsaved } from './document-state.ts'
import type { EditorApi, EditorPosition, EditorState } from './editor-api.ts'
import { createEditorAutomation } from './editor-automation.ts'
import { editorCommands } from './editor-commands.ts'
import type { EditorViewStore } from './editor-view-state.ts'
import { createEditorViewStore } from './editor-view-state.ts'
import { hintLine } from './first-minute.ts'
import { insertMigrate } from './insert-migrate.ts'
import { HintGuide } from './hint-guide.ts'
import { registerHighlighting } from './highlighting.ts'
import type { KeptLayout } from './kept-texts.ts'
import { KeptTexts } from './kept-texts.ts'
import { monaco } from './monaco-setup.ts'
import { applyMonacoTheme } from './monaco-theme.ts'
import { pathOfUri } from './file-uri.ts'
import { ProblemDecorations } from './problem-decorations.ts'
import { glowSavedLines } from './save-glow.ts'
import { saveDocuments } from './saving.ts'
import type { TabList } from './tab-list.ts'
import { addTab, closeTabs, openTab, renameTab } from './tab-list.ts'
import { languageName } from './text-model.ts'
import { TypeService } from './type-service.ts'
import { WorkspaceDocuments } from './workspace-documents.ts'

export interface EditorSessionOptions {
  readonly client: CoppiceClient
  readonly workspace: string
  readonly theme: 'dark' | 'light'
  readonly stateChanged: (state: EditorState) => void
}

const keepDelayMs = 250

export class EditorSession {
  readonly store: EditorViewStore = createEditorViewStore()
  readonly api: EditorApi
  readonly view: CodeView
  readonly #options: EditorSessionOptions
  readonly #documents: WorkspaceDocuments
  readonly #types: TypeService
  readonly #problems = new ProblemDecorations()
  readonly #advice: CodeAdvice
  readonly #hint: HintGuide
  readonly #disposals: (() => void)[] = []
  readonly #unkept = new Set<string>()
  #kept: KeptTexts | undefined
  #keepTimer: ReturnType<typeof setTimeout> | undefined
  #markReady: () => void = () => undefined
  readonly #ready = new Promise<void>((resolve) => (this.#markReady = resolve))
  /** Resolves when the changes on disk told so far may be followed; one after another. */
  #following = this.#ready

  constructor(options: EditorSessionOptions) {
    this.#options = options
    const { client, workspace } = options
    registerHighlighting()
    applyMonacoTheme(options.theme)
    this.view = new CodeView()
    this.#types = new TypeService(workspace)
    this.#documents = new WorkspaceDocuments({
      client,
      workspace,
      types: this.#types,
      isOpen: (path) => this.#tabs.paths.includes(path),
      changed: (path, state) => this.#documentChanged(path, state),
      removed: (path) => this.#documentRemoved(path),
      renamed: (from, to) => this.#documentRenamed(from, to),
      aroundFollow: (path, text) => this.view.aroundFollow(path, this.#documents.model(path)?.getValue() ?? '', text),
    })
    this.#advice = new CodeAdvice(client)
    this.#hint = new HintGuide(this.view.editor, client, localStorage)
    this.api = {
      openFile: (path, position) => this.openFile(path, position),
      saveActive: () => this.save(this.#tabs.active === undefined ? [] : [this.#tabs.active]),
      saveAll: () => this.save(this.unsavedPaths()),
      closeActive: () => this.close(this.#tabs.active === undefined ? [] : [this.#tabs.active]),
      writeMigrate: (path, stub) => this.writeMigrate(path, stub),
      focus: () => this.view.editor.focus(),
      commands: () => editorCommands(this),
    }
    this.#listen()
  }

  /** Opens a file's tab and brings it to the front; waits for the workspace's files. */
  async openFile(path: string, position?: EditorPosition, focus = true): Promise<void> {
    await this.#ready
    this.setTabs(openTab(this.#tabs, path))
    await this.#documents.load(path)
    this.#show()
    if (position !== undefined) {
      this.view.goTo({
        line: this.#problems.currentLine(path, position.line) ?? position.line,
        column: position.column,
      })
    }
    if (focus) this.view.editor.focus()
  }

  /** Puts a `migrate` to start from into the text, and the cursor into it. */
  async writeMigrate(path: string, stub: string): Promise<void> {
    await this.openFile(path)
    const model = this.#documents.model(path)
    if (model !== undefined) await insertMigrate(this.#options.client, path, model, this.view, stub)
  }

  /** Saves the unsaved ones among `paths` in one write. */
  async save(paths: readonly string[]): Promise<void> {
    await this.#ready
    const unsaved = paths.filter((path) => isUnsaved(this.#documents.state(path)))
    // A file in conflict is answered by its banner first: a save would only be refused again.
    const free = unsaved.filter((path) => this.#documents.state(path).disk.kind !== 'changed')
    const blocked = unsaved.find((path) => !free.includes(path))
    if (free.length === 0 && blocked !== undefined) this.store.setState({ comparing: blocked })
    const { saved, receipts } = await saveDocuments(this.#options.client, this.#documents, free)
    if (receipts.some((receipt) => receipt.outcome !== 'committed')) return
    for (const { path, before, text } of saved) {
      const model = this.#documents.model(path)
      if (model !== undefined && before !== undefined) glowSavedLines(model, before, text)
    }
  }

  unsavedPaths(): readonly string[] {
    return this.#documents.dirtyPaths()
  }

  /** Closes tabs; unsaved ones are asked about first. */
  async close(paths: readonly string[]): Promise<void> {
    const unsaved = paths.filter((path) => isUnsaved(this.#documents.state(path)))
    this.#closeNow(paths.filter((path) => !unsaved.includes(path)))
    if (unsaved.length > 0) this.store.setState({ closing: unsaved })
  }

  /** The answer to that question. */
  async answerClosing(answer: 'save' | 'discard' | 'cancel'): Promise<void> {
    const paths = this.store.getState().closing
    this.store.setState({ closing: [] })
    if (answer === 'save') {
      await this.save(paths)
      this.#closeNow(paths.filter((path) => !isUnsaved(this.#documents.state(path))))
    } else if (answer === 'discard') {
      for (const path of paths) await this.#documents.discard(path)
      this.#closeNow(paths)
    }
  }

  /** Answers a conflict: this text goes to disk, or the disk's comes here. The other one can be had back by undo. */
  async resolveConflict(path: string, choice: 'mine' | 'disk'): Promise<void> {
    this.store.setState({ comparing: undefined })
    this.#documents.dispatch(path, { type: choice === 'mine' ? 'keep-mine' : 'take-disk' })
    // The text is hidden behind the comparison until React has drawn again.
    requestAnimationFrame(() => this.view.editor.focus())
    if (choice === 'mine') await this.save([path])
  }

  compare(path: string | undefined): void {
    this.store.setState({ comparing: path })
  }

  setTabs(tabs: TabList): void {
    const { documents, comparing } = this.store.getState()
    const open = Object.fromEntries(tabs.paths.map((path) => [path, documents[path] ?? this.#documents.state(path)]))
    this.store.setState({ tabs, documents: open, comparing: comparing === tabs.active ? comparing : undefined })
    for (const path of tabs.paths)
      if (documents[path] === undefined) void this.#documents.load(path).then(() => this.#show())
    this.#show()
    this.#tell()
    this.#keepSoon()
  }

  /** The Monaco model of a file that is held. */
  model(path: string): monaco.editor.ITextModel | undefined {
    return this.#documents.model(path)
  }

  /** The editor's text of a file, unsaved changes included. */
  text(path: string): string | undefined {
    return this.#documents.text(path)
  }

  isDirty(path: string): boolean {
    return this.#documents.state(path).isDirty
  }

  setTheme(theme: 'dark' | 'light'): void {
    applyMonacoTheme(theme)
  }

  dispose(): void {
    this.#keepNow()
    clearTimeout(this.#keepTimer)
    for (const dispose of this.#disposals) dispose()
    this.#hint.dispose()
    this.#advice.dispose()
    this.view.dispose()
    this.#documents.dispose()
    this.#types.dispose()
  }

  get #tabs(): TabList {
    return this.store.getState().tabs
  }

  #listen(): void {
    const { client, workspace } = this.#options
    const keepNow = (): void => this.#keepNow()
    const ask = (event: BeforeUnloadEvent): void => {
      this.#keepNow()
      if (this.store.getState().notKept.length > 0) event.preventDefault()
    }
    addEventListener('pagehide', keepNow)
    addEventListener('beforeunload', ask)
    this.#disposals.push(
      () => removeEventListener('pagehide', keepNow),
      () => removeEventListener('beforeunload', ask),
      client.on('workspace', ({ workspace: opened }) => {
        if (opened.name === workspace) void this.#workspaceOpened(opened)
      }),
      client.on('files-changed', ({ changes, files, isOwn }) => {
        // A text that follows the disk can come a little later; new code that goes through this thread should not.
        this.#following = this.#following.then(() => whenNotSaving(client))
        void this.#following.then(() => this.#documents.filesChanged(changes, files, isOwn))
      }),
      client.on('differing-files', ({ paths }) => this.store.setState({ differing: paths })),
      client.on('connection', ({ connection }) => this.store.setState({ isConnected: connection === 'connected' })),
      client.on('type-libraries', ({ libraries }) => this.#types.setLibraries(libraries)),
      client.on('all-problems', ({ problems }) => {
        for (const path of this.#problems.setProblems(problems)) this.#drawProblems(path)
        this.store.setState({ failing: this.#problems.failingFiles() })
      }),
      createEditorAutomation(this, client),
    )
    const opener = monaco.editor.registerEditorOpener({
      openCodeEditor: async (_source, resource, place) => {
        const path = pathOfUri(workspace, resource)
        if (path === undefined || this.#documents.model(path) === undefined) return false
        const position =
          place === undefined
            ? undefined
            : 'startLineNumber' in place
              ? { line: place.startLineNumber, column: place.startColumn }
              : { line: place.lineNumber, column: place.column }
        await this.openFile(path, position)
        return true
      },
    })
    const cursor = this.view.editor.onDidChangeCursorPosition(() => {
      this.#tell()
      this.#keepSoon()
    })
    const scroll = this.view.editor.onDidScrollChange(() => this.#keepSoon())
    this.#disposals.push(
      () => opener.dispose(),
      () => cursor.dispose(),
      () => scroll.dispose(),
    )
  }

  async #workspaceOpened(opened: OpenedWorkspace): Promise<void> {
    if (this.#kept !== undefined) return this.#documents.setFiles(opened.files)
    const kept = new KeptTexts(localStorage, opened.folder)
    this.#kept = kept
    const layout = kept.layout()
    this.view.setViews(layout?.views ?? {})
    const texts = kept.texts()
    await Promise.all([...texts].map(([path, text]) => this.#documents.restore(path, text)))
    await this.#documents.setFiles(opened.files)
    this.setTabs(this.#firstTabs(opened, layout, [...texts.keys()]))
    await Promise.all(this.#tabs.paths.map((path) => this.#documents.load(path)))
    this.store.setState({ isReady: true })
    this.#show()
    this.#markReady()
  }

  /** The tabs of the last visit; else the module that the first-minute hint is about, or the first one. */
  #firstTabs(opened: OpenedWorkspace, layout: KeptLayout | undefined, unsaved: readonly string[]): TabList {
    const present = new Set(opened.files.map((file) => file.path))
    const kept = layout?.tabs.paths.filter((path) => present.has(path) || unsaved.includes(path)) ?? []
    const modules = opened.revision.manifest.modules.map((module) => module.path).filter((path) => present.has(path))
    const first = modules.find((path) => hintLine(this.#documents.text(path) ?? '') !== undefined) ?? modules[0]
    const paths = layout === undefined && first !== undefined ? [first] : kept
    const active = paths.find((path) => path === layout?.tabs.active) ?? paths[0]
    return unsaved.reduce<TabList>((tabs, path) => addTab(tabs, path), { paths, active })
  }

  #documentChanged(path: string, state: DocumentState): void {
    const { tabs, documents } = this.store.getState()
    if (tabs.paths.includes(path)) {
      if (documents[path] !== state) this.store.setState({ documents: { ...documents, [path]: state } })
    } else if (state.isDirty && this.store.getState().isReady) {
      // Edited from elsewhere (a rename over several files): what is unsaved has a tab.
      this.setTabs(addTab(tabs, path))
    }
    if (documents[path]?.isDirty !== state.isDirty) this.#tell()
    this.#drawProblems(path)
    if (this.view.path === path) {
      this.#hint.textChanged()
      this.#advise(path)
    }
    this.#unkept.add(path)
    this.#keepSoon()
    if (tabs.active === path && this.view.path !== path) this.#show()
  }

  #documentRemoved(path: string): void {
    this.#problems.forget(path)
    this.#kept?.dropText(path)
    this.view.forget(path)
    if (this.#tabs.paths.includes(path)) this.setTabs(closeTabs(this.#tabs, [path]))
  }

  #documentRenamed(from: string, to: string): void {
    this.view.renamed(from, to)
    this.#problems.forget(from)
    this.#kept?.dropText(from)
    this.#unkept.add(to)
    if (this.#tabs.paths.includes(from)) this.setTabs(renameTab(this.#tabs, from, to))
  }

  #drawProblems(path: string): void {
    this.#problems.draw(path, this.#documents.model(path), this.#documents.state(path).base.text)
  }

  #advise(path: string): void {
    const model = this.#documents.model(path)
    if (model !== undefined) this.#advice.lookAt(path, model)
  }

  #closeNow(paths: readonly string[]): void {
    if (paths.length === 0) return
    this.setTabs(closeTabs(this.#tabs, paths))
    for (const path of paths) this.#documents.release(path)
    this.#keepNow()
  }

  #show(): void {
    const { active } = this.#tabs
    const isText = active !== undefined && this.#documents.state(active).content.kind === 'text'
    const shown = isText ? this.#documents.model(active) : undefined
    this.view.show(active, shown)
    if (active !== undefined && shown !== undefined) {
      this.#hint.fileShown(this.#options.workspace, active)
      this.#advise(active)
    }
    this.#tell()
  }

  #tell(): void {
    const { paths, active } = this.#tabs
    this.#options.stateChanged({
      openPaths: paths,
      activePath: active,
      dirtyPaths: this.#documents.dirtyPaths(),
      cursor: this.view.cursor(),
      language: active === undefined ? undefined : languageName(active),
    })
  }

  #keepSoon(): void {
    if (this.#keepTimer !== undefined) return
    this.#keepTimer = setTimeout(() => this.#keepNow(), keepDelayMs)
  }

  #keepNow(): void {
    clearTimeout(this.#keepTimer)
    this.#keepTimer = undefined
    const kept = this.#kept
    if (kept === undefined || !this.store.getState().isReady) return
    kept.keepLayout({ tabs: this.#tabs, views: this.view.views() })
    const notKept = new Set(this.store.getState().notKept)
    for (const path of this.#unkept) {
      const text = this.#documents.text(path)
      notKept.delete(path)
      if (text === undefined || !isUnsaved(this.#documents.state(path))) kept.dropText(path)
      else if (!kept.keepText(path, { text, base: this.#documents.baseHash(path) })) notKept.add(path)
    }
    this.#unkept.clear()
    if (notKept.size !== this.store.getState().notKept.length) this.store.setState({ notKept: [...notKept] })
  }
}
