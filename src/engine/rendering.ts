// Drawing (FL9): which modules have a layer, their views, and when they are drawn. Reads the program, never changes it.
// Canvases belong to the layer host; one comes when the host has it, and a module draws from then on.

import type { LayerWanted } from '../protocol/events.ts'
import type { RenderingContexts } from '../protocol/module.ts'
import type { ManifestView } from '../protocol/manifest.ts'
import type { CallTracker } from './call-tracker.ts'
import { isThenable, refusePromise } from './definition.ts'
import type { Definition } from './definition.ts'
import type { Layer, LayerHost, Timers, Clock } from './host.ts'
import type { Program } from './program.ts'
import type { ModuleInstance } from './module-instance.ts'
import { RandomStream } from './random.ts'

/** By the clock: less than this since the last drawing, it is still the same display frame (16 ms at 60 Hz, with room for jitter). */
const displayFrameMs = 12
/** So many pictures of a version, or after a throw, are drawn with the one before kept, in case they throw. */
const watchedDrawings = 60

/** A view made by a version that is not committed yet. */
export interface PreparedView {
  readonly layer: Layer
  view: unknown
  /** There where `view.setup` is asynchronous; rejects with what it throws. */
  readonly pending: Promise<void> | undefined
}

interface LayerState {
  readonly module: string
  readonly request: number
  readonly kind: keyof RenderingContexts
  readonly z: number
  layer: Layer | undefined
  /** Undefined until `view.setup` is through. */
  view: { readonly value: unknown; readonly definition: Definition } | undefined
  watched: number
  readonly random: RandomStream
}

export interface RenderingOptions {
  readonly layers: LayerHost
  readonly clock: Clock
  readonly timers: Timers
  readonly call: CallTracker
  readonly failed: (module: ModuleInstance, error: unknown) => void
  readonly drawn: (module: ModuleInstance) => void
  readonly layerGone: (module: string) => void
}

/** The layers of one engine. */
export class Rendering {
  readonly #options: RenderingOptions
  readonly #layers = new Map<string, LayerState>()
  readonly #hidden = new Set<string>()
  #program: Program | undefined
  #lastRequest = 0
  #drawnAt = -Infinity
  #cancelRedraw: (() => void) | undefined
  readonly #leftOut = new Set<LayerState>()
  #cancelLeftOut: (() => void) | undefined

  constructor(options: RenderingOptions) {
    this.#options = options
  }

  /** Runs `view.setup` of a version to come on the present canvas. Undefined where there is no canvas of that kind yet. */
  prepareView(module: string, definition: Definition, size: ManifestView): PreparedView | undefined {
    const state = this.#layers.get(module)
    if (state?.layer === undefined || !isLayerFor(state, definition)) return undefined
    const { layer } = state
    const prepared: PreparedView = { layer, view: undefined, pending: undefined }
    const made = this.#setUp(module, definition, layer, size)
    if (!(made instanceof Promise)) return { ...prepared, view: made }
    const awaited: PreparedView = {
      layer,
      view: undefined,
      pending: made.then((view) => {
        awaited.view = view
      }),
    }
    return awaited
  }

  /** A prepared view that is not wanted any more. */
  discardView(module: string, definition: Definition, prepared: PreparedView): void {
    this.#disposeView(module, { value: prepared.view, definition })
  }

  /** Brings the layers in line with what runs now, and draws. `views`: those prepared for this commit. */
  sync(program: Program, views: ReadonlyMap<string, PreparedView>): void {
    this.#program = program
    const drawing = new Map(
      program.modules.filter((module) => module.definition.render !== undefined).map((module) => [module.name, module]),
    )
    for (const state of this.#layers.values()) {
      const module = drawing.get(state.module)
      if (module === undefined || !isLayerFor(state, module.definition)) this.#release(state, module === undefined)
    }
    for (const module of drawing.values()) {
      const state = this.#layers.get(module.name)
      if (state === undefined) this.#request(module)
      else if (state.view?.definition !== module.definition) this.#changeVersion(state, module, views.get(module.name))
    }
    this.redraw()
  }

  /** Draws what is visible, at most once per display frame; false where it was not due. */
  drawIfDue(program: Program): boolean {
    if (this.#layers.size === 0) return false
    if (!this.#isDisplayReady()) return false
    this.#drawAll(program)
    return true
  }

  #isDisplayReady(): boolean {
    const { layers, clock } = this.#options
    if (layers.takeDisplayFrame !== undefined) return layers.takeDisplayFrame()
    const now = clock.now()
    if (now - this.#drawnAt < displayFrameMs) return false
    this.#drawnAt = now
    return true
  }

  /** Draws soon, also while paused: after a commit, an edit, a resize. Several calls draw once. */
  redraw(): void {
    if (this.#cancelRedraw !== undefined || this.#layers.size === 0) return
    const { clock, timers } = this.#options
    this.#cancelRedraw = timers.callAt(clock.now(), () => {
      this.#cancelRedraw = undefined
      if (this.#program !== undefined) this.#drawAll(this.#program)
    })
  }

  setVisible(module: string, isVisible: boolean): void {
    if (isVisible) this.#hidden.delete(module)
    else this.#hidden.add(module)
    this.redraw()
  }

  /** Device pixels of every layer. */
  resize(pixelWidth: number, pixelHeight: number): void {
    for (const { layer } of this.#layers.values()) {
      if (layer === undefined) continue
      layer.canvas.width = pixelWidth
      layer.canvas.height = pixelHeight
    }
    this.redraw()
  }

  dispose(): void {
    this.#cancelRedraw?.()
    this.#cancelLeftOut?.()
    for (const state of this.#layers.values()) this.#release(state, true)
  }

  #request(module: ModuleInstance): void {
    const { view } = module.definition
    this.#lastRequest++
    const state: LayerState = {
      module: module.name,
      request: this.#lastRequest,
      kind: view.context,
      z: view.z,
      layer: undefined,
      view: undefined,
      watched: watchedDrawings,
      random: new RandomStream(module.name, 'render'),
    }
    this.#layers.set(module.name, state)
    const wanted: LayerWanted = { module: module.name, request: state.request, context: view.context, z: view.z }
    this.#options.layers.request(wanted, (layer) => {
      if (this.#layers.get(state.module) !== state) return
      // A lost context is replaced by another: what was made with the first is gone.
      if (state.view !== undefined) this.#disposeView(state.module, state.view)
      state.view = undefined
      state.layer = layer
      const owner = this.#moduleOf(state)
      if (owner !== undefined) this.#startView(state, owner)
    })
  }

  #release(state: LayerState, isGone: boolean): void {
    this.#layers.delete(state.module)
    this.#leftOut.delete(state)
    if (state.view !== undefined) this.#disposeView(state.module, state.view)
    this.#options.layers.release(state.module)
    if (isGone) this.#options.layerGone(state.module)
  }

  #changeVersion(state: LayerState, module: ModuleInstance, prepared: PreparedView | undefined): void {
    const before = state.view
    state.watched = watchedDrawings
    if (state.layer === undefined) return
    if (prepared !== undefined && prepared.layer === state.layer) {
      state.view = { value: prepared.view, definition: module.definition }
    } else {
      state.view = undefined
      this.#startView(state, module)
    }
    if (before !== undefined) this.#disposeView(state.module, before)
  }

  /** `view.setup` on a canvas that came after the commit: its failure is a problem, not a rejection. */
  #startView(state: LayerState, module: ModuleInstance): void {
    const { layer } = state
    const { definition } = module
    if (layer === undefined || this.#program === undefined || module.isDrawingStopped) return
    const ready = (value: unknown): void => {
      if (this.#layers.get(state.module) !== state || this.#moduleOf(state)?.definition !== definition) {
        this.#disposeView(state.module, { value, definition })
        return
      }
      state.view = { value, definition }
      this.redraw()
    }
    const failed = (error: unknown): void => {
      if (this.#moduleOf(state)?.definition === definition) this.#options.failed(module, error)
    }
    try {
      const made = this.#setUp(state.module, definition, layer, this.#program.view)
      if (made instanceof Promise) made.then(ready, failed)
      else ready(made)
    } catch (error) {
      failed(error)
    }
  }

  #setUp(module: string, definition: Definition, layer: Layer, size: ManifestView): unknown {
    const { setup } = definition.view
    if (setup === undefined) return undefined
    const made = this.#options.call.within(module, 'view-setup', () =>
      setup({ canvas: layer.canvas, ctx: layer.context, width: size.width, height: size.height }),
    )
    return isThenable(made) ? Promise.resolve(made) : made
  }

  #disposeView(module: string, view: { readonly value: unknown; readonly definition: Definition }): void {
    const { dispose } = view.definition.view
    if (dispose === undefined) return
    try {
      this.#options.call.within(module, 'dispose', () => dispose(view.value))
    } catch (error) {
      const owner = this.#program?.module(module)
      if (owner !== undefined) this.#options.failed(owner, error)
    }
  }

  #moduleOf(state: LayerState): ModuleInstance | undefined {
    return this.#program?.module(state.module)
  }

  /** Those whose GPU is at the picture before are left out. */
  #drawAll(program: Program, layers: Iterable<LayerState> = this.#layers.values()): void {
    for (const state of layers) {
      this.#leftOut.delete(state)
      const module = program.module(state.module)
      if (module === undefined || this.#hidden.has(state.module)) continue
      if (state.layer?.isBusy?.() === true) this.#leftOut.add(state)
      else this.#draw(program, module, state)
    }
    this.#drawLeftOutLater()
  }

  /** While paused, no frame draws them. */
  #drawLeftOutLater(): void {
    if (this.#leftOut.size === 0 || this.#cancelLeftOut !== undefined) return
    const { clock, timers } = this.#options
    this.#cancelLeftOut = timers.callAt(clock.now() + displayFrameMs, () => {
      this.#cancelLeftOut = undefined
      if (this.#program !== undefined) this.#drawAll(this.#program, [...this.#leftOut])
    })
  }

  #draw(program: Program, module: ModuleInstance, state: LayerState): void {
    const { layer, view } = state
    const { render } = module.definition
    if (module.isDrawingStopped) return
    if (layer === undefined || render === undefined || view?.definition !== module.definition) return
    const { canvas, context } = layer
    const { width, height } = program.view
    const putBack = state.watched > 0 ? layer.keepPicture?.() : undefined
    const { call } = this.#options
    const started = this.#options.clock.now()
    call.enter(module.name, 'render')
    try {
      if (state.kind === '2d' && 'clearRect' in context) {
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.clearRect(0, 0, canvas.width, canvas.height)
        context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0)
      }
      state.random.reset(program.seed, program.frame)
      const { config, seen: data } = module
      const result = render({
        ctx: context,
        state: data,
        config,
        view: view.value,
        width,
        height,
        time: program.time,
        random: state.random.random,
      })
      refusePromise(
        result,
        'render',
        module.definition,
        'it must draw at once. Use `view.setup` for what is asynchronous.',
      )
      layer.drawn?.()
      if (state.watched > 0) state.watched--
      this.#options.drawn(module)
    } catch (error) {
      putBack?.()
      state.watched = watchedDrawings
      this.#options.failed(module, error)
    } finally {
      call.leave()
      module.renderMs = this.#options.clock.now() - started
    }
  }
}

function isLayerFor(state: LayerState, definition: Definition): boolean {
  return definition.render !== undefined && state.kind === definition.view.context && state.z === definition.view.z
}
