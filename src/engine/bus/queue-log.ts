// The messages one module has not read yet: a log with a read cursor (MB2). What was taken is given back by moving the cursor back,
// until the next frame begins.
//
//   [ taken ……… | cursor ► left, left, taken out of turn, left … ]

import type { StoredMessage } from './stored-message.ts'

/** Stands for a subscription's index where the message came by `after`; −1 where no subscription matches any more. */
export const ownTimer = -2

export class QueueLog {
  readonly #limit: number
  #messages: StoredMessage[] = []
  /** Index of the subscription each message came by. */
  #slots: number[] = []
  #cursor = 0
  /** Places behind the cursor that were taken. */
  readonly #ahead = new Set<number>()
  #dropped = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  /** Messages that were never read, since the beginning. */
  get dropped(): number {
    return this.#dropped
  }

  /** Messages not taken. */
  get left(): number {
    return this.#messages.length - this.#cursor - this.#ahead.size
  }

  /** One past the last place. */
  get end(): number {
    return this.#messages.length
  }

  /** The first place that is not taken, or `end`. */
  get start(): number {
    return this.#cursor
  }

  /** Undefined where it is taken. */
  at(place: number): StoredMessage | undefined {
    return place < this.#cursor || (this.#ahead.size > 0 && this.#ahead.has(place)) ? undefined : this.#messages[place]
  }

  slotAt(place: number): number {
    return this.#slots[place] ?? -1
  }

  append(message: StoredMessage, slot: number): void {
    this.#messages.push(message)
    this.#slots.push(slot)
    // A flood is dropped as it comes, so that a queue never takes more than twice its limit.
    if (this.#messages.length >= 2 * this.#limit) this.trim()
  }

  take(place: number): void {
    if (place === this.#cursor) {
      this.#cursor++
      while (this.#ahead.size > 0 && this.#ahead.delete(this.#cursor)) this.#cursor++
    } else this.#ahead.add(place)
  }

  /** Takes all there is. */
  takeAll(): void {
    this.#cursor = this.#messages.length
    this.#ahead.clear()
  }

  /** Gives back what was taken since the frame began. True where there was something. */
  giveBack(): boolean {
    if (this.#cursor === 0 && this.#ahead.size === 0) return false
    this.#cursor = 0
    this.#ahead.clear()
    return true
  }

  /** Makes final what was taken; after this it can't be given back. */
  settle(): void {
    if (this.#ahead.size > 0) {
      const isLeft = (_: unknown, place: number): boolean => place >= this.#cursor && !this.#ahead.has(place)
      this.#messages = this.#messages.filter(isLeft)
      this.#slots = this.#slots.filter(isLeft)
      this.#ahead.clear()
    } else if (this.#cursor === this.#messages.length) {
      if (this.#cursor === 0) return
      this.#messages = []
      this.#slots = []
    } else if (this.#cursor > 0) {
      this.#messages.splice(0, this.#cursor)
      this.#slots.splice(0, this.#cursor)
    }
    this.#cursor = 0
  }

  /** Drops the oldest beyond the limit, and counts them: gives how many. Nothing may be taken at the time. */
  trim(): number {
    const excess = this.#messages.length - this.#limit
    if (excess <= 0) return 0
    this.dropOldest(excess)
    return excess
  }

  /** Drops and counts so many. Nothing may be taken at the time. */
  dropOldest(count: number): void {
    this.#messages.splice(0, count)
    this.#slots.splice(0, count)
    this.#dropped += count
  }

  /** Takes messages out that came by a subscription; what was taken is final. True where there were any. */
  remove(isGone: (message: StoredMessage) => boolean): boolean {
    this.settle()
    const before = this.#messages.length
    const stays = this.#messages.map((message, place) => this.#slots[place] === ownTimer || !isGone(message))
    this.#messages = this.#messages.filter((_, place) => stays[place])
    this.#slots = this.#slots.filter((_, place) => stays[place])
    return this.#messages.length < before
  }

  /** Which subscription each message belongs to, by other subscriptions; timers stay one's own. */
  setSlots(slotOf: (topic: string) => number): void {
    this.#slots = this.#messages.map(({ topic }, place) => (this.#slots[place] === ownTimer ? ownTimer : slotOf(topic)))
  }

  /** What is left, in order, with the slot of each. */
  leftMessages(): { readonly messages: readonly StoredMessage[]; readonly slots: readonly number[] } {
    if (this.left === this.#messages.length) return { messages: [...this.#messages], slots: this.#slots }
    const isLeft = (_: unknown, place: number): boolean => this.at(place) !== undefined
    return { messages: this.#messages.filter(isLeft), slots: this.#slots.filter(isLeft) }
  }

  /** Another content, none of it taken. */
  replace(messages: readonly StoredMessage[], slots: readonly number[], dropped: number): void {
    this.#messages = [...messages]
    this.#slots = [...slots]
    this.#cursor = 0
    this.#ahead.clear()
    this.#dropped = dropped
  }
}
