// Makes the page's one handle on engine and dev server, and puts `window.coppice` in place. Everything it does is a
// command to the engine or a request to the server; the flow between the two is program-session.ts.

import { createAutomation } from './automation.ts'
import { watchBattery } from './battery.ts'
import type { CoppiceClient } from './coppice-client.ts'
import { joinSound } from './page-sound.ts'
import { ProgramSession, type SessionParts } from './program-session.ts'
import { joinSockets } from './sockets/join-sockets.ts'

/** The client of this page, on what starts its worker and what connects it to its dev server. */
export const createCoppiceClient = (parts: SessionParts): CoppiceClient => {
  const session = new ProgramSession(parts)
  const sockets = joinSockets(session)
  const sound = typeof window === 'undefined' ? undefined : joinSound(session)
  const leave = (): void => session.leave()
  const automation = createAutomation(session, sockets, firstFrame(session))
  if (typeof window !== 'undefined') {
    Object.defineProperty(window, 'coppice', { value: automation, configurable: true })
    window.addEventListener('pagehide', leave)
    const toldOf = (isDrained: boolean): Promise<unknown> => session.command('setVerifying', !isDrained, 'battery')
    watchBattery(navigator, (isDrained) => {
      toldOf(isDrained).catch((error: unknown) => session.tellBug(error))
    }).catch((error: unknown) => session.tellBug(error))
  }

  return {
    open: (workspace, options) => session.open(workspace, options),
    command: session.command,
    on: (type, handler) => session.on(type, handler),
    sendInput(input) {
      session.command('input', input).catch((error: unknown) => session.tellBug(error))
    },
    files: {
      read: (path) => session.request('readFile', path),
      save: (edits, options) => session.save(edits, options),
      create: (path, text) => session.change((options) => session.request('createFile', path, text, options)),
      rename: (from, to) => session.change((options) => session.request('renameFile', from, to, options)),
      delete: (path) => session.change((options) => session.request('deleteFile', path, options)),
      change: (ask) => session.change(ask),
      duplicate: (path, to) => session.change((options) => session.request('duplicateFile', path, to, options)),
    },
    get isSaving() {
      return session.isSaving
    },
    changesOf: (receipt) => session.changesOf(receipt),
    replay: (told) => session.replay(told),
    request: (name, ...args) => session.request(name, ...args),
    attachLayer(layer, wanted) {
      const id = `layer:${wanted.module}`
      session.command('attachLayer', layer).then(
        () => session.setOwnProblem(id, undefined),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error)
          session.setOwnProblem(id, { source: 'render', severity: 'error', module: wanted.module, message })
        },
      )
    },
    setMuted: (isMuted) => sound?.setMuted(isMuted),
    automation,
    dispose: () => {
      if (typeof window !== 'undefined') window.removeEventListener('pagehide', leave)
      sound?.dispose()
      sockets.dispose()
      session.dispose()
    },
  }
}

/** Settles when the first frame has run; opened paused, when frame 0 stands. */
const firstFrame = (session: ProgramSession): Promise<void> =>
  new Promise((resolve) => {
    const off = session.on('status', ({ status }) => {
      if (status.frame < 1 && !status.paused) return
      resolve()
      queueMicrotask(() => off())
    })
  })
