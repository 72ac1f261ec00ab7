// The one picture of a rehearsal (ML4), on a canvas that nobody sees. After a dear one there is none for some saves: what it would find is
// found as it is drawn, and no save is made to wait for a second `view.setup` on a graphics process that is slow as it is.

import type { SourceError } from '../../protocol/values.ts'
import { isThenable } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { RandomStream } from '../random.ts'

/** A picture that took so much longer is left out the next time, one that took twice that the next two times, and so on. */
const mostMs = 25

export class RehearsalDrawing {
  readonly #core: EngineCore
  /** By module, what its last picture took; half of that after each time it was left out. */
  readonly #took = new Map<string, number>()

  constructor(core: EngineCore) {
    this.#core = core
  }

  /** What `view.setup` or `render` throws, at its place. */
  drawOnce(module: ModuleInstance, program: Program): SourceError | undefined {
    const { render, view } = module.definition
    const { call, code, host, reloadParts } = this.#core
    if (render === undefined) return undefined
    const took = this.#took.get(module.name) ?? 0
    if (took > mostMs) {
      this.#took.set(module.name, took / 2)
      return undefined
    }
    const { width, height } = program.view
    const sketch = host.sketches?.take(view.context, width, height)
    if (sketch === undefined) return undefined
    const started = reloadParts.now()
    const { canvas, context: ctx } = sketch
    const draw = (): void => {
      const made: unknown = call.within(module.name, 'view-setup', () => view.setup?.({ canvas, ctx, width, height }))
      // What takes its time to be set up is not waited for.
      if (isThenable(made)) return
      const stream = new RandomStream(module.name, 'render')
      stream.reset(program.seed, program.frame)
      const { config, state } = module
      const { time } = program
      const { random } = stream
      call.within(module.name, 'render', () => render({ ctx, state, config, view: made, width, height, time, random }))
      const { dispose } = view
      if (dispose !== undefined) call.within(module.name, 'dispose', () => dispose(made))
    }
    try {
      call.apart(draw)
      return undefined
    } catch (error) {
      return code.describe(error, module.entry, module.manifest.path)
    } finally {
      sketch.drop()
      this.#took.set(module.name, reloadParts.now() - started)
    }
  }
}
