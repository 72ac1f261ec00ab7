// One module's end of the bus where messages go out: what it published and asked for in its call, until the next frame begins.

import { CoppiceError } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/module.ts'
import type { BusTap } from './bus-tap.ts'
import type { Mailbox } from './mailbox.ts'
import type { PayloadCopies } from './payload-copies.ts'
import type { StoredMessage } from './stored-message.ts'
import { checkTopic } from '../../protocol/topic.ts'

/** What one module may publish in one frame: more is a loop gone wild, and would take all memory before anybody could end it. */
const publishLimit = 100_000
const topicCacheSize = 4096

/** A message to oneself, due at a time. */
export interface Timer {
  readonly dueTime: number
  readonly message: StoredMessage
}

/** What all ports share: where the engine is, and topics that were found good. */
export interface Present {
  frame: number
  time: number
  /** Changes of what the bus and its ports hold beside mailboxes. */
  changes: number
  readonly topics: Set<string>
  /** Told of each message in the call that publishes it. */
  readonly published: ((message: StoredMessage) => void) | undefined
  /** Who looks on in this frame. */
  tap: BusTap | undefined
}

/** What a port holds, as plain data. */
export interface PortContents {
  readonly outbox: readonly StoredMessage[]
  readonly timers: readonly Timer[]
}

/** Nearly every frame of nearly every module. */
const none: readonly StoredMessage[] = []

/** What one module does on the bus. Its functions are bound, so that they can be handed to the module as they are. */
export class BusPort {
  readonly name: string
  /** Its name, as the readers of its own timers. */
  readonly alone: readonly string[]
  readonly mailbox: Mailbox
  readonly #now: Present
  readonly #copies: PayloadCopies
  #outbox: StoredMessage[] = []
  /** By due time, then by order of asking. */
  #timers: Timer[] = []
  #timersBefore: Timer[] | undefined
  #timersFrame = -1

  constructor(name: string, mailbox: Mailbox, now: Present, copies: PayloadCopies) {
    this.name = name
    this.alone = [name]
    this.mailbox = mailbox
    this.#now = now
    this.#copies = copies
  }

  get hasOutbox(): boolean {
    return this.#outbox.length > 0
  }

  /**
   * Readable by subscribers from the next frame on. The data is copied; `invalid-argument` for a bad topic and for more than 100 000 messages
   * in one frame, `invalid-state` for bad data.
   */
  readonly publish = (topic: string, data: unknown): void => {
    requireTopic(topic, this.#now)
    if (this.#outbox.length >= publishLimit) {
      throw new CoppiceError(
        'invalid-argument',
        `publish("${topic}"): ${this.name} published ${publishLimit} messages in this frame, which is the most it may.`,
      )
    }
    this.#now.changes++
    const message = { topic, data: this.#copies.fresh(topic, data), from: this.name, frame: this.#now.frame }
    this.#outbox.push(message)
    this.#now.published?.(message)
    this.#now.tap?.published(message)
  }

  /** A message to this module alone, at the first frame whose time is `seconds` from now or later, the next one at the earliest. */
  readonly after = (seconds: number, topic: string, data: unknown): void => {
    requireTopic(topic, this.#now)
    if (!(seconds >= 0))
      throw new CoppiceError('invalid-argument', `after(${String(seconds)}, "${topic}"): seconds must be 0 or more`)
    const dueTime = this.#now.time + seconds
    this.#now.changes++
    const message = { topic, data: this.#copies.fresh(topic, data), from: this.name, frame: this.#now.frame }
    if (this.#timersFrame !== this.#now.frame || this.#timersBefore === undefined) {
      this.#timersBefore = [...this.#timers]
      this.#timersFrame = this.#now.frame
    }
    let index = this.#timers.length
    while (index > 0 && (this.#timers[index - 1]?.dueTime ?? 0) > dueTime) index--
    this.#timers.splice(index, 0, { dueTime, message })
  }

  /** Takes what is queued, oldest first: all, or one topic's. */
  readonly messages = (topic?: string): Message[] => this.mailbox.read(topic, this.#now.time)

  /** The module threw: what it published and asked in this frame is discarded, what it read is unread again. */
  rollback(): void {
    this.#now.changes++
    this.#outbox = []
    if (this.#timersFrame === this.#now.frame && this.#timersBefore !== undefined) this.#timers = this.#timersBefore
    this.#timersBefore = undefined
    this.mailbox.rollback()
  }

  /** What `isGone` says of is read by nobody any more, and not here. Between frames; timers of one's own stay. */
  remove(isGone: (message: StoredMessage) => boolean): void {
    this.#outbox = this.#outbox.filter((message) => !isGone(message))
    this.mailbox.remove(isGone)
  }

  takeOutbox(): readonly StoredMessage[] {
    const taken = this.#outbox
    if (taken.length === 0) return []
    this.#now.changes++
    this.#outbox = []
    return taken
  }

  /** Messages whose time has come, in order of their time. */
  takeDueTimers(): readonly StoredMessage[] {
    this.#timersBefore = undefined
    let count = 0
    // The tolerance absorbs the rounding of frame times.
    while (count < this.#timers.length && (this.#timers[count]?.dueTime ?? Infinity) <= this.#now.time + 1e-9) count++
    if (count === 0) return none
    this.#now.changes++
    return this.#timers.splice(0, count).map((timer) => timer.message)
  }

  /** Takes over what another port has pending. */
  adopt(other: BusPort): void {
    this.#now.changes++
    this.#outbox = [...other.takeOutbox()]
    this.#timers = other.#timers
    this.#timersBefore = undefined
  }

  clear(): void {
    this.restore({ outbox: [], timers: [] })
    this.mailbox.clear()
  }

  contents(): PortContents {
    return { outbox: [...this.#outbox], timers: [...this.#timers] }
  }

  restore({ outbox, timers }: PortContents): void {
    this.#now.changes++
    this.#outbox = [...outbox]
    this.#timers = [...timers]
    this.#timersBefore = undefined
  }
}

/** Throws `invalid-argument` for what can't be a topic. */
export function requireTopic(topic: string, { topics }: Readonly<Present>): void {
  if (topics.has(topic)) return
  const problem = checkTopic(topic)
  if (problem !== undefined) throw new CoppiceError('invalid-argument', problem)
  // Topics with ids in them may be without number: forgetting all of them now and then keeps the set small.
  if (topics.size >= topicCacheSize) topics.clear()
  topics.add(topic)
}
