// Vite's websocket as the page sees it, and a new one when the dev server comes back. The only file of the page that
// knows how Vite's own client behaves.
//
//   '/@vite/client' ── vite:ws:disconnect ──► held here, for ever: Vite's client awaits its listeners before it would
//        │                                    poll for the server and reload the page, which would end the program
//        └─ server answers again ──► import('/@vite/client?…') ──► a second client, with the new server's token
//                                                                  and websocket; its hot context is the next channel

/** One connection to the dev server: custom events both ways. The part of Vite's hot context that is used. */
export interface HotChannel {
  send(event: string, data: unknown): void
  on(event: string, handler: (data: unknown) => unknown): void
}

export interface DevServer {
  /** The connection this page was loaded with; undefined where its server went at once. */
  readonly first: HotChannel | undefined
  /** Resolves with a new, open connection once the server answers again; tries as long as `signal` is not aborted. */
  reconnect(signal: AbortSignal): Promise<HotChannel>
}

/** Names of the events Vite's client tells about its websocket. */
export const connectionEvents = { connected: 'vite:ws:connect', disconnected: 'vite:ws:disconnect' } as const

const pollMs = 500
const openMs = 5_000

const toChannel = (hot: unknown): HotChannel | undefined => {
  if (typeof hot !== 'object' || hot === null || !('send' in hot) || !('on' in hot)) return undefined
  const { send, on } = hot
  if (typeof send !== 'function' || typeof on !== 'function') return undefined
  const channel: HotChannel = {
    send: (event, data) => {
      Reflect.apply(send, hot, [event, data])
    },
    on: (event, handler) => {
      Reflect.apply(on, hot, [event, handler])
    },
  }
  // Also on a connection that is given up: its client must not reload the page either.
  channel.on(connectionEvents.disconnected, () => new Promise(() => undefined))
  return channel
}

/** Resolves with whether the channel's websocket opened in time: the server may have gone again meanwhile. */
const opens = (channel: HotChannel): Promise<boolean> =>
  new Promise((resolve) => {
    channel.on(connectionEvents.connected, () => {
      resolve(true)
    })
    setTimeout(() => {
      resolve(false)
    }, openMs)
  })

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const answers = async (url: string, signal: AbortSignal): Promise<boolean> => {
  try {
    return (await fetch(url, { method: 'HEAD', cache: 'no-store', signal })).ok
  } catch {
    // Not reachable yet: what is being waited for.
    return false
  }
}

/** A client of its own per connection: the address must be new. Undefined where the server went while it was loaded. */
const connect = async (url: string): Promise<HotChannel | undefined> => {
  try {
    const client: unknown = await import(/* @vite-ignore */ url)
    const create =
      typeof client === 'object' && client !== null && 'createHotContext' in client
        ? client.createHotContext
        : undefined
    return typeof create === 'function'
      ? toChannel(Reflect.apply(create, undefined, ['/coppice-connection']))
      : undefined
  } catch {
    // The next attempt tells.
    return undefined
  }
}

/**
 * Address of Vite's client as the page's HTML names it (src/server/page.ts): the page itself is built ahead and has no
 * hot context, nor does it know the server's base.
 */
const clientAddress = (): string => {
  const script = document.querySelector<HTMLScriptElement>('script[src*="/@vite/client"]')
  if (script === null) throw new Error('This page must come from a Vite server with the plugin coppice().')
  return script.src
}

/** The dev server this page came from, connected. */
export const connectDevServer = async (): Promise<DevServer> => {
  const clientUrl = clientAddress()
  const first = await connect(clientUrl)
  let attempt = 0
  return {
    first,
    async reconnect(signal) {
      for (;;) {
        signal.throwIfAborted()
        if (await answers(clientUrl, signal)) {
          attempt += 1
          const channel = await connect(`${clientUrl}?connection=${Date.now()}-${attempt}`)
          if (channel !== undefined && (await opens(channel))) return channel
        }
        await wait(pollMs)
      }
    },
  }
}
