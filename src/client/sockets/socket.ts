// What every kind of socket is, whatever carries it: messages in and out by topic, and how it stands.

import type { SocketInfo } from '../../protocol/sockets.ts'

/** A message on its way out. */
export interface OutgoingMessage {
  readonly topic: string
  readonly data: unknown
}

/** A message that came. */
export interface IncomingMessage extends OutgoingMessage {
  /** Id of the end it came from, where that gives one. */
  readonly from?: string
  /** Answers who sent it; absent where nobody waits. */
  readonly reply?: (data: unknown) => void
}

/** What a socket tells. */
export interface SocketListener {
  readonly received: (message: IncomingMessage) => void
  readonly changed: (state: SocketInfo['state'], detail: string) => void
  /** Something came, or was to go, that is no message: why. */
  readonly refused: (why: string) => void
  /** Messages that others sent never came, as their numbers tell. */
  readonly missed: (count: number) => void
}

export interface Socket {
  /** Sends, or queues up to a limit while the connection is down. */
  readonly send: (message: OutgoingMessage) => void
  readonly figures: () => Pick<SocketInfo, 'sent' | 'queued' | 'dropped' | 'reconnects'>
  readonly dispose: () => void
}
