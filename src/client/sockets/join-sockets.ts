// Joins the page's sockets to its program: which there are, what enters, what leaves, and how they stand.

import type { ProgramSession } from '../program-session.ts'
import { SocketHub } from './socket-hub.ts'

/** Changes are told a few times a second. */
const tellMs = 250

export function joinSockets(session: ProgramSession): SocketHub {
  let workspace = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const hub: SocketHub = new SocketHub({
    id: `tab-${crypto.randomUUID().slice(0, 8)}`,
    command: session.command,
    credentials: () => session.request('socketCredentials'),
    changed: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        session.tell({ type: 'sockets', sockets: hub.infos() })
      }, tellMs)
    },
  })
  session.on('workspace', (event) => {
    workspace = event.workspace.name
  })
  session.on('sockets-wanted', ({ sockets }) => hub.configure(workspace, sockets))
  session.on('journal', ({ entries }) => hub.journal(entries))
  session.on('outputs', ({ outputs }) => {
    for (const output of outputs) if (output.kind === 'socket') hub.send(output.socket, output)
  })
  session.on('status', ({ status }) => hub.status(status))
  session.on('hang-ended', () => hub.engineChanged())
  return hub
}
