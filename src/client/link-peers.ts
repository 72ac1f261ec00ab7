// The other ends of the page's links, in process, for tests: a dev server and an engine that answer as they are told.

import type { CommandMessage, CommandName } from '../protocol/commands.ts'
import type { ErrorData } from '../protocol/errors.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { WorkerMessage } from '../protocol/worker-start.ts'
import { type ServerPush, type ServerRequestMessage, serverEvents } from '../protocol/workspace.ts'
import type { EngineThread } from './engine-link.ts'
import { type DevServer, type HotChannel, connectionEvents } from './vite-connection.ts'

/** What a peer answers with: a result, or an error. */
export type Reply = { readonly result: unknown } | { readonly error: ErrorData }

const answerOf = (id: number, reply: Reply) =>
  'error' in reply ? { id, ok: false, error: reply.error } : { id, ok: true, result: reply.result }

/** A dev server that can be stopped and started. */
export class ServerPeer implements DevServer {
  readonly requests: ServerRequestMessage[] = []
  readonly first: HotChannel
  readonly #reply: (request: ServerRequestMessage) => Reply | undefined
  #handlers = new Map<string, ((data: unknown) => unknown)[]>()
  #onStart: (() => void) | undefined

  /** `reply` gives `undefined` for what is never answered. */
  constructor(reply: (request: ServerRequestMessage) => Reply | undefined) {
    this.#reply = reply
    this.first = this.#channel(this.#handlers)
  }

  push(push: ServerPush): void {
    this.#tell(this.#handlers, serverEvents.push, push)
  }

  stop(): void {
    const handlers = this.#handlers
    this.#handlers = new Map()
    this.#tell(handlers, connectionEvents.disconnected, {})
  }

  start(): void {
    this.#onStart?.()
  }

  reconnect(signal: AbortSignal): Promise<HotChannel> {
    return new Promise((resolve, reject) => {
      this.#onStart = () => resolve(this.#channel(this.#handlers))
      signal.addEventListener('abort', () => reject(new Error('given up')))
    })
  }

  #channel(handlers: Map<string, ((data: unknown) => unknown)[]>): HotChannel {
    return {
      send: (_event, data) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the page's link sends nothing else
        const request = data as ServerRequestMessage
        this.requests.push(request)
        const reply = this.#reply(request)
        if (reply !== undefined)
          queueMicrotask(() => this.#tell(handlers, serverEvents.answer, answerOf(request.id, reply)))
      },
      on: (event, handler) => {
        handlers.set(event, [...(handlers.get(event) ?? []), handler])
      },
    }
  }

  #tell(handlers: Map<string, ((data: unknown) => unknown)[]>, event: string, data: unknown): void {
    for (const handler of handlers.get(event) ?? []) handler(data)
  }
}

/** An engine worker's end of the port. */
export class EnginePeer {
  readonly commands: CommandMessage[] = []
  readonly thread: EngineThread
  isTerminated = false
  /** To the worker itself, beside commands, with the ports that came. */
  readonly sent: (WorkerMessage & { readonly ports: readonly MessagePort[] })[] = []
  readonly #port: MessagePort
  #failure: ((message: string) => void) | undefined
  #sequence = 0

  /** `pulse`: what it shows of itself. */
  constructor(reply: (name: CommandName, args: readonly unknown[]) => Reply | undefined, pulse?: SharedArrayBuffer) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port2
    port2.onmessage = ({ data }: MessageEvent<CommandMessage>) => {
      this.commands.push(data)
      const answer = reply(data.name, data.args)
      if (answer !== undefined) port2.postMessage({ kind: 'answer', ...answerOf(data.id, answer) })
    }
    const close = (): void => {
      this.isTerminated = true
      port1.close()
    }
    this.thread = {
      port: port1,
      ...(pulse === undefined ? {} : { pulse }),
      terminate: close,
      send: (message, ports = []) => this.sent.push({ ...message, ports }),
      onFailure: (handler) => (this.#failure = handler),
    }
  }

  /** The worker could not be loaded. */
  fail(message: string): void {
    this.#failure?.(message)
  }

  emit(event: EngineEvent): void {
    this.#sequence += 1
    this.#port.postMessage({ kind: 'events', sequence: this.#sequence, events: [event] })
  }
}
