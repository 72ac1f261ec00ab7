// The past of an engine's programs, joined to the engine around it.

import type { EngineCore } from '../engine-core.ts'
import { History } from './history.ts'

/** The history of an engine, of which clock, code, classes, calls and faults are there. */
export function createHistory(core: EngineCore): History {
  const { host } = core
  return new History({
    clock: host.clock,
    code: core.code,
    classes: core.classes,
    call: core.call,
    settings: host.history ?? {},
    pulse: host.pulse,
    createProgram: (timeline) => core.createProgram(timeline),
    write: (module, level, values) => core.write(module, level, values),
    refused: (module, message) => core.faults.stateRefused(module, message),
    roomChanged: (module) => core.faults.roomChanged(module),
    copied: (copy) => {
      core.reporter.emit({ type: 'captures', ...copy })
      host.sendNow?.()
    },
  })
}
