// Which engine runs the program, and which stands by: workers are peers at the other end of real ports, time goes on when it is told.

import { expect, onTestFinished, test, vi } from 'vitest'
import type { ProgramRevision } from '../protocol/code.ts'
import type { CommandName } from '../protocol/commands.ts'
import type { Status } from '../protocol/program.ts'
import { callPhases, pulseBytes, pulseNamesAt, pulseSlots } from '../protocol/pulse.ts'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { CodeStore } from './code-store.ts'
import { EngineGuard, type EndedHang } from './engine-guard.ts'
import { EnginePeer } from './link-peers.ts'

const revision: ProgramRevision = {
  revision: 1,
  trigger: 'open',
  title: '',
  changedFiles: [],
  manifest: {
    targetFps: 60,
    seed: 1,
    math: 'portable',
    view: { width: 1280, height: 720, fit: 'contain' },
    modules: [],
  },
  modules: [],
  texts: [],
  ms: { collect: 0, fetch: 0 },
  problems: [],
}

const status: Status = {
  type: 'debug',
  hasCoordinator: false,
  clientSockets: 0,
  isolated: true,
  canUndoReset: false,
  running: true,
  paused: false,
  timeline: timelineId(0),
  frame: frameNumber(9),
  targetFps: 60,
  fps: 60,
  averageFps: 60,
  runtimeSeconds: 1,
  speed: 1,
  modulesLoaded: 1,
  reproducible: true,
}

/** A worker that shows what it is at, has captures of its own, and answers all it is asked. */
class ShownPeer {
  readonly pulse = new SharedArrayBuffer(pulseBytes)
  readonly captures = new SharedArrayBuffer(8)
  readonly peer = new EnginePeer(
    (name: CommandName) => ({ result: name === 'captures' ? this.captures : undefined }),
    this.pulse,
  )

  /** Nothing but a first sign of life, and a call of `process` that was begun. */
  hang(): void {
    const slots = new Int32Array(this.pulse)
    new Uint16Array(this.pulse).set([1, 'a'.charCodeAt(0)], pulseNamesAt)
    slots[pulseSlots.phase] = callPhases.indexOf('process')
    slots[pulseSlots.module] = pulseNamesAt
    slots[pulseSlots.frame] = 9
    slots[pulseSlots.isFrameOpen] = 1
    slots[pulseSlots.beat] = 1
    slots[pulseSlots.alive] = 1
  }

  asked(name: CommandName): boolean {
    return this.peer.commands.some((command) => command.name === name)
  }

  sent(kind: 'serve' | 'standby') {
    return this.peer.sent.find((message) => message.kind === kind)
  }
}

/** Turns of the thread, in which messages arrive, while its time stands still. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 10_000) throw new Error('it did not come to that')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('[ML9] after a hang another standby is there a third of a second after the other engine took over, and tries out the next save', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  const workers: ShownPeer[] = []
  const hangs: EndedHang[] = []
  const guard = new EngineGuard({
    startEngine: () => {
      const worker = new ShownPeer()
      workers.push(worker)
      return worker.peer.thread
    },
    store: new CodeStore(),
    emit: () => undefined,
    layersGone: () => undefined,
    hungEnded: (hang) => hangs.push(hang),
  })
  onTestFinished(() => {
    guard.dispose()
    vi.useRealTimers()
  })
  const worker = (index: number): ShownPeer => {
    const found = workers[index]
    if (found === undefined) throw new Error(`worker ${index} was not started`)
    return found
  }
  await guard.command('applyRevision', revision)
  worker(0).peer.emit({ type: 'status', status })
  // The first one waits until the program has come up.
  await until(() => vi.getTimerCount() === 2)
  vi.advanceTimersByTime(1999)
  expect(workers).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(workers).toHaveLength(2)
  await until(() => worker(0).sent('standby') !== undefined)
  expect(worker(1).sent('serve')).toBeDefined()
  expect(worker(0).sent('standby')).toMatchObject({ captures: worker(0).captures })

  worker(0).hang()
  vi.advanceTimersByTime(1200)
  expect(worker(0).peer.isTerminated).toBe(true)
  await until(() => hangs.length > 0)
  expect(hangs).toMatchObject([{ module: 'a', lost: undefined }])
  expect(worker(1).asked('takeOver')).toBe(true)
  // No other worker while it takes over: it needs the machine.
  await until(() => vi.getTimerCount() === 2)
  vi.advanceTimersByTime(299)
  expect(workers).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(workers).toHaveLength(3)
  await until(() => worker(1).sent('standby') !== undefined)
  expect(worker(1).sent('standby')).toMatchObject({ captures: worker(1).captures })

  // What the engine asks of it there, a rehearsal, arrives.
  const [toStandby] = worker(1).sent('standby')?.ports ?? []
  const [atStandby] = worker(2).sent('serve')?.ports ?? []
  const arrived: unknown[] = []
  if (atStandby !== undefined) atStandby.onmessage = ({ data }) => arrived.push(data)
  toStandby?.postMessage('rehearse')
  await until(() => arrived.length > 0)
  expect(arrived).toEqual(['rehearse'])
  toStandby?.close()
})
