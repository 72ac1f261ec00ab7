// The sockets of a run without a browser (`--sockets`): the page's own, in Node. A `network` socket reaches whom it does from a page; `local`
// ones reach this process alone, as Node's BroadcastChannel does.

import { SocketHub } from '../client/sockets/socket-hub.ts'
import type { Engine } from '../engine/engine.ts'
import type { CommandArguments, CommandName, CommandResult } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { ManifestSocket } from '../protocol/sockets.ts'
import { socketCredentials } from './socket-credentials.ts'

/** That what modules sent last may take to leave. */
const leaveMs = 3000
const lookMs = 20

/** Why these can't be opened in this Node; undefined where they can. */
export const socketsRefusal = (sockets: readonly ManifestSocket[]): CoppiceError | undefined => {
  const network = sockets.find(({ kind }) => kind === 'network')
  if (network === undefined || 'WebSocket' in globalThis) return undefined
  return new CoppiceError(
    'not-supported',
    `Socket ${network.name} needs WebSocket, which this Node (${process.version}) has behind a flag: set NODE_OPTIONS=--experimental-websocket, or use Node 22.`,
  )
}

/** What a person should know of sockets in such a run. */
export const socketsNote = (sockets: readonly ManifestSocket[], areOpen: boolean): string | undefined => {
  const names = (kept: readonly ManifestSocket[]): string => kept.map(({ name }) => name).join(', ')
  if (sockets.length === 0) return undefined
  if (!areOpen) return `Sockets stay closed (${names(sockets)}): what modules send is dropped. --sockets opens them.`
  const local = sockets.filter(({ kind }) => kind === 'local')
  return local.length === 0 ? undefined : `Local sockets reach this process alone, and no browser: ${names(local)}.`
}

/** The sockets of one engine. `handle` is told of all that engine tells. */
export class HeadlessSockets {
  readonly #hub: SocketHub
  readonly #workspace: string
  #end: () => void = () => undefined
  #wasOpen = false
  /** Resolves when a coordinator asks for shutdown. */
  readonly shutDown = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  constructor(engine: Pick<Engine, 'execute'>, workspace: string) {
    this.#workspace = workspace
    this.#hub = new SocketHub({
      id: `node-${crypto.randomUUID().slice(0, 8)}`,
      command: async <Name extends CommandName>(
        name: Name,
        ...args: CommandArguments<Name>
      ): Promise<Awaited<CommandResult<Name>>> =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine answers by the map of commands
        (await engine.execute(name, args)) as Awaited<CommandResult<Name>>,
      credentials: async () => socketCredentials(process.env),
      changed: () => {
        const count = this.#hub.infos().length
        if (count === 0 && this.#wasOpen) this.#end()
        this.#wasOpen ||= count > 0
      },
    })
  }

  handle(event: EngineEvent): void {
    switch (event.type) {
      case 'sockets-wanted':
        this.#hub.configure(this.#workspace, event.sockets)
        return
      case 'journal':
        this.#hub.journal(event.entries)
        return
      case 'status':
        this.#hub.status(event.status)
        return
      case 'outputs':
        for (const output of event.outputs) if (output.kind === 'socket') this.#hub.send(output.socket, output)
        return
      default:
    }
  }

  /** Closes them when what was sent has left, or after 3 s: then says what has not. */
  async close(log: (line: string) => void): Promise<void> {
    const isWaiting = (): boolean => this.#hub.infos().some(({ queued }) => queued > 0)
    for (let waited = 0; isWaiting() && waited < leaveMs; waited += lookMs)
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    for (const { name, queued, detail } of this.#hub.infos())
      if (queued > 0) log(`Socket ${name}: ${queued} messages could not be sent (${detail}).`)
    this.dispose()
  }

  dispose(): void {
    this.#hub.dispose()
  }
}
