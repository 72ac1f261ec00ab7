// The canvases of the program, one per module that draws, stacked in one element that outlives any panel showing it: a
// canvas can be given away only once, so moving or closing the viewport must never lose it. Answers `layer-wanted`.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { LayerWanted } from '../../protocol/events.ts'
import type { ManifestView } from '../../protocol/manifest.ts'
import { devicePixels, pictureBox } from './letterbox.ts'
import type { Rectangle } from './letterbox.ts'

interface StackedLayer {
  readonly wanted: LayerWanted
  readonly canvas: HTMLCanvasElement
}

const defaultPicture = { pixelWidth: 1280, pixelHeight: 720 }

export class LayerStack {
  /** The picture: put it into the panel that shows it. Its size and place follow that panel. */
  readonly element: HTMLElement
  readonly #client: CoppiceClient
  readonly #layers = new Map<string, StackedLayer>()
  readonly #offs: readonly (() => void)[]
  readonly #sizeListeners = new Set<() => void>()
  #hidden: ReadonlySet<string> = new Set()
  #moduleOrder: readonly string[] = []
  #view: ManifestView | undefined
  /** The last one shows the picture. */
  #panels: readonly HTMLElement[] = []
  #box: Rectangle = { left: 0, top: 0, width: 0, height: 0 }
  #pixels = defaultPicture

  constructor(client: CoppiceClient) {
    this.#client = client
    this.element = document.createElement('div')
    this.element.className = 'picture'
    this.element.tabIndex = 0
    this.element.setAttribute('role', 'application')
    this.element.setAttribute(
      'aria-label',
      'Program. Keys and pointer go to it while it has the focus; Escape releases them.',
    )
    this.#offs = [
      client.on('layer-wanted', ({ layer }) => this.#attach(layer)),
      client.on('layer-gone', ({ module }) => this.#remove(module)),
      client.on('view', ({ view }) => {
        this.#view = view
        this.#measure()
      }),
      client.on('modules', ({ modules }) => {
        this.#moduleOrder = modules.map((module) => module.name)
        this.#arrange()
      }),
    ]
  }

  /** The picture in device pixels. */
  get pixelSize(): { readonly width: number; readonly height: number } {
    return { width: this.#pixels.pixelWidth, height: this.#pixels.pixelHeight }
  }

  /** The picture in CSS pixels, relative to its panel. */
  get box(): Rectangle {
    return this.#box
  }

  /**
   * Shows the picture in a panel, and follows its size; returns how to take it out. One that comes to the `front` keeps the
   * picture from all others until it is taken out.
   */
  mount(panel: HTMLElement, place: 'back' | 'front' = 'back'): () => void {
    this.#panels = place === 'front' ? [...this.#panels, panel] : [panel, ...this.#panels]
    // Sizes are told by the panel's own window.
    const { ResizeObserver: Observer } = panel.ownerDocument.defaultView ?? window
    const observer = new Observer(() => this.#measure())
    observer.observe(panel)
    this.#show()
    return () => {
      observer.disconnect()
      this.#panels = this.#panels.filter((other) => other !== panel)
      this.#show()
    }
  }

  get #panel(): HTMLElement | undefined {
    return this.#panels.at(-1)
  }

  #show(): void {
    const panel = this.#panel
    if (panel === undefined || this.element.parentElement === panel) return
    panel.append(this.element)
    this.#measure()
  }

  onResize(listener: () => void): () => void {
    this.#sizeListeners.add(listener)
    return () => this.#sizeListeners.delete(listener)
  }

  /** Which layers are not shown, and so not drawn. */
  setHidden(modules: readonly string[]): void {
    const hidden = new Set(modules)
    for (const [module, layer] of this.#layers) {
      if (hidden.has(module) === this.#hidden.has(module)) continue
      layer.canvas.style.visibility = hidden.has(module) ? 'hidden' : 'visible'
      this.#client.command('setLayerVisible', module, !hidden.has(module)).catch(reportUnlessEnded)
    }
    this.#hidden = hidden
  }

  /** The picture as a PNG: all shown layers over each other, in device pixels. */
  async screenshot(): Promise<Blob> {
    const { pixelWidth, pixelHeight } = this.#pixels
    const copy = new OffscreenCanvas(pixelWidth, pixelHeight)
    const context = copy.getContext('2d')
    if (context === null) throw new Error('this browser gives no 2d canvas for a screenshot')
    this.drawOnto(context)
    return copy.convertToBlob({ type: 'image/png' })
  }

  /** Draws all shown layers over each other, at the size of the context's canvas. */
  drawOnto(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void {
    const { width, height } = context.canvas
    for (const { wanted, canvas } of this.#sorted()) {
      if (!this.#hidden.has(wanted.module)) context.drawImage(canvas, 0, 0, width, height)
    }
  }

  dispose(): void {
    for (const off of this.#offs) off()
    this.element.remove()
  }

  #attach(wanted: LayerWanted): void {
    this.#layers.get(wanted.module)?.canvas.remove()
    const canvas = document.createElement('canvas')
    canvas.className = 'picture-layer'
    canvas.dataset['module'] = wanted.module
    canvas.width = this.#pixels.pixelWidth
    canvas.height = this.#pixels.pixelHeight
    const isHidden = this.#hidden.has(wanted.module)
    if (isHidden) canvas.style.visibility = 'hidden'
    this.#layers.set(wanted.module, { wanted, canvas })
    this.element.append(canvas)
    this.#arrange()
    const offscreen = canvas.transferControlToOffscreen()
    this.#client.attachLayer(
      { module: wanted.module, request: wanted.request, canvas: offscreen, ...this.#pixels },
      wanted,
    )
    if (isHidden) this.#client.command('setLayerVisible', wanted.module, false).catch(reportUnlessEnded)
  }

  #remove(module: string): void {
    this.#layers.get(module)?.canvas.remove()
    this.#layers.delete(module)
  }

  #sorted(): readonly StackedLayer[] {
    const order = (layer: StackedLayer): number => this.#moduleOrder.indexOf(layer.wanted.module)
    return [...this.#layers.values()].toSorted((a, b) => a.wanted.z - b.wanted.z || order(a) - order(b))
  }

  #arrange(): void {
    for (const [index, layer] of this.#sorted().entries()) layer.canvas.style.zIndex = String(index)
  }

  #measure(): void {
    const panel = this.#panel
    if (panel === undefined) return
    const { clientWidth, clientHeight } = panel
    if (clientWidth === 0 || clientHeight === 0) return
    const box = pictureBox(this.#view, clientWidth, clientHeight)
    const pixels = devicePixels(box, panel.ownerDocument.defaultView?.devicePixelRatio ?? 1)
    const isNewSize = box.width !== this.#box.width || box.height !== this.#box.height
    this.#box = box
    Object.assign(this.element.style, {
      left: `${box.left}px`,
      top: `${box.top}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    })
    for (const listener of this.#sizeListeners) listener()
    if (isNewSize && this.#view?.fit === 'panel')
      this.#client.sendInput({ kind: 'view-size', width: box.width, height: box.height })
    if (pixels.pixelWidth === this.#pixels.pixelWidth && pixels.pixelHeight === this.#pixels.pixelHeight) return
    this.#pixels = pixels
    this.#client.command('resizeLayers', pixels).catch(reportUnlessEnded)
  }
}

/** An engine that was ended meanwhile needs no answer: the next one asks for its layers anew. All else is a bug. */
const reportUnlessEnded = (error: unknown): void => {
  if (!(error instanceof CoppiceError) || error.code !== 'closed') reportError(error)
}
