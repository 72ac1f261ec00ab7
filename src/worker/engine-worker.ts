// The engine worker's entry: waits for the page's port, then joins an engine to it. Thin: what it hands to the engine
// stands in the files beside it.
//
//   page ──'connect' + port──► here;  page ◄──MessagePort──► command-port ◄──► engine

import { createEngine } from '../engine/engine.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { WorkerStart } from '../protocol/worker-start.ts'
import { createCodeLoader } from './code-loader.ts'
import { CommandPort } from './command-port.ts'
import { RealClock } from './real-clock.ts'
import { SharedPulse } from './shared-pulse.ts'
import { type ErrorScope, watchTopLevelErrors } from './top-level-errors.ts'
import { WorkerLayers } from './worker-layers.ts'

/** Frames of a stack: packages may stand between the throw and the workspace's line. */
Error.stackTraceLimit = 40

/** Milliseconds between two signs of life. */
const aliveEveryMs = 150

const connect = (scope: ErrorScope, messagePort: MessagePort, memory: SharedArrayBuffer | undefined): void => {
  const clock = new RealClock()
  const pulse = memory === undefined ? undefined : new SharedPulse(memory)
  if (pulse !== undefined) setInterval(() => pulse.beatAlive(), aliveEveryMs)
  const emit = (event: EngineEvent): void => {
    port.emit(event)
  }
  const { locateSyntaxError } = watchTopLevelErrors(scope, (message, stack) => {
    emit({ type: 'internal-error', message, ...(stack === undefined ? {} : { stack }) })
  })
  const engine = createEngine({
    clock,
    timers: clock,
    createLoader: (ambient) =>
      createCodeLoader(ambient, { locateSyntaxError, loading: (file) => pulse?.loading(file) }),
    layers: new WorkerLayers(emit),
    emit,
    realm: { Date, Intl, global: globalThis },
    isIsolated: globalThis.crossOriginIsolated,
    sendNow: () => port.sendNow(),
    ...(pulse === undefined ? {} : { pulse }),
  })
  const port = new CommandPort(
    messagePort,
    (name, args) => engine.execute(name, args),
    (id) => pulse?.begun(id),
  )
}

globalThis.addEventListener('message', ({ data, ports }: MessageEvent<WorkerStart>) => {
  const [port] = ports
  if (port !== undefined) connect(globalThis, port, data.pulse)
})
