// A socket of the page itself: who holds an end of it (a test, a page around the program) is a client like any other.

import { CoppiceError } from '../../protocol/errors.ts'
import type { SocketEnd } from '../../protocol/sockets.ts'
import { checkTopic } from '../../protocol/topic.ts'
import type { OutgoingMessage, Socket, SocketListener } from './socket.ts'

export interface IntraSocket extends Socket {
  readonly connect: (client: string) => SocketEnd
}

/** Opens at once. */
export function openIntraSocket(listener: SocketListener): IntraSocket {
  const handlers = new Set<(message: OutgoingMessage) => void>()
  let sent = 0
  let isOpen = true
  queueMicrotask(() => listener.changed('open', 'this page'))
  return {
    send(message) {
      sent++
      for (const handler of handlers) handler(message)
    },
    figures: () => ({ sent, queued: 0, dropped: 0, reconnects: 0 }),
    connect(client) {
      const own = new Set<(message: OutgoingMessage) => void>()
      let isConnected = true
      return {
        send(topic, data, reply) {
          if (!isOpen || !isConnected)
            throw new CoppiceError('closed', `"${topic}" can't be sent: the socket is closed.`)
          const problem = checkTopic(topic)
          if (problem !== undefined) throw new CoppiceError('invalid-argument', problem)
          listener.received({ topic, data, from: client, ...(reply === undefined ? {} : { reply }) })
        },
        on(handler) {
          handlers.add(handler)
          own.add(handler)
          return () => handlers.delete(handler)
        },
        close() {
          isConnected = false
          for (const handler of own) handlers.delete(handler)
        },
      }
    },
    dispose() {
      isOpen = false
      handlers.clear()
    },
  }
}
