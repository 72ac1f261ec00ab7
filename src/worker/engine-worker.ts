// The engine worker's entry: waits for the page's port, then joins an engine to it. Thin: what it hands to the engine
// stands in the files beside it.
//
//   page ──'connect' + port──► here;  page ◄──MessagePort──► command-port ◄──► engine

import { createEngine } from '../engine/engine.ts'
import type { EngineEvent } from '../protocol/events.ts'
import { createCodeLoader } from './code-loader.ts'
import { CommandPort } from './command-port.ts'
import { RealClock } from './real-clock.ts'
import { type ErrorScope, watchTopLevelErrors } from './top-level-errors.ts'
import { WorkerLayers } from './worker-layers.ts'

/** Frames of a stack: packages may stand between the throw and the workspace's line. */
Error.stackTraceLimit = 40

const connect = (scope: ErrorScope, messagePort: MessagePort): void => {
  const clock = new RealClock()
  const emit = (event: EngineEvent): void => {
    port.emit(event)
  }
  const { locateSyntaxError } = watchTopLevelErrors(scope, (message, stack) => {
    emit({ type: 'internal-error', message, ...(stack === undefined ? {} : { stack }) })
  })
  const engine = createEngine({
    clock,
    timers: clock,
    createLoader: (ambient) => createCodeLoader(ambient, { locateSyntaxError }),
    layers: new WorkerLayers(emit),
    emit,
    realm: { Date, Intl, global: globalThis },
    isIsolated: globalThis.crossOriginIsolated,
  })
  const port = new CommandPort(messagePort, (name, args) => engine.execute(name, args))
}

globalThis.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
  const [port] = ports
  if (data === 'connect' && port !== undefined) connect(globalThis, port)
})
