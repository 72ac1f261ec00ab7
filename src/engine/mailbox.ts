// One module's queue on the bus: a log with a read cursor. Reading takes messages; until the next frame begins, what was
// taken can be given back. `every`, `latest` and `max` are views computed at reading (MB2, MB3).

import type { Message, Subscription } from '../protocol/module.ts'
import { copyAgain, type CopyRules } from './plain-copy.ts'
import { compilePattern } from './topic.ts'

/** A message as the bus keeps it. Its data is the bus's own copy and never changes. */
export interface StoredMessage {
  readonly topic: string
  readonly data: unknown
  /** Absent for messages from outside. */
  readonly from?: string
  /** Frame it was published in. */
  readonly frame: number
}

/** A subscription as plain data, every field present. */
export interface SubscriptionView {
  readonly topic: string
  /** Seconds of engine time; 0 for none. */
  readonly every: number
  readonly latest: boolean
  /** Infinity for none. */
  readonly max: number
}

/** What a mailbox holds, as plain data, for hash and capture. */
export interface MailboxContents {
  readonly messages: readonly StoredMessage[]
  /** Per message: true for one's own timer messages, which no view touches. */
  readonly own: readonly boolean[]
  /** Engine time of the last delivery of each subscription with `every`, by pattern. */
  readonly deliveries: readonly (readonly [pattern: string, time: number])[]
  readonly dropped: number
}

/** Stands for a subscription's index where the message came by `after`; −1 where no subscription matches any more. */
const ownTimer = -2

interface Entry {
  readonly message: StoredMessage
  slot: number
  isTaken: boolean
}

/** Fills in what an author may leave out. */
export function subscriptionView(subscription: Subscription): SubscriptionView {
  if (typeof subscription === 'string') return { topic: subscription, every: 0, latest: false, max: Infinity }
  return {
    topic: subscription.topic,
    every: subscription.every ?? 0,
    latest: subscription.latest ?? false,
    max: subscription.max ?? Infinity,
  }
}

export class Mailbox {
  readonly #limit: number
  readonly #copyRules: CopyRules
  #views: readonly SubscriptionView[] = []
  #matchers: readonly ((topic: string) => boolean)[] = []
  #hasViews = false
  #entries: Entry[] = []
  #takenCount = 0
  #deliveries = new Map<string, number>()
  /** As it stood when the frame began. */
  #deliveriesBefore: ReadonlyMap<string, number> | undefined
  #dropped = 0
  #revision = 0
  /** Whose messages were read since `watch`; undefined while nobody asks. */
  #readFrom: Set<string> | undefined

  constructor(limit: number, copyRules: CopyRules) {
    this.#limit = limit
    this.#copyRules = copyRules
  }

  /** Notes from now on whose messages are read, or no longer. */
  watch(isOn: boolean): void {
    if (!isOn) this.#readFrom = undefined
    else this.#readFrom ??= new Set()
  }

  /** A message of that module was read since `watch`. */
  hasReadFrom(module: string): boolean {
    return this.#readFrom?.has(module) ?? false
  }

  get queued(): number {
    return this.#entries.length - this.#takenCount
  }

  /** Climbs with every change of `contents`. */
  get revision(): number {
    return this.#revision
  }

  get limit(): number {
    return this.#limit
  }

  get dropped(): number {
    return this.#dropped
  }

  get views(): readonly SubscriptionView[] {
    return this.#views
  }

  /** Queued messages stay, and are read by the new views; one that no pattern matches any more is still delivered. */
  setViews(views: readonly SubscriptionView[]): void {
    this.#revision++
    this.#views = views
    this.#matchers = views.map((view) => compilePattern(view.topic))
    this.#hasViews = views.some((view) => view.every > 0 || view.latest || view.max !== Infinity)
    for (const entry of this.#entries) if (entry.slot !== ownTimer) entry.slot = this.slotOf(entry.message.topic)
    const patterns = new Set(views.filter((view) => view.every > 0).map((view) => view.topic))
    this.#deliveries = new Map([...this.#deliveries].filter(([pattern]) => patterns.has(pattern)))
    this.#deliveriesBefore = undefined
  }

  /** Index of the first subscription that matches; negative where none does. */
  slotOf(topic: string): number {
    return this.#matchers.findIndex((matches) => matches(topic))
  }

  /** Makes final what was taken; after this it can't be given back. */
  beginFrame(): void {
    this.#deliveriesBefore = undefined
    if (this.#takenCount === 0) return
    this.#entries = this.#takenCount === this.#entries.length ? [] : this.#entries.filter((entry) => !entry.isTaken)
    this.#takenCount = 0
  }

  append(message: StoredMessage, slot: number): void {
    this.#revision++
    this.#entries.push({ message, slot, isTaken: false })
  }

  appendOwn(message: StoredMessage): void {
    this.append(message, ownTimer)
  }

  /** Drops the oldest beyond the limit, and counts them. To be called before anything is taken in a frame. */
  trim(): void {
    const excess = this.#entries.length - this.#limit
    if (excess <= 0) return
    this.#revision++
    this.#entries.splice(0, excess)
    this.#dropped += excess
  }

  /** Takes what the views let through, oldest first: all, or one topic's. Each message's data is a copy of its own. */
  read(topic: string | undefined, time: number): Message[] {
    const result: Message[] = []
    if (this.#takenCount === this.#entries.length) return result
    if (this.#hasViews) return this.#readThroughViews(topic, time)
    for (const entry of this.#entries) {
      if (entry.isTaken || (topic !== undefined && entry.message.topic !== topic)) continue
      this.#take(entry)
      result.push(this.#messageFor(entry.message))
    }
    return result
  }

  /** Gives back what was taken since the frame began. */
  rollback(): void {
    this.#revision++
    if (this.#deliveriesBefore !== undefined) {
      this.#deliveries = new Map(this.#deliveriesBefore)
      this.#deliveriesBefore = undefined
    }
    if (this.#takenCount === 0) return
    for (const entry of this.#entries) entry.isTaken = false
    this.#takenCount = 0
  }

  clear(): void {
    this.#revision++
    this.#entries = []
    this.#takenCount = 0
    this.#deliveries.clear()
    this.#deliveriesBefore = undefined
    this.#dropped = 0
  }

  contents(): MailboxContents {
    const left = this.#entries.filter((entry) => !entry.isTaken)
    return {
      messages: left.map((entry) => entry.message),
      own: left.map((entry) => entry.slot === ownTimer),
      deliveries: [...this.#deliveries],
      dropped: this.#dropped,
    }
  }

  restore(contents: MailboxContents): void {
    this.#revision++
    this.#entries = contents.messages.map((message, index) => ({
      message,
      slot: contents.own[index] === true ? ownTimer : this.slotOf(message.topic),
      isTaken: false,
    }))
    this.#takenCount = 0
    this.#deliveries = new Map(contents.deliveries)
    this.#deliveriesBefore = undefined
    this.#dropped = contents.dropped
  }

  #readThroughViews(topic: string | undefined, time: number): Message[] {
    const due = this.#views.map((view) => this.#isDue(view, time))
    const newest = this.#newestPerTopic(topic)
    const counts = this.#views.map(() => 0)
    const result: Message[] = []
    for (const entry of this.#entries) {
      if (entry.isTaken || (topic !== undefined && entry.message.topic !== topic)) continue
      const view = this.#views[entry.slot]
      if (view !== undefined) {
        if (due[entry.slot] !== true) continue
        if (view.latest && newest.get(entry.message.topic) !== entry) {
          // Overtaken by a newer message of its topic: gone unread, as the author asked.
          this.#take(entry)
          continue
        }
        const count = counts[entry.slot] ?? 0
        if (count >= view.max) continue
        counts[entry.slot] = count + 1
        if (view.every > 0) this.#noteDelivery(view, time)
      }
      this.#take(entry)
      result.push(this.#messageFor(entry.message))
    }
    return result
  }

  #isDue(view: SubscriptionView, time: number): boolean {
    if (view.every <= 0) return true
    const last = this.#deliveries.get(view.topic)
    // Several readings at one moment are parts of one delivery; the tolerance absorbs the rounding of frame times.
    return last === undefined || last === time || time - last >= view.every - 1e-9
  }

  #noteDelivery(view: SubscriptionView, time: number): void {
    this.#revision++
    this.#deliveriesBefore ??= new Map(this.#deliveries)
    this.#deliveries.set(view.topic, time)
  }

  #newestPerTopic(topic: string | undefined): ReadonlyMap<string, Entry> {
    const newest = new Map<string, Entry>()
    for (const entry of this.#entries) {
      if (entry.isTaken || (topic !== undefined && entry.message.topic !== topic)) continue
      if (this.#views[entry.slot]?.latest === true) newest.set(entry.message.topic, entry)
    }
    return newest
  }

  #take(entry: Entry): void {
    this.#revision++
    entry.isTaken = true
    this.#takenCount++
    if (this.#readFrom !== undefined && entry.message.from !== undefined) this.#readFrom.add(entry.message.from)
  }

  #messageFor(message: StoredMessage): Message {
    const { topic, frame, from } = message
    const data = copyAgain(message.data, this.#copyRules)
    return from === undefined ? { topic, data, frame } : { topic, data, from, frame }
  }
}
