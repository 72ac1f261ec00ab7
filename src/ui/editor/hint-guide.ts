// Leads the first-minute hint: when its line is in front, when the first reload has come, and when it is done for good.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { revealLine } from './code-view.ts'
import type { HintEvent, HintStage } from './first-minute.ts'
import { hintLine, invitation, isFirstReload, nextHint, reloadedMessage } from './first-minute.ts'
import { HintWidget } from './hint-widget.ts'
import type { KeyValueStorage } from './kept-texts.ts'
import type { monaco } from './monaco-setup.ts'

const storageKey = 'coppice.first-minute'
const hintedWorkspace = 'tanks'
const toldForMs = 12_000

export class HintGuide {
  readonly #editor: monaco.editor.ICodeEditor
  readonly #client: CoppiceClient
  readonly #storage: KeyValueStorage
  readonly #widget: HintWidget
  readonly #stopListening: () => void
  #hint: HintStage
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(editor: monaco.editor.ICodeEditor, client: CoppiceClient, storage: KeyValueStorage) {
    this.#editor = editor
    this.#client = client
    this.#storage = storage
    this.#hint = storage.getItem(storageKey) === 'done' ? { stage: 'done' } : { stage: 'unseen' }
    this.#widget = new HintWidget(editor, () => this.#take({ type: 'dismissed' }))
    this.#stopListening = client.on('receipt', ({ receipt }) => void this.#receiptCame(receipt))
  }

  /** A file's text is in front. */
  fileShown(workspace: string, path: string): void {
    if (this.#hint.stage !== 'unseen' || workspace !== hintedWorkspace) return
    const position = hintLine(this.#editor.getModel()?.getValue() ?? '')
    if (position === undefined) return
    this.#take({ type: 'line-shown', path })
    this.#widget.show(invitation, position)
    revealLine(this.#editor, position.line)
  }

  /** The text in front was edited. */
  textChanged(): void {
    this.#widget.layout()
  }

  dispose(): void {
    this.#stopListening()
    clearTimeout(this.#timer)
    this.#widget.dispose()
  }

  async #receiptCame(receipt: Receipt): Promise<void> {
    if (this.#hint.stage !== 'invited' || !isFirstReload(receipt)) return
    const { path } = this.#hint
    const modules = await this.#client.command('modules')
    const module = modules.find((candidate) => candidate.path === path)
    const state = module === undefined ? undefined : await this.#client.command('state', module.name)
    this.#take({ type: 'reloaded', message: reloadedMessage(receipt.moment.frame, module?.name ?? '', state) })
  }

  #take(event: HintEvent): void {
    this.#hint = nextHint(this.#hint, event)
    switch (this.#hint.stage) {
      case 'unseen':
      case 'invited':
        return
      case 'told':
        // Said once is enough, even where the page is closed before it goes.
        this.#storage.setItem(storageKey, 'done')
        this.#widget.show(this.#hint.message, undefined)
        this.#timer = setTimeout(() => this.#take({ type: 'dismissed' }), toldForMs)
        return
      case 'done':
        this.#storage.setItem(storageKey, 'done')
        this.#widget.dispose()
    }
  }
}
