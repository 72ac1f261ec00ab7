// A socket between tabs of one browser: a BroadcastChannel. Any page of the same origin may join:
// `new BroadcastChannel('coppice:tanks').postMessage({ topic: 'client:7:move', data: { x: 1 } })`.

import { checkTopic } from '../../protocol/topic.ts'
import type { IncomingMessage, OutgoingMessage, Socket, SocketListener } from './socket.ts'

/** What is posted; all but the topic may be left out. */
interface Posted {
  readonly topic: string
  readonly data?: unknown
  /** Id of the end that posted it. */
  readonly from?: string
  /** Topic an answer is wanted at. */
  readonly replyTo?: string
}

export interface LocalSocketOptions extends SocketListener {
  readonly channel: string
  /** Id of this end. */
  readonly id: string
}

/** Opens at once. */
export function openLocalSocket({ channel: name, id, ...listener }: LocalSocketOptions): Socket {
  const channel = new BroadcastChannel(name)
  let sent = 0
  const post = (message: Posted): void => {
    channel.postMessage({ ...message, from: id })
    sent++
  }
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const problem = problemOf(data)
    if (!isPosted(data) || problem !== undefined) {
      listener.refused(problem ?? 'it has no topic')
      return
    }
    const { topic, from, replyTo } = data
    const message: IncomingMessage = { topic, data: data.data, ...(from === undefined ? {} : { from }) }
    listener.received(
      replyTo === undefined ? message : { ...message, reply: (answer) => post({ topic: replyTo, data: answer }) },
    )
  }
  channel.onmessageerror = () => listener.refused('its data can not be read in this tab')
  queueMicrotask(() => listener.changed('open', `channel ${name}`))
  return {
    send({ topic, data }: OutgoingMessage) {
      try {
        post({ topic, data })
      } catch (error) {
        listener.refused(`${topic} can't be sent: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
    figures: () => ({ sent, queued: 0, dropped: 0, reconnects: 0 }),
    dispose() {
      channel.onmessage = null
      channel.close()
    },
  }
}

function problemOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return 'it is no object with a topic'
  const { topic, from, replyTo } = { topic: undefined, from: undefined, replyTo: undefined, ...data }
  if (from !== undefined && typeof from !== 'string') return '`from` is no string'
  return checkTopic(topic) ?? (replyTo === undefined ? undefined : checkTopic(replyTo))
}

function isPosted(data: unknown): data is Posted {
  return problemOf(data) === undefined
}
