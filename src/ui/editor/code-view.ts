// The one Monaco editor of the page: its element, options, and which file's text it shows. The element lives as long as the
// session and is put where React wants it.

import type { EditorPosition } from './editor-api.ts'
import type { KeptView } from './kept-texts.ts'
import { mapLine } from './line-diff.ts'
import { monaco } from './monaco-setup.ts'

const codeFont = "'JetBrains Mono Variable', ui-monospace, monospace"

/** Options that the text and the comparison of two texts share. */
export const textOptions = {
  fontFamily: codeFont,
  fontSize: 13,
  lineHeight: 20,
  fontLigatures: true,
  minimap: { enabled: false },
  automaticLayout: true,
  fixedOverflowWidgets: true,
  scrollBeyondLastLine: false,
  stickyScroll: { enabled: false },
  bracketPairColorization: { enabled: false },
  renderLineHighlightOnlyWhenFocus: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
} as const satisfies monaco.editor.IEditorOptions

// A view not yet on the page has a few pixels: what is centred in it is at the top of the real one.
const leastHeight = 40

/** Brings a line to the middle where it is not to be seen; waits until the editor is on the page. */
export const revealLine = (editor: monaco.editor.ICodeEditor, line: number): void => {
  if (editor.getLayoutInfo().height >= leastHeight) {
    editor.revealLineInCenterIfOutsideViewport(line, monaco.editor.ScrollType.Immediate)
    return
  }
  const waiting = editor.onDidLayoutChange(({ height }) => {
    if (height < leastHeight) return
    waiting.dispose()
    editor.revealLineInCenter(line, monaco.editor.ScrollType.Immediate)
  })
}

export class CodeView {
  readonly element: HTMLElement
  readonly editor: monaco.editor.IStandaloneCodeEditor
  #path: string | undefined
  readonly #states = new Map<string, monaco.editor.ICodeEditorViewState>()
  readonly #views = new Map<string, KeptView>()

  constructor() {
    this.element = document.createElement('div')
    this.element.className = 'editor-code'
    this.editor = monaco.editor.create(this.element, {
      ...textOptions,
      model: null,
      padding: { top: 8, bottom: 40 },
      glyphMargin: true,
      lineNumbersMinChars: 3,
      folding: true,
      tabSize: 2,
      contextmenu: true,
      links: true,
      wordBasedSuggestions: 'off',
    })
    // Monaco measured the font before it was there. Where it can't be had, the next one of the list is measured.
    void Promise.allSettled([document.fonts.load(`13px ${codeFont}`)]).then(() => monaco.editor.remeasureFonts())
  }

  /** Where files were left on an earlier visit. */
  setViews(views: Readonly<Record<string, KeptView>>): void {
    for (const [path, view] of Object.entries(views)) this.#views.set(path, view)
  }

  /** Shows a file where it was left; undefined shows nothing. */
  show(path: string | undefined, model: monaco.editor.ITextModel | undefined): void {
    if (this.#path === path && this.editor.getModel() === (model ?? null)) return
    this.rememberView()
    this.#path = model === undefined ? undefined : path
    this.editor.setModel(model ?? null)
    if (path === undefined || model === undefined) return
    this.editor.updateOptions({ ariaLabel: `${path}. Ctrl+M lets Tab leave the text.` })
    const state = this.#states.get(path)
    const view = this.#views.get(path)
    if (state !== undefined) this.editor.restoreViewState(state)
    else if (view !== undefined) {
      this.editor.setPosition({ lineNumber: view.line, column: view.column })
      this.editor.setScrollPosition(
        { scrollTop: view.scrollTop, scrollLeft: view.scrollLeft },
        monaco.editor.ScrollType.Immediate,
      )
    }
  }

  /** The file in front, where its text is shown. */
  get path(): string | undefined {
    return this.#path
  }

  goTo(position: EditorPosition): void {
    const at = { lineNumber: position.line, column: position.column }
    this.editor.setPosition(at)
    revealLine(this.editor, position.line)
  }

  cursor(): EditorPosition | undefined {
    const position = this.editor.getPosition()
    return this.#path === undefined || position === null
      ? undefined
      : { line: position.lineNumber, column: position.column }
  }

  /** Around a text taken from disk: the cursor stays on the line it was on, wherever that line went. */
  aroundFollow(path: string, before: string, after: string): () => void {
    const position = this.#path === path ? this.editor.getPosition() : null
    if (position === null) return () => undefined
    const scrollTop = this.editor.getScrollTop()
    return () => {
      this.editor.setPosition({ lineNumber: mapLine(before, after, position.lineNumber), column: position.column })
      this.editor.setScrollPosition({ scrollTop }, monaco.editor.ScrollType.Immediate)
    }
  }

  /** Cursors and scroll positions of all files shown in this session or the one before. */
  views(): Readonly<Record<string, KeptView>> {
    this.rememberView()
    return Object.fromEntries(this.#views)
  }

  rememberView(): void {
    const path = this.#path
    const position = this.editor.getPosition()
    const state = this.editor.saveViewState()
    if (path === undefined || position === null || state === null) return
    this.#states.set(path, state)
    this.#views.set(path, {
      line: position.lineNumber,
      column: position.column,
      scrollTop: this.editor.getScrollTop(),
      scrollLeft: this.editor.getScrollLeft(),
    })
  }

  renamed(from: string, to: string): void {
    this.rememberView()
    const state = this.#states.get(from)
    const view = this.#views.get(from)
    if (state !== undefined) this.#states.set(to, state)
    if (view !== undefined) this.#views.set(to, view)
    this.forget(from)
  }

  forget(path: string): void {
    this.#states.delete(path)
    this.#views.delete(path)
    if (this.#path === path) this.#path = undefined
  }

  dispose(): void {
    this.editor.dispose()
    this.element.remove()
  }
}
