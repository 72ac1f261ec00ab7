// Messages of clients on their way into the engine: a queue each, so that one that sends much delays nobody else. A few of each are
// in the engine's hands at a time; what is entered it tells by the journal, so that another engine can be handed the rest (ML9).
//
//   add ► waiting (bounded, oldest dropped) ──next()──► in the engine's hands ──entered(sequence)──► done
//                     ▲───────────────── handAgain(): another engine goes on ─────┘

import type { ClientInfo, ClientPace, SocketMessage } from '../../protocol/sockets.ts'

/** Waiting messages per client, as in the queue of a module; and of all. */
const clientLimit = 10_000
const totalLimit = 50_000
/** Messages of one client in the engine's hands: what frames take in a second, as a busy page may hear of them that late. */
const handLimit = 300
const clientsKept = 1000
/** Shares of the limit from which a client is late, and down to which it is. */
const lateShare = 0.8
const fineShare = 0.6

/** A client, and the socket it is of. */
export interface ClientOfSocket extends ClientInfo {
  readonly socket: string
}

interface Queue {
  readonly client: string
  readonly socket: string
  waiting: SocketMessage[]
  inHand: SocketMessage[]
  entered: number
  dropped: number
  pace: ClientPace
}

export class ClientQueues {
  readonly #paceChanged: (client: ClientOfSocket) => void
  readonly #queues = new Map<string, Queue>()
  /** Whose message each one in the engine's hands is. */
  readonly #inHand = new Map<number, Queue>()
  #sequence = 0
  #total = 0

  /** `paceChanged` is told of each change, once. */
  constructor(paceChanged: (client: ClientOfSocket) => void) {
    this.#paceChanged = paceChanged
  }

  add(message: Omit<SocketMessage, 'sequence'>): void {
    const queue = this.#queueOf(message.socket, message.client)
    queue.waiting.push({ ...message, sequence: ++this.#sequence })
    this.#total++
    if (queue.waiting.length <= clientLimit && this.#total <= totalLimit) {
      if (queue.pace === 'fine' && queue.waiting.length >= lateShare * clientLimit) this.#setPace(queue, 'late')
      return
    }
    queue.waiting.shift()
    queue.dropped++
    this.#total--
    this.#setPace(queue, 'dropping')
  }

  /** What the engine is to be handed now, clients in turn. */
  next(): readonly SocketMessage[] {
    const handed: SocketMessage[] = []
    for (const queue of this.#queues.values()) {
      const room = handLimit - queue.inHand.length
      if (room <= 0 || queue.waiting.length === 0) continue
      for (const message of queue.waiting.splice(0, room)) {
        queue.inHand.push(message)
        this.#inHand.set(message.sequence, queue)
        handed.push(message)
      }
    }
    return handed
  }

  /** It is in a frame. */
  entered(sequence: number): void {
    const queue = this.#done(sequence)
    if (queue !== undefined) queue.entered++
  }

  /** The engine does not take it. */
  refused(sequence: number): void {
    const queue = this.#done(sequence)
    if (queue !== undefined) queue.dropped++
  }

  /** What was in the hands of an engine that is gone waits again, before all else. */
  handAgain(): void {
    for (const queue of this.#queues.values()) {
      queue.waiting = [...queue.inHand, ...queue.waiting]
      queue.inHand = []
    }
    this.#inHand.clear()
  }

  /** The client of one socket that is worst off; undefined: all are fine. */
  slowestOf(socket: string): ClientInfo | undefined {
    const late = [...this.#queues.values()].filter((queue) => queue.socket === socket && queue.pace !== 'fine')
    const worst = late.find(({ pace }) => pace === 'dropping') ?? late[0]
    return worst === undefined ? undefined : infoOf(worst)
  }

  /** Of one socket, by client. */
  clientsOf(socket: string): readonly ClientInfo[] {
    return [...this.#queues.values()].filter((queue) => queue.socket === socket).map(infoOf)
  }

  /** The socket is closed: what waits of it is gone. */
  forget(socket: string): void {
    for (const [key, queue] of this.#queues) {
      if (queue.socket !== socket) continue
      this.#total -= queue.waiting.length + queue.inHand.length
      for (const { sequence } of queue.inHand) this.#inHand.delete(sequence)
      this.#queues.delete(key)
    }
  }

  #done(sequence: number): Queue | undefined {
    const queue = this.#inHand.get(sequence)
    if (queue === undefined) return undefined
    this.#inHand.delete(sequence)
    queue.inHand = queue.inHand.filter((message) => message.sequence !== sequence)
    this.#total--
    if (queue.pace !== 'fine' && queue.waiting.length < fineShare * clientLimit) this.#setPace(queue, 'fine')
    return queue
  }

  #setPace(queue: Queue, pace: ClientPace): void {
    if (queue.pace === pace) return
    queue.pace = pace
    this.#paceChanged({ ...infoOf(queue), socket: queue.socket })
  }

  #queueOf(socket: string, client: string): Queue {
    const key = `${socket} ${client}`
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    this.#forgetIdle()
    const queue: Queue = { client, socket, waiting: [], inHand: [], entered: 0, dropped: 0, pace: 'fine' }
    this.#queues.set(key, queue)
    return queue
  }

  /** Clients may come and go without number: the oldest of those that wait for nothing makes room. */
  #forgetIdle(): void {
    if (this.#queues.size < clientsKept) return
    for (const [key, { waiting, inHand }] of this.#queues) {
      if (waiting.length > 0 || inHand.length > 0) continue
      this.#queues.delete(key)
      return
    }
  }
}

function infoOf({ client, waiting, inHand, entered, dropped, pace }: Queue): ClientInfo {
  return { client, waiting: waiting.length + inHand.length, entered, dropped, pace }
}
