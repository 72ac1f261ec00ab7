// The picture in a window of its own: its element moves there with all canvases, and comes back when the window closes. The
// window holds nothing of the page, which goes on in its place.

import { CoppiceError } from '../../protocol/errors.ts'
import type { UiStore } from '../store/ui-store.ts'
import type { LayerStack } from './layer-stack.ts'

/** One window at most. */
export class PopOut {
  readonly #layerStack: LayerStack
  readonly #store: UiStore
  #window: Window | undefined
  #unmount: (() => void) | undefined

  constructor(layerStack: LayerStack, store: UiStore) {
    this.#layerStack = layerStack
    this.#store = store
    // A window without its page would show a picture that no longer moves.
    window.addEventListener('pagehide', this.close)
  }

  /** Opens the window, or brings it to the front. Throws `not-supported` where the browser refuses it. */
  readonly open = (): void => {
    if (this.#window !== undefined) {
      this.#window.focus()
      return
    }
    const { width, height } = this.#layerStack.box
    const opened = window.open('', '', `popup,width=${Math.max(240, width)},height=${Math.max(180, height)}`)
    if (opened === null)
      throw new CoppiceError(
        'not-supported',
        'The browser refused the window. Allow pop-ups for this page, then try again.',
      )
    this.#window = opened
    const { document: there } = opened
    there.title = `${this.#store.getState().workspace?.name ?? 'Coppice'}: picture`
    for (const { name, value } of document.documentElement.attributes) there.documentElement.setAttribute(name, value)
    for (const sheet of document.querySelectorAll('style, link[rel="stylesheet"]')) {
      there.head.append(there.importNode(sheet, true))
    }
    const panel = there.createElement('main')
    panel.className = 'viewport viewport-alone'
    there.body.append(panel)
    this.#unmount = this.#layerStack.mount(panel, 'front')
    opened.addEventListener('pagehide', this.#closed)
    this.#store.setState({ isPoppedOut: true })
    this.#layerStack.element.focus()
  }

  /** Brings the picture back. */
  readonly close = (): void => {
    const opened = this.#window
    this.#closed()
    opened?.close()
  }

  dispose(): void {
    window.removeEventListener('pagehide', this.close)
    this.close()
  }

  readonly #closed = (): void => {
    this.#unmount?.()
    this.#unmount = undefined
    this.#window = undefined
    this.#store.setState({ isPoppedOut: false })
  }
}
