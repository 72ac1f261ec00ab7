// The page's end of the link to the dev server: requests with one answer each and pushes, over custom events of Vite's
// websocket (names in protocol/workspace.ts). When the server goes, what is pending is rejected and the page lives on;
// when it comes back, subscribers are told and everything can be asked again.
//
//   connecting ──first sign of life──► connected ──websocket closed──► disconnected ──a new one opened──► connected

import { CoppiceError } from '../protocol/errors.ts'
import {
  type ServerAnswerMessage,
  type ServerPush,
  type ServerRequestName,
  type ServerRequests,
  serverEvents,
} from '../protocol/workspace.ts'
import type { ServerConnection } from './coppice-client.ts'
import { PendingRequests } from './link.ts'
import { type DevServer, type HotChannel, connectionEvents } from './vite-connection.ts'

export interface ServerLinkHandlers {
  readonly onConnection: (connection: ServerConnection) => void
  readonly onPush: (push: ServerPush) => void
}

export class ServerLink {
  readonly #server: DevServer
  readonly #handlers: ServerLinkHandlers
  readonly #pending = new PendingRequests('the dev server')
  readonly #end = new AbortController()
  #channel: HotChannel | undefined
  #connection: ServerConnection = 'connecting'

  constructor(server: DevServer, handlers: ServerLinkHandlers) {
    this.#server = server
    this.#handlers = handlers
    if (server.first === undefined) this.#setConnection('disconnected')
    else {
      handlers.onConnection('connecting')
      this.#attach(server.first)
    }
  }

  get connection(): ServerConnection {
    return this.#connection
  }

  /** Rejects with the server's CoppiceError, or `disconnected`. */
  async request<Name extends ServerRequestName>(
    name: Name,
    ...args: Parameters<ServerRequests[Name]>
  ): Promise<ReturnType<ServerRequests[Name]>> {
    const channel = this.#channel
    if (channel === undefined)
      throw new CoppiceError('disconnected', `"${name}" can't be asked: the dev server is not reachable.`)
    const result = await this.#pending.request(name, (id) => {
      channel.send(serverEvents.request, { id, name, args })
    })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answering side is typed by the same map (src/server)
    return result as ReturnType<ServerRequests[Name]>
  }

  dispose(): void {
    this.#end.abort()
    this.#channel = undefined
    this.#pending.rejectAll('closed', 'the page gave the connection up')
  }

  #attach(channel: HotChannel): void {
    this.#channel = channel
    const ifCurrent = (handle: () => void): void => {
      if (this.#channel !== channel) return
      this.#setConnection('connected')
      handle()
    }
    channel.on(connectionEvents.connected, () => {
      ifCurrent(() => undefined)
    })
    channel.on(serverEvents.answer, (answer) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by protocol/workspace.ts on both sides
      ifCurrent(() => this.#pending.settle(answer as ServerAnswerMessage))
    })
    channel.on(serverEvents.push, (push) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by protocol/workspace.ts on both sides
      ifCurrent(() => this.#handlers.onPush(push as ServerPush))
    })
    channel.on(connectionEvents.disconnected, () => {
      if (this.#channel === channel) void this.#reconnect()
    })
  }

  async #reconnect(): Promise<void> {
    this.#channel = undefined
    this.#setConnection('disconnected')
    this.#pending.rejectAll('disconnected', 'the dev server was stopped')
    try {
      const channel = await this.#server.reconnect(this.#end.signal)
      if (this.#end.signal.aborted) return
      this.#attach(channel)
      this.#setConnection('connected')
    } catch (error) {
      // Given up by `dispose`; anything else is a bug and reaches the page's top.
      if (!this.#end.signal.aborted) throw error
    }
  }

  #setConnection(connection: ServerConnection): void {
    if (this.#connection === connection) return
    this.#connection = connection
    this.#handlers.onConnection(connection)
  }
}
