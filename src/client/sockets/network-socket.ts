// A socket to a NATS server, over WebSocket: topics map one to one to subjects, data is JSON (wire-data.ts), and headers number what
// Coppice sends. What is sent is kept until the server has confirmed it by answering a ping; connections are made again for ever.
//
//   send ► Outbox ──publish──► server ──pong──► confirmed          broken: sent again after the reconnect
//
// This file, and the library with it, is loaded with the first such socket.

import { headers as createHeaders, wsconnect } from '@nats-io/nats-core'
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/nats-core'
import type { SocketCredentials } from '../../protocol/sockets.ts'
import { checkTopic, compilePattern } from '../../protocol/topic.ts'
import { Arrivals, Departures, isMessageNumbers, type MessageNumbers } from './arrivals.ts'
import { subjectOf, topicOf } from './nats-subject.ts'
import { Outbox } from './outbox.ts'
import type { IncomingMessage, OutgoingMessage, Socket, SocketListener } from './socket.ts'
import { decodeData, encodeData } from './wire-data.ts'

export interface NetworkSocketOptions extends SocketListener {
  /** `ws://…` or `wss://…`. */
  readonly url: string
  /** Id of this end. */
  readonly id: string
  /** Patterns to subscribe to; all have been checked. */
  readonly receive: readonly string[]
  readonly credentials: SocketCredentials
}

interface Packed {
  readonly subject: string
  readonly payload: Uint8Array
  readonly numbers: MessageNumbers
}

const retryMs = 1000
const headerNames = { from: 'Coppice-From', sequence: 'Coppice-Sequence', ofTopic: 'Coppice-Topic-Sequence' }

/** Connects at once, and again whenever the connection breaks. */
export function openNetworkSocket(options: NetworkSocketOptions): Socket {
  const socket = new NatsSocket(options)
  options.changed('connecting', options.url)
  void socket.connect()
  return socket
}

class NatsSocket implements Socket {
  readonly #options: NetworkSocketOptions
  readonly #outbox = new Outbox<Packed>()
  readonly #departures: Departures
  readonly #arrivals = new Arrivals()
  #connection: NatsConnection | undefined
  #isOpen = false
  #wasOpen = false
  /** Of which an answer to a ping is awaited. */
  #flushed: NatsConnection | undefined
  #isDisposed = false
  #reconnects = 0
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(options: NetworkSocketOptions) {
    this.#options = options
    this.#departures = new Departures(options.id)
  }

  readonly send = ({ topic, data }: OutgoingMessage): void => {
    try {
      this.#outbox.add({ subject: subjectOf(topic), payload: encodeData(data), numbers: this.#departures.next(topic) })
      this.#drain()
    } catch (error) {
      this.#options.refused(`${topic} can't be sent: ${wordsOf(error)}`)
    }
  }

  readonly figures = (): ReturnType<Socket['figures']> => {
    const { sent, queued, dropped } = this.#outbox
    return { sent, queued, dropped, reconnects: this.#reconnects }
  }

  readonly dispose = (): void => {
    this.#isDisposed = true
    clearTimeout(this.#retry)
    void this.#connection?.close()
  }

  async connect(): Promise<void> {
    const { url, credentials, changed } = this.#options
    try {
      const { token, user, password } = credentials
      const connection = await wsconnect({
        servers: url,
        name: `coppice ${this.#options.id}`,
        noEcho: true,
        // Connections are made again here: one way for those that never were, those that broke and those that were refused.
        reconnect: false,
        ...(token === undefined ? {} : { token }),
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { pass: password }),
      })
      if (this.#isDisposed) {
        await connection.close()
        return
      }
      this.#connection = connection
      this.#subscribe(connection)
      this.#opened()
      await this.#follow(connection)
      if (!this.#isDisposed) changed('connecting', `${url}: the connection broke, and is made again`)
    } catch (error) {
      if (!this.#isDisposed) changed('connecting', `${url}: ${wordsOf(error)}`)
    }
    if (this.#isDisposed) return
    this.#connection = undefined
    this.#isOpen = false
    this.#retry = setTimeout(() => void this.connect(), retryMs)
  }

  #opened(): void {
    this.#isOpen = true
    if (this.#wasOpen) this.#reconnects++
    this.#wasOpen = true
    this.#options.changed('open', this.#options.url)
    this.#outbox.sendAgain()
    this.#drain()
  }

  /** Until the connection is closed for good. */
  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'close') this.#isOpen = false
      else if (status.type === 'error') this.#options.refused(wordsOf(status.error))
    }
    const failure = await connection.closed()
    if (failure instanceof Error) throw failure
  }

  #subscribe(connection: NatsConnection): void {
    const patterns = [...new Set([...this.#options.receive, 'coordinator:*'])]
    const matchers = patterns.map(compilePattern)
    for (const [index, pattern] of patterns.entries()) {
      connection.subscribe(subjectOf(pattern), {
        callback: (error, message) => {
          if (error !== null) {
            this.#options.refused(wordsOf(error))
            return
          }
          const topic = topicOf(message.subject)
          // The server sends a message once for each pattern that matches it.
          if (!matchers.slice(0, index).some((matches) => matches(topic))) this.#receive(topic, message)
        },
      })
    }
  }

  #receive(topic: string, message: Msg): void {
    const { received, refused, missed } = this.#options
    const problem = checkTopic(topic)
    if (problem !== undefined) {
      refused(problem)
      return
    }
    const numbers = message.headers === undefined ? undefined : numbersOf(message.headers)
    const lost = numbers === undefined ? 0 : this.#arrivals.take(topic, numbers)
    if (lost === 'twice') return
    if (lost > 0) missed(lost)
    let data: unknown
    try {
      data = decodeData(message.data)
    } catch (error) {
      refused(`${topic} is no JSON: ${wordsOf(error)}`)
      return
    }
    const incoming: IncomingMessage = { topic, data, ...(numbers === undefined ? {} : { from: numbers.from }) }
    received(
      message.reply === undefined || message.reply === ''
        ? incoming
        : { ...incoming, reply: (answer) => void message.respond(encodeData(answer)) },
    )
  }

  #drain(): void {
    const connection = this.#connection
    if (!this.#isOpen || connection === undefined) return
    for (const { subject, payload, numbers } of this.#outbox.take()) {
      const headers = createHeaders()
      headers.set(headerNames.from, numbers.from)
      headers.set(headerNames.sequence, String(numbers.sequence))
      headers.set(headerNames.ofTopic, String(numbers.ofTopic))
      connection.publish(subject, payload, { headers })
    }
    void this.#confirm(connection)
  }

  /** Asks the server, until nothing is unconfirmed, whether it has what was sent. */
  async #confirm(connection: NatsConnection): Promise<void> {
    if (this.#flushed === connection) return
    this.#flushed = connection
    try {
      while (this.#isOpen && this.#outbox.underWay > 0) {
        const count = this.#outbox.underWay
        const dropped = this.#outbox.dropped
        // No answer comes where the connection broke.
        await Promise.race([connection.flush(), connection.closed()])
        if (this.#connection !== connection || connection.isClosed()) return
        this.#outbox.confirm(count - (this.#outbox.dropped - dropped))
      }
    } catch {
      // The connection broke: all goes again by the next one.
    } finally {
      if (this.#flushed === connection) this.#flushed = undefined
    }
  }
}

function numbersOf(headers: MsgHdrs): MessageNumbers | undefined {
  const numbers = {
    from: headers.get(headerNames.from),
    sequence: Number(headers.get(headerNames.sequence)),
    ofTopic: Number(headers.get(headerNames.ofTopic)),
  }
  return numbers.from !== '' && isMessageNumbers(numbers) ? numbers : undefined
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  // A WebSocket says nothing of why it could not be opened.
  return words === '' ? 'there is no answer' : words
}
