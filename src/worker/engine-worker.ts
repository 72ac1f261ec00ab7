// The engine worker's entry: waits for the page's port, then joins an engine to it. Thin: what it hands to the engine
// stands in the files beside it.
//
//   page ──'connect' + port──► here;  page ◄──MessagePort──► command-port ◄──► engine

import { createEngine, type Engine } from '../engine/engine.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { WorkerMessage } from '../protocol/worker-start.ts'
import { createCodeLoader } from './code-loader.ts'
import { CommandPort, type ExecuteCommand } from './command-port.ts'
import { startNestedWorker } from './nested-worker.ts'
import { RealClock } from './real-clock.ts'
import { PostedPulse } from './posted-pulse.ts'
import { StandbyLink } from './standby-link.ts'
import { SharedPulse } from './shared-pulse.ts'
import { createSketchHost } from './sketches.ts'
import { sideThreadCount, SideThreads } from './side-threads.ts'
import { TaskPool } from './task-pool.ts'
import { type ErrorScope, watchTopLevelErrors } from './top-level-errors.ts'
import { createTurns } from './turns.ts'
import { WorkerLayers } from './worker-layers.ts'

/** Frames of a stack: packages may stand between the throw and the workspace's line. */
Error.stackTraceLimit = 40

/** Milliseconds between two signs of life. */
const aliveEveryMs = 150

/** One core is the engine's. */
const sideThreads = sideThreadCount(navigator.hardwareConcurrency)

interface Connected {
  readonly execute: ExecuteCommand
  readonly useStandby: Engine['useStandby']
}

const connect = (scope: ErrorScope, messagePort: MessagePort, memory: SharedArrayBuffer | undefined): Connected => {
  const clock = new RealClock()
  const pulse =
    memory === undefined ? new PostedPulse((message) => globalThis.postMessage(message)) : new SharedPulse(memory)
  setInterval(() => pulse.beatAlive(), aliveEveryMs)
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
      createCodeLoader(ambient, {
        locateSyntaxError,
        loading: (file) => pulse.loading(file),
        loopFound: (position) => {
          emit({ type: 'loop-found', position })
          port.sendNow()
        },
      }),
    layers: new WorkerLayers(emit),
    emit,
    realm: { Date, Intl, global: globalThis },
    isIsolated: globalThis.crossOriginIsolated,
    tasks: new TaskPool({ start: startNestedWorker, size: sideThreads, timers: clock, now: () => clock.now() }),
    ...(globalThis.crossOriginIsolated ? { moduleThreads: new SideThreads(startNestedWorker, sideThreads) } : {}),
    sendNow: () => port.sendNow(),
    giveWay: createTurns(),
    sketches: createSketchHost((body) => clock.callAt(clock.now(), body)),
    pulse,
    history: { copies: memory === undefined },
  })
  const execute: ExecuteCommand = (name, args) => engine.execute(name, args)
  const port = new CommandPort(messagePort, execute, (id) => pulse.begun(id))
  return { execute, useStandby: (standby) => engine.useStandby(standby) }
}

/** What the page says of the standby, or that this one is it. */
const follow = ({ execute, useStandby }: Connected): void => {
  let standby: StandbyLink | undefined
  globalThis.addEventListener('message', ({ data, ports }: MessageEvent<WorkerMessage>) => {
    const [port] = ports
    switch (data.kind) {
      case 'connect':
        return
      case 'serve':
        if (port !== undefined) new CommandPort(port, execute)
        return
      case 'standby':
        if (port === undefined) return
        standby = new StandbyLink(port, data.captures)
        useStandby(standby)
        return
      case 'standby-gone':
        standby?.ended(data.end)
        standby = undefined
        useStandby(undefined)
    }
  })
}

globalThis.addEventListener('message', function start({ data, ports }: MessageEvent<WorkerMessage>) {
  const [port] = ports
  if (data.kind !== 'connect' || port === undefined) return
  globalThis.removeEventListener('message', start)
  follow(connect(globalThis, port, data.pulse))
})
