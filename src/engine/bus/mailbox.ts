// One module's end of the bus where messages come in: its queue, read through its subscriptions' views, each message's data copied for
// this reader (MB2–MB4). The first subscription that matches a topic is the one it comes by.

import type { Message } from '../../protocol/module.ts'
import type { PayloadCopies } from './payload-copies.ts'
import { ownTimer, QueueLog } from './queue-log.ts'
import type { StoredMessage } from './stored-message.ts'
import { isPlainView, type SubscriptionView } from './subscription-view.ts'
import { TopicTree } from './topic-tree.ts'

/** What a mailbox holds, as plain data, for hash and capture. */
export interface MailboxContents {
  readonly messages: readonly StoredMessage[]
  /** Per message: true for one's own timer messages, which no view touches. */
  readonly own: readonly boolean[]
  /** Engine time of the last delivery of each subscription with `every`, by pattern. */
  readonly deliveries: readonly (readonly [pattern: string, time: number])[]
  readonly dropped: number
}

/** What came since another mailbox had the same contents. */
export interface MailboxArrivals {
  readonly messages: readonly StoredMessage[]
  /** As in the contents. */
  readonly own: readonly boolean[]
  /** How many of the oldest were dropped when all of these were there. */
  readonly dropped: number
}

export class Mailbox {
  readonly #copies: PayloadCopies
  readonly #log: QueueLog
  #views: readonly SubscriptionView[] = []
  #slots = new TopicTree<number>()
  #hasViews = false
  #deliveries = new Map<string, number>()
  /** As it stood when the frame began. */
  #deliveriesBefore: ReadonlyMap<string, number> | undefined
  #revision = 0
  #received = 0
  /** Whose messages were read since `watch`, and the newest frame such a one was published in; undefined while nobody asks. */
  #readFrom: Map<string, number> | undefined
  /** Since `follow`; undefined where something else happened than that messages came and were dropped for it. */
  #arrivals: { readonly messages: StoredMessage[]; readonly own: boolean[]; dropped: number } | undefined

  constructor(limit: number, copies: PayloadCopies) {
    this.#log = new QueueLog(limit)
    this.#copies = copies
  }

  /** Notes from now on whose messages are read, or no longer. */
  watch(isOn: boolean): void {
    if (!isOn) this.#readFrom = undefined
    else this.#readFrom ??= new Map()
  }

  /** Notes what comes from now on, for a mailbox elsewhere that holds the same. */
  follow(): void {
    this.#arrivals = { messages: [], own: [], dropped: 0 }
  }

  /** Since `follow`; undefined where that mailbox needs the whole contents: it was changed in another way, or that is less. */
  get arrivals(): MailboxArrivals | undefined {
    return this.#arrivals
  }

  /** Takes what came to a mailbox that held the same. */
  arrive({ messages, own, dropped }: MailboxArrivals): void {
    const slots = this.#slotsOf(messages, own)
    for (const [index, message] of messages.entries()) this.append(message, slots[index] ?? ownTimer)
    this.#log.dropOldest(dropped)
  }

  /** A message that module published after `frame` was read since `watch`, or is here: a call that threw has given back what it read. */
  hasMet(module: string, frame: number): boolean {
    if ((this.#readFrom?.get(module) ?? -1) > frame) return true
    for (let place = this.#log.start; place < this.#log.end; place++) {
      const message = this.#log.at(place)
      if (message?.from === module && message.frame > frame) return true
    }
    return false
  }

  get queued(): number {
    return this.#log.left
  }

  /** Messages that came since the mailbox was made; no part of its contents. */
  get received(): number {
    return this.#received
  }

  /** Climbs with every change of `contents`. */
  get revision(): number {
    return this.#revision
  }

  get limit(): number {
    return this.#log.limit
  }

  get dropped(): number {
    return this.#log.dropped
  }

  get views(): readonly SubscriptionView[] {
    return this.#views
  }

  /** Queued messages stay, and are read by the new views; one that no pattern matches any more is still delivered. */
  setViews(views: readonly SubscriptionView[]): void {
    this.#changed()
    this.#views = views
    this.#slots = new TopicTree()
    for (const [slot, view] of views.entries()) this.#slots.add(view.topic, slot)
    this.#hasViews = !views.every(isPlainView)
    this.#log.setSlots((topic) => this.slotOf(topic))
    const patterns = new Set(views.filter((view) => view.every > 0).map((view) => view.topic))
    this.#deliveries = new Map([...this.#deliveries].filter(([pattern]) => patterns.has(pattern)))
    this.#deliveriesBefore = undefined
  }

  /** Index of the first subscription that matches; negative where none does. */
  slotOf(topic: string): number {
    const slots = this.#slots.match(topic)
    return slots.length === 0 ? -1 : Math.min(...slots)
  }

  /** Makes final what was taken; after this it can't be given back. */
  beginFrame(): void {
    this.#deliveriesBefore = undefined
    this.#log.settle()
  }

  append(message: StoredMessage, slot: number): void {
    this.#revision++
    this.#received++
    this.#log.append(message, slot)
    if (this.#arrivals === undefined) return
    this.#arrivals.messages.push(message)
    this.#arrivals.own.push(slot === ownTimer)
    // From here on the whole of it is less.
    if (this.#arrivals.messages.length >= this.limit) this.#arrivals = undefined
  }

  appendOwn(message: StoredMessage): void {
    this.append(message, ownTimer)
  }

  /** Drops the oldest beyond the limit, and counts them. To be called before anything is taken in a frame. */
  trim(): void {
    const dropped = this.#log.trim()
    if (dropped === 0) return
    this.#revision++
    if (this.#arrivals !== undefined) this.#arrivals.dropped += dropped
  }

  /** Takes what the views let through, oldest first: all, or one topic's. Each message's data is a copy of its own. */
  read(topic: string | undefined, time: number): Message[] {
    const log = this.#log
    if (log.left === 0) return []
    this.#changed()
    if (this.#hasViews) return this.#readThroughViews(topic, time)
    const result: Message[] = []
    for (let place = log.start; place < log.end; place++) {
      const message = log.at(place)
      if (message === undefined || (topic !== undefined && message.topic !== topic)) continue
      if (topic !== undefined) log.take(place)
      result.push(this.#handOut(message))
    }
    if (topic === undefined) log.takeAll()
    return result
  }

  /** Gives back what was taken since the frame began. */
  rollback(): void {
    this.#changed()
    if (this.#deliveriesBefore !== undefined) {
      this.#deliveries = new Map(this.#deliveriesBefore)
      this.#deliveriesBefore = undefined
    }
    this.#log.giveBack()
  }

  /** What `isGone` says of is read no more. Between frames. */
  remove(isGone: (message: StoredMessage) => boolean): void {
    if (this.#log.remove(isGone)) this.#changed()
  }

  clear(): void {
    this.#changed()
    this.#log.replace([], [], 0)
    this.#deliveries.clear()
    this.#deliveriesBefore = undefined
  }

  contents(): MailboxContents {
    const { messages, slots } = this.#log.leftMessages()
    return {
      messages,
      own: slots.map((slot) => slot === ownTimer),
      deliveries: [...this.#deliveries],
      dropped: this.#log.dropped,
    }
  }

  restore({ messages, own, deliveries, dropped }: MailboxContents): void {
    this.#changed()
    this.#log.replace(messages, this.#slotsOf(messages, own), dropped)
    this.#deliveries = new Map(deliveries)
    this.#deliveriesBefore = undefined
  }

  /** Each topic is looked up once. */
  #slotsOf(messages: readonly StoredMessage[], own: readonly boolean[]): readonly number[] {
    const known = new Map<string, number>()
    return messages.map(({ topic }, index) => {
      if (own[index] === true) return ownTimer
      const slot = known.get(topic) ?? this.slotOf(topic)
      known.set(topic, slot)
      return slot
    })
  }

  /** In another way than by what comes. */
  #changed(): void {
    this.#revision++
    this.#arrivals = undefined
  }

  #readThroughViews(topic: string | undefined, time: number): Message[] {
    const log = this.#log
    const due = this.#views.map((view) => this.#isDue(view, time))
    const newest = this.#newestPerTopic(topic)
    const counts = this.#views.map(() => 0)
    const result: Message[] = []
    for (let place = log.start; place < log.end; place++) {
      const message = log.at(place)
      if (message === undefined || (topic !== undefined && message.topic !== topic)) continue
      const slot = log.slotAt(place)
      const view = this.#views[slot]
      if (view !== undefined) {
        if (due[slot] !== true) continue
        if (view.latest && newest.get(message.topic) !== place) {
          // Overtaken by a newer message of its topic: gone unread, as the author asked.
          log.take(place)
          continue
        }
        const count = counts[slot] ?? 0
        if (count >= view.max) continue
        counts[slot] = count + 1
        if (view.every > 0) this.#noteDelivery(view, time)
      }
      log.take(place)
      result.push(this.#handOut(message))
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
    this.#deliveriesBefore ??= new Map(this.#deliveries)
    this.#deliveries.set(view.topic, time)
  }

  /** Place of the newest message of each topic that comes by a view with `latest`. */
  #newestPerTopic(topic: string | undefined): ReadonlyMap<string, number> {
    const newest = new Map<string, number>()
    if (!this.#views.some((view) => view.latest)) return newest
    const log = this.#log
    for (let place = log.start; place < log.end; place++) {
      const message = log.at(place)
      if (message === undefined || (topic !== undefined && message.topic !== topic)) continue
      if (this.#views[log.slotAt(place)]?.latest === true) newest.set(message.topic, place)
    }
    return newest
  }

  #handOut(message: StoredMessage): Message {
    const { topic, frame, from } = message
    if (this.#readFrom !== undefined && from !== undefined)
      this.#readFrom.set(from, Math.max(frame, this.#readFrom.get(from) ?? -1))
    const data = this.#copies.again(topic, message.data)
    return from === undefined ? { topic, data, frame } : { topic, data, from, frame }
  }
}
