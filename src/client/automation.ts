// `window.coppice`: the public automation API, as a thin face of the client. Each call is one command or request; what
// it promises stands in protocol/automation.ts.

import type { CoppiceAutomation } from '../protocol/automation.ts'
import { CoppiceError } from '../protocol/errors.ts'
import { type EngineEventType, eventTypes } from '../protocol/events.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ProgramSession } from './program-session.ts'
import type { SocketHub } from './sockets/socket-hub.ts'

declare global {
  interface Window {
    /** The automation API of this page. */
    readonly coppice: CoppiceAutomation
  }
}

const isEventType = (event: unknown): event is EngineEventType => eventTypes.some((type) => type === event)

/** `ready` is handed in: the client knows when the first frame has run. */
export const createAutomation = (
  session: ProgramSession,
  sockets: SocketHub,
  ready: Promise<void>,
): CoppiceAutomation => {
  const { command } = session
  const write = async (
    edits: readonly { readonly path: string; readonly text: string }[],
    isPersisted: boolean,
  ): Promise<readonly Receipt[]> => (await session.save(edits, { persist: isPersisted })).receipts

  return {
    ready,
    status: () => command('status'),
    pause: () => command('pause'),
    resume: () => command('resume'),
    step: (n = 1) => command('step', n),
    reset: () => command('reset'),
    undoReset: () => command('undoReset'),
    setSpeed: (speed) => command('setSpeed', speed),
    waitFor: (condition, options) => command('waitFor', condition, options),
    modules: () => command('modules'),
    state: (module) => command('state', module),
    setState: (module, path, value) => command('setState', module, path, value),
    query: (module, question) => command('query', module, question),
    config: (module) => command('config', module),
    configView: (module) => command('configView', module),
    setConfig: (module, changes) => command('setConfig', module, changes),
    resetConfig: (module, paths) => command('resetConfig', module, paths),
    writeConfig: async (module, values) => {
      const written = values ?? (await command('configView', module)).layers.live
      return session.change((options) => session.request('writeConfig', module, written, options))
    },
    reload: (module) => command('reload', module),
    setRehearsing: (isRehearsing) => {
      session.setRehearsing(isRehearsing)
      return Promise.resolve()
    },
    receipts: () => command('receipts'),
    undoReload: (module, options) => command('undoReload', module, options),
    replayFromStart: async () => session.replay(() => undefined).result,
    unload: (module) => command('unload', module),
    load: async (entry) => {
      const full: ManifestModule = { strategy: 'sequential', config: {}, ...entry }
      return session.receiptsOf(await session.request('loadModule', full))
    },
    publish: (topic, data) => command('publish', topic, data),
    bus: () => command('bus'),
    sockets: () => Promise.resolve(sockets.infos()),
    connect: (socket, client) => {
      const end = sockets.connect(socket, client)
      return end === undefined
        ? Promise.reject(new CoppiceError('invalid-argument', `There is no open socket "${socket}" of kind "intra".`))
        : Promise.resolve(end)
    },
    logs: (filter = {}) => command('logs', filter),
    problems: () => Promise.resolve(session.problems()),
    input: {
      key: (code, down, options) => command('input', { kind: 'key', code, down }, options),
      pointer: (pointer, options) => {
        const { x, y, buttons } = { ...pointer }
        return command('input', { kind: 'pointer', x, y, buttons, isInside: true }, options)
      },
    },
    metrics: () => command('metrics'),
    stateHash: (module, path) => command('stateHash', module, path),
    findState: (module, query, options) => command('findState', module, query, options),
    healthHistory: async (module) => {
      const ofSockets = sockets.healthHistory.filter((change) => module === undefined || change.module === module)
      const all = [...(await command('healthHistory', module)), ...ofSockets]
      return all.toSorted(
        ({ moment: left }, { moment: right }) => left.timeline - right.timeline || left.frame - right.frame,
      )
    },
    files: {
      list: () => session.request('listFiles'),
      read: async (path) => {
        const content = await session.request('readFile', path)
        if (content.kind === 'text') return content.text
        const code = content.kind === 'binary' ? 'file-binary' : 'file-too-large'
        throw new CoppiceError(
          code,
          `${path} is ${content.kind === 'binary' ? 'no text file' : `too large (${content.size} bytes)`}.`,
        )
      },
      write: (path, text, options) => write([{ path, text }], options?.persist ?? true),
      apply: (edits) => write(edits, true),
    },
    on: (event, handler) => {
      if (!isEventType(event))
        throw new CoppiceError(
          'invalid-argument',
          `There is no event "${String(event)}". Events: ${eventTypes.join(', ')}.`,
        )
      if (typeof handler !== 'function') throw new CoppiceError('invalid-argument', `on "${event}" needs a function.`)
      return session.on(event, handler)
    },
  }
}
