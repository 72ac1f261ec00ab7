// The canvases of a worker's engine: what the page sends for a wish of the engine becomes a context. `layer-wanted` →
// page: fresh canvas → `attachLayer` → here → the engine's `ready`. A canvas keeps its context type for life and can be
// transferred once, so a new wish always means a new canvas.

import type { LayerCanvas } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { EngineEvent, LayerWanted } from '../protocol/events.ts'
import type { Layer, LayerHost } from '../engine/host.ts'

interface WantedLayer {
  readonly wanted: LayerWanted
  readonly ready: (layer: Layer) => void
  attached: Layer | undefined
  /** How often the browser took its context away. */
  lost: number
}

/** A context taken away so often is not asked for again: the graphics process is in trouble. */
const maxLost = 3

/** `emit` gets `layer-wanted`, once more where a context was lost, and an `internal-error` where the GPU fails for good. */
export class WorkerLayers implements LayerHost {
  readonly #emit: (event: EngineEvent) => void
  readonly #layers = new Map<string, WantedLayer>()

  /** Display frames, as the browser's compositor counts them for this worker. */
  #isDisplayReady = true
  #isWatchingDisplay = false

  constructor(emit: (event: EngineEvent) => void) {
    this.#emit = emit
  }

  readonly takeDisplayFrame = (): boolean => {
    if (!this.#isDisplayReady) return false
    this.#isDisplayReady = false
    this.#watchDisplay()
    return true
  }

  request(wanted: LayerWanted, ready: (layer: Layer) => void): void {
    this.#layers.set(wanted.module, { wanted, ready, attached: undefined, lost: 0 })
    this.#emit({ type: 'layer-wanted', layer: wanted })
  }

  release(module: string): void {
    this.#layers.delete(module)
  }

  /**
   * Takes the canvas for the newest wish of its module; a canvas for an older one is dropped. Rejects with `not-supported`
   * where the browser gives no such context.
   */
  async attach({ module, request, canvas, pixelWidth, pixelHeight }: LayerCanvas): Promise<void> {
    const layer = this.#layers.get(module)
    if (layer?.wanted.request !== request) return
    canvas.width = Math.max(1, pixelWidth)
    canvas.height = Math.max(1, pixelHeight)
    switch (layer.wanted.context) {
      case '2d': {
        const context = canvas.getContext('2d')
        if (context === null) throw unsupported(layer.wanted)
        this.#give(layer, { canvas, context, keepPicture: pictureKeeper(context) })
        return
      }
      case 'webgl2': {
        const context = canvas.getContext('webgl2')
        if (context === null) throw unsupported(layer.wanted)
        this.#give(layer, { canvas, context, ...pictureFence(context) })
        return
      }
      case 'webgpu':
        this.#give(layer, { canvas, context: await createGpuContext(layer.wanted, canvas) })
    }
  }

  #watchDisplay(): void {
    if (this.#isWatchingDisplay) return
    this.#isWatchingDisplay = true
    requestAnimationFrame(() => {
      this.#isWatchingDisplay = false
      this.#isDisplayReady = true
    })
  }

  #give(layer: WantedLayer, attached: Layer): void {
    // A newer wish may have come while the GPU was asked.
    if (this.#layers.get(layer.wanted.module) !== layer) return
    layer.attached = attached
    this.#watchForLoss(layer, attached)
    layer.ready(attached)
  }

  /** A lost context takes all that was made with it; a fresh canvas is asked for, and `view.setup` runs anew. */
  #watchForLoss(layer: WantedLayer, attached: Layer): void {
    const lost = (): void => {
      if (layer.attached !== attached || this.#layers.get(layer.wanted.module) !== layer) return
      layer.attached = undefined
      layer.lost += 1
      if (layer.lost < maxLost) this.#emit({ type: 'layer-wanted', layer: layer.wanted })
      else this.#emit({ type: 'internal-error', message: lostMessage(layer) })
    }
    attached.canvas.addEventListener('webglcontextlost', lost)
    attached.canvas.addEventListener('contextlost', lost)
    const configuration = 'getConfiguration' in attached.context ? attached.context.getConfiguration() : null
    void configuration?.device.lost.then(lost)
  }
}

const lostMessage = ({ wanted, lost }: WantedLayer): string =>
  `The browser took the ${wanted.context} context of module "${wanted.module}" away ${lost} times. Its picture stands still; reload the page to draw it again.`

/** Copies stay on the GPU; the second canvas is made at the first call. */
const pictureKeeper = (context: OffscreenCanvasRenderingContext2D): (() => () => void) => {
  let copy: OffscreenCanvasRenderingContext2D | undefined
  return () => {
    const { canvas } = context
    copy ??= new OffscreenCanvas(canvas.width, canvas.height).getContext('2d') ?? undefined
    const kept = copy
    if (kept === undefined) return () => undefined
    if (kept.canvas.width !== canvas.width) kept.canvas.width = canvas.width
    if (kept.canvas.height !== canvas.height) kept.canvas.height = canvas.height
    kept.globalCompositeOperation = 'copy'
    kept.drawImage(canvas, 0, 0)
    return () => {
      context.save()
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.globalAlpha = 1
      context.globalCompositeOperation = 'copy'
      context.drawImage(kept.canvas, 0, 0)
      context.restore()
    }
  }
}

/** By a fence behind each picture, whose state is looked at between tasks and never waited for. */
const pictureFence = (gl: WebGL2RenderingContext): Required<Pick<Layer, 'isBusy' | 'drawn'>> => {
  let fence: WebGLSync | null = null
  return {
    isBusy: () => {
      if (fence === null || gl.isContextLost()) return false
      if (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return true
      gl.deleteSync(fence)
      fence = null
      return false
    },
    drawn: () => {
      if (fence !== null) gl.deleteSync(fence)
      fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
      gl.flush()
    },
  }
}

/** Configured with a device of its own: `ctx.getConfiguration().device` is the way to it. */
const createGpuContext = async (wanted: LayerWanted, canvas: OffscreenCanvas): Promise<GPUCanvasContext> => {
  if (!('gpu' in navigator)) throw unsupported(wanted)
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter?.requestDevice()
  const context = canvas.getContext('webgpu')
  if (device === undefined || !(context instanceof GPUCanvasContext)) throw unsupported(wanted)
  context.configure({ device, format: navigator.gpu.getPreferredCanvasFormat(), alphaMode: 'premultiplied' })
  return context
}

const unsupported = ({ module, context }: LayerWanted): CoppiceError =>
  new CoppiceError(
    'not-supported',
    `Module "${module}" draws with ${context}, which this browser does not give to workers.`,
  )
