// Sockets: what joins the bus from outside (MB5). They run on the page; the engine sees what arrives as inputs and gives what leaves as
// outputs.
//
//   other tab, server, player ──► Socket (src/client/sockets) ──socketMessages──► at most 5 a client and frame ──► bus
//   other tab, server, player ◄── Socket ◄──outputs── bus: topics the manifest lets out

/** `intra`: the page itself. `local`: other tabs, by BroadcastChannel. `network`: NATS over WebSocket. */
export type SocketKind = 'intra' | 'local' | 'network'

export const socketKinds = ['intra', 'local', 'network'] as const satisfies readonly SocketKind[]

/** What a coordinator may ask for, each only where the manifest allows it. */
export const coordinatorCommands = ['status', 'pause', 'resume', 'step', 'reload', 'setConfig', 'shutdown'] as const

export type CoordinatorCommand = (typeof coordinatorCommands)[number]

/** One socket of the manifest, defaults filled in. */
export interface ManifestSocket {
  /** Unique within the manifest. */
  readonly name: string
  readonly kind: SocketKind
  /** `local`: name of the BroadcastChannel; absent: `coppice:<workspace>`. */
  readonly channel?: string
  /** `network`: `ws://…` or `wss://…`. */
  readonly url?: string
  /** Patterns of topics that may come in; default `client:**`. */
  readonly receive: readonly string[]
  /** Patterns of topics that go out when a module publishes them; default `client:**`. */
  readonly send: readonly string[]
  /** Commands that may come by `coordinator:<command>`; default none. */
  readonly coordinator: readonly CoordinatorCommand[]
}

/** A message on its way into the engine. */
export interface SocketMessage {
  /** Of the page; climbs by one or more from message to message. */
  readonly sequence: number
  readonly socket: string
  /** Whose budget it takes: the id in `client:<id>:…`, else who sent it. */
  readonly client: string
  readonly topic: string
  readonly data: unknown
}

/** One that may not come in. */
export interface RefusedMessage {
  readonly sequence: number
  readonly message: string
}

/** Messages of one client. */
export interface ClientInfo {
  readonly client: string
  readonly waiting: number
  /** Since the socket was opened. */
  readonly entered: number
  readonly dropped: number
  readonly pace: ClientPace
}

/** `late`: more comes than frames take; `dropping`: its oldest messages were dropped by that. Either until few wait. */
export type ClientPace = 'fine' | 'late' | 'dropping'

export interface SocketInfo {
  readonly name: string
  readonly kind: SocketKind
  readonly state: 'connecting' | 'open' | 'closed'
  /** Why it is not open, or where it leads. */
  readonly detail: string
  readonly received: number
  readonly sent: number
  /** Messages that wait for the connection. */
  readonly queued: number
  /** Outgoing ones given up because too many waited. */
  readonly dropped: number
  /** What came and was no message, or not allowed. */
  readonly refused: number
  /** Messages others sent that never arrived, as their numbers tell. */
  readonly missed: number
  readonly reconnects: number
  readonly clients: readonly ClientInfo[]
  /** Commands of coordinators that were run, refused, and wait. */
  readonly coordinator: {
    readonly allowed: readonly CoordinatorCommand[]
    readonly run: number
    readonly waiting: number
  }
}

/** How the server's environment lets the page in; never in the manifest. */
export interface SocketCredentials {
  readonly token?: string
  readonly user?: string
  readonly password?: string
}

/** A client's end of an `intra` socket. */
export interface SocketEnd {
  /** Throws `invalid-argument` for a bad topic, `closed` once it is closed. `reply` is given the answer to a command. */
  send(topic: string, data: unknown, reply?: (data: unknown) => void): void
  /** What modules publish and the socket lets out; returns how to stop. */
  on(handler: (message: { readonly topic: string; readonly data: unknown }) => void): () => void
  close(): void
}
