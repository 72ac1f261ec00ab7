// The one picture of a rehearsal (ML4), on a canvas that nobody sees.

import type { SourceError } from '../../protocol/values.ts'
import { isThenable } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { RandomStream } from '../random.ts'

/** What `view.setup` or `render` throws, at its place; 2d only, as other contexts are dear. */
export function drawOnce(core: EngineCore, module: ModuleInstance, program: Program): SourceError | undefined {
  const { render, view } = module.definition
  if (render === undefined || view.context !== '2d') return undefined
  const { width, height } = program.view
  const ctx = core.host.sketch?.(width, height)
  if (ctx === undefined) return undefined
  const { call, code } = core
  const draw = (): void => {
    const made: unknown = call.within(module.name, 'view-setup', () =>
      view.setup?.({ canvas: ctx.canvas, ctx, width, height }),
    )
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
  }
}
