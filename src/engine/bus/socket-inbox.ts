// Messages that came by sockets and wait for a frame (MB5): a few of each client enter each, so that one who sends much delays neither
// the frame nor the others. What waits here is no part of the program; what enters is an input like any.

import type { SocketMessage } from '../../protocol/sockets.ts'

/** Messages of one client that enter one frame. */
const perFrame = 5
/** The page hands over fewer and waits until they entered. */
const limit = 1000

export class SocketInbox {
  readonly #byClient = new Map<string, SocketMessage[]>()

  /** False where too many of that client wait. */
  add(message: SocketMessage): boolean {
    const key = `${message.socket} ${message.client}`
    const waiting = this.#byClient.get(key)
    if (waiting === undefined) this.#byClient.set(key, [message])
    else if (waiting.length >= limit) return false
    else waiting.push(message)
    return true
  }

  /** Takes what enters the next frame: of each client the oldest, clients in order of their first message. */
  take(): readonly SocketMessage[] {
    if (this.#byClient.size === 0) return []
    const taken: SocketMessage[] = []
    for (const [key, waiting] of this.#byClient) {
      taken.push(...waiting.splice(0, perFrame))
      if (waiting.length === 0) this.#byClient.delete(key)
    }
    return taken
  }
}
