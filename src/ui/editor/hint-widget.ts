// The first-minute hint as a note behind its line, moving with it. Which hint, and when, is first-minute.ts's business.

import type { EditorPosition } from './editor-api.ts'
import { monaco } from './monaco-setup.ts'

export class HintWidget {
  readonly #editor: monaco.editor.ICodeEditor
  readonly #element = document.createElement('div')
  readonly #text = document.createElement('span')
  #anchor: { readonly model: monaco.editor.ITextModel; readonly decoration: string } | undefined
  #isShown = false

  constructor(editor: monaco.editor.ICodeEditor, dismissed: () => void) {
    this.#editor = editor
    this.#element.className = 'editor-hint'
    this.#element.setAttribute('role', 'note')
    const close = document.createElement('button')
    close.type = 'button'
    close.textContent = '×'
    close.title = 'Close the hint'
    close.setAttribute('aria-label', 'Close the hint')
    close.addEventListener('click', dismissed)
    this.#element.append(this.#text, close)
  }

  /** Shows a text behind the line of `position`, or at the line the last one moved to where that is undefined. */
  show(text: string, position: EditorPosition | undefined): void {
    const model = this.#editor.getModel()
    if (model === null) return
    this.#text.textContent = text
    if (position !== undefined) {
      this.#forgetAnchor()
      const range = new monaco.Range(position.line, 1, position.line, 1)
      const [decoration] = model.deltaDecorations(
        [],
        [{ range, options: { stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges } }],
      )
      if (decoration !== undefined) this.#anchor = { model, decoration }
    }
    if (this.#isShown) this.#editor.layoutContentWidget(this.#widget)
    else this.#editor.addContentWidget(this.#widget)
    this.#isShown = true
  }

  /** Follows an edit of the line. */
  layout(): void {
    if (this.#isShown) this.#editor.layoutContentWidget(this.#widget)
  }

  hide(): void {
    if (this.#isShown) this.#editor.removeContentWidget(this.#widget)
    this.#isShown = false
  }

  dispose(): void {
    this.hide()
    this.#forgetAnchor()
  }

  #forgetAnchor(): void {
    if (this.#anchor !== undefined && !this.#anchor.model.isDisposed())
      this.#anchor.model.deltaDecorations([this.#anchor.decoration], [])
    this.#anchor = undefined
  }

  readonly #widget: monaco.editor.IContentWidget = {
    getId: () => 'coppice.first-minute',
    getDomNode: () => this.#element,
    suppressMouseDown: true,
    getPosition: () => {
      const model = this.#editor.getModel()
      if (this.#anchor === undefined || model !== this.#anchor.model) return null
      const line = model.getDecorationRange(this.#anchor.decoration)?.startLineNumber
      if (line === undefined) return null
      const end = { lineNumber: line, column: model.getLineMaxColumn(line) }
      const left = this.#editor.getScrolledVisiblePosition(end)?.left ?? 0
      const fits = left + this.#element.offsetWidth + 32 < this.#editor.getLayoutInfo().width
      this.#element.classList.toggle('is-below', !fits)
      return fits
        ? { position: end, preference: [monaco.editor.ContentWidgetPositionPreference.EXACT] }
        : {
            position: { lineNumber: line, column: 1 },
            preference: [monaco.editor.ContentWidgetPositionPreference.BELOW],
          }
    },
  }
}
