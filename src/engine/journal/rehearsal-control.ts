// The same frames by the code that runs, without the commit: what a rehearsal found fault with may be on its way from elsewhere (garbage
// that a message brings), and the code that runs would meet it too. Computed only where a rehearsal found something.

import type { EngineCore } from '../engine-core.ts'
import type { Program } from '../program.ts'
import type { StandbySource, StandbyWork } from './standby-work.ts'

/** What came of it. */
export interface Control {
  /** Calls that threw, by `throwKey`. */
  readonly thrown: ReadonlySet<string>
  /** At the end of the last frame; undefined where it takes too long, or can't be computed. */
  readonly program: Program | undefined
}

/** By which a call is known in both. */
export function throwKey(module: string, frame: number): string {
  return `${String(frame)} ${module}`
}

/** Up to the end of `frame`, within `patienceMs`. Its program is the caller's to end. */
export async function computeControl(
  core: EngineCore,
  work: StandbyWork,
  source: StandbySource,
  frame: number,
  patienceMs: number,
): Promise<Control> {
  const { call, reloadParts } = core
  const started = reloadParts.now()
  const thrown = new Set<string>()
  const simulation = work.simulation(source, {
    threw: (module) => {
      thrown.add(throwKey(module.name, call.frame))
    },
  })
  const isOverdue = (): boolean => reloadParts.now() - started > patienceMs
  const result = await work.run(simulation, { frame, at: 'end', isOverdue })
  return { thrown, program: result?.kind === 'reached' ? result.program : undefined }
}
