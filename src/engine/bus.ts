// The message bus inside one engine (MB1–MB4). What modules publish in frame N waits in an outbox per module and is
// delivered, in module order, when frame N+1 begins: neither run order nor threads can be seen in the result.

import type { BusInfo } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Message, Subscription } from '../protocol/module.ts'
import { Mailbox, subscriptionView, type MailboxContents, type StoredMessage } from './mailbox.ts'
import { copyPlain, type CopyRules } from './plain-copy.ts'
import { checkPattern, checkTopic, TopicTree } from './topic.ts'

export interface BusModule {
  readonly name: string
  readonly subscriptions: readonly Subscription[]
}

export interface BusOptions {
  /** Messages a queue holds before its oldest are dropped; default 10 000. */
  readonly limit?: number
  /** Told of each message as it is delivered, once, whoever subscribes. */
  readonly onDelivered?: (message: StoredMessage) => void
  /** Which classes payloads may hold instances of; default none. */
  readonly classOf?: NonNullable<CopyRules['classOf']>
}

/** A message to oneself, due at a time. */
interface Timer {
  readonly dueTime: number
  readonly message: StoredMessage
}

/** All the bus holds, as plain data. Messages in it are the bus's own and must not be changed. */
export interface BusContents {
  readonly frame: number
  readonly time: number
  readonly modules: readonly {
    readonly name: string
    readonly mailbox: MailboxContents
    readonly outbox: readonly StoredMessage[]
    readonly timers: readonly Timer[]
  }[]
  /** Messages from outside and of modules that went, not yet delivered. */
  readonly outside: readonly StoredMessage[]
  readonly orphans: readonly StoredMessage[]
}

const defaultLimit = 10_000
const topicCacheSize = 4096

/** What all ports share: where the engine is, and topics that were found good. */
interface Present {
  frame: number
  time: number
  /** Changes of what the bus and its ports hold beside mailboxes. */
  changes: number
  readonly topics: Set<string>
}

interface Route {
  readonly port: BusPort
  readonly slot: number
}

/**
 * The life of a frame: `publishOutside` while inputs are taken, then `beginFrame`, then each module through its port;
 * `port.rollback()` if it threw. A change of modules happens between frames.
 */
export class Bus {
  readonly #limit: number
  readonly #onDelivered: ((message: StoredMessage) => void) | undefined
  readonly #copyRules: CopyRules
  #ports = new Map<string, BusPort>()
  #tree = new TopicTree<BusPort>()
  #order = new Map<BusPort, number>()
  readonly #routes = new Map<string, readonly Route[]>()
  #outside: StoredMessage[] = []
  #orphans: StoredMessage[] = []
  readonly #now: Present = { frame: 0, time: 0, changes: 0, topics: new Set() }

  constructor(options: BusOptions = {}) {
    this.#limit = options.limit ?? defaultLimit
    this.#onDelivered = options.onDelivered
    this.#copyRules = options.classOf === undefined ? { root: 'data' } : { root: 'data', classOf: options.classOf }
  }

  /**
   * The modules present, in module order, with what they subscribe to. Those that stay keep queue, timers and port; what
   * those that go have published is still delivered. Throws `invalid-argument` for a bad subscription, changing nothing.
   */
  setModules(modules: readonly BusModule[]): void {
    const views = modules.map((module) =>
      module.subscriptions.map((subscription) => checkedView(module.name, subscription)),
    )
    const ports = new Map<string, BusPort>()
    for (const [index, { name }] of modules.entries()) {
      const port =
        this.#ports.get(name) ??
        new BusPort(name, new Mailbox(this.#limit, this.#copyRules), this.#now, this.#copyRules)
      port.mailbox.setViews(views[index] ?? [])
      ports.set(name, port)
    }
    for (const [name, port] of this.#ports) {
      if (ports.has(name)) continue
      this.#orphans.push(...port.takeOutbox())
      this.#now.changes += port.mailbox.revision
    }
    this.#now.changes++
    this.#ports = ports
    this.#rebuildRoutes()
  }

  /** Queue, timers and port go to the new name, whose subscriptions follow with the next `setModules`. */
  renameModule(from: string, to: string): void {
    const port = this.#ports.get(from)
    if (port === undefined || from === to) return
    this.#now.changes++
    const renamed = new BusPort(to, port.mailbox, this.#now, this.#copyRules)
    renamed.adopt(port)
    this.#ports = new Map([...this.#ports].map(([name, kept]) => (name === from ? [to, renamed] : [name, kept])))
    this.#rebuildRoutes()
  }

  /** A module's own end of the bus; the same object for as long as the module is present under its name. */
  port(module: string): BusPort {
    const port = this.#ports.get(module)
    if (port === undefined) throw new CoppiceError('unknown-module', `there is no module "${module}" on the bus`)
    return port
  }

  /** A message from outside: delivered by the next `beginFrame`, after the modules' messages. Throws as `port.publish`. */
  publishOutside(topic: string, data: unknown): void {
    requireTopic(topic, this.#now)
    this.#now.changes++
    this.#outside.push({ topic, data: copyPlain(data, this.#copyRules), frame: this.#now.frame })
  }

  /**
   * Begins a frame: delivers what was published since the last one began, then what timers are due at `time` (seconds of
   * engine time). After this, nothing taken in the frame before can be given back.
   */
  beginFrame(frame: number, time: number): void {
    this.#now.frame = frame
    this.#now.time = time
    for (const port of this.#ports.values()) port.mailbox.beginFrame()
    this.#deliver(this.#orphans)
    for (const port of this.#ports.values()) {
      if (port.hasOutbox) this.#deliver(port.takeOutbox())
    }
    this.#deliver(this.#outside)
    if (this.#orphans.length > 0 || this.#outside.length > 0) {
      this.#orphans = []
      this.#outside = []
      this.#now.changes++
    }
    for (const port of this.#ports.values()) {
      for (const message of port.takeDueTimers()) {
        port.mailbox.appendOwn(message)
        this.#onDelivered?.(message)
      }
      port.mailbox.trim()
    }
  }

  /** Empties everything, as at frame 0; modules and subscriptions stay. */
  clear(): void {
    this.#now.changes++
    this.#outside = []
    this.#orphans = []
    this.#now.frame = 0
    this.#now.time = 0
    for (const port of this.#ports.values()) port.clear()
  }

  /** Notes from now on who reads from whom, or no longer. */
  watch(isOn: boolean): void {
    for (const port of this.#ports.values()) port.mailbox.watch(isOn)
  }

  /** `reader` read a message of `sender` since `watch`. */
  hasRead(reader: string, sender: string): boolean {
    return this.#ports.get(reader)?.mailbox.hasReadFrom(sender) ?? false
  }

  /** Of the frame that began last. */
  get frame(): number {
    return this.#now.frame
  }

  /** Engine time of the frame that began last. */
  get time(): number {
    return this.#now.time
  }

  contents(): BusContents {
    return {
      frame: this.#now.frame,
      time: this.#now.time,
      modules: [...this.#ports.values()].map((port) => ({
        name: port.name,
        mailbox: port.mailbox.contents(),
        ...port.contents(),
      })),
      outside: [...this.#outside],
      orphans: [...this.#orphans],
    }
  }

  /** Puts back what `contents` gave, for the modules that are present now; others in it are left out. */
  restore(contents: BusContents): void {
    this.clear()
    this.#now.frame = contents.frame
    this.#now.time = contents.time
    this.#outside = [...contents.outside]
    this.#orphans = [...contents.orphans]
    for (const { name, mailbox, outbox, timers } of contents.modules) {
      const port = this.#ports.get(name)
      port?.mailbox.restore(mailbox)
      port?.restore({ outbox, timers })
    }
  }

  /**
   * Climbs with every change of `contents` but of its `frame` and `time`: while it stays, nothing was published, delivered,
   * taken, asked or dropped, and an earlier capture of the contents serves.
   */
  get revision(): number {
    let revision = this.#now.changes
    for (const port of this.#ports.values()) revision += port.mailbox.revision
    return revision
  }

  info(): BusInfo {
    return {
      modules: [...this.#ports.values()].map(({ name, mailbox }) => ({
        name,
        subscriptions: mailbox.views.map((view) => view.topic),
        queued: mailbox.queued,
        limit: mailbox.limit,
        dropped: mailbox.dropped,
      })),
    }
  }

  #deliver(messages: readonly StoredMessage[]): void {
    for (const message of messages) {
      for (const { port, slot } of this.#routesOf(message.topic)) port.mailbox.append(message, slot)
      this.#onDelivered?.(message)
    }
  }

  #routesOf(topic: string): readonly Route[] {
    let routes = this.#routes.get(topic)
    if (routes === undefined) {
      const ports = [...new Set(this.#tree.match(topic))]
      ports.sort((left, right) => (this.#order.get(left) ?? 0) - (this.#order.get(right) ?? 0))
      routes = ports.map((port) => ({ port, slot: port.mailbox.slotOf(topic) }))
      if (this.#routes.size >= topicCacheSize) this.#routes.clear()
      this.#routes.set(topic, routes)
    }
    return routes
  }

  #rebuildRoutes(): void {
    this.#routes.clear()
    this.#tree = new TopicTree()
    this.#order = new Map([...this.#ports.values()].map((port, index) => [port, index]))
    for (const port of this.#ports.values()) for (const view of port.mailbox.views) this.#tree.add(view.topic, port)
  }
}

/** What one module does on the bus. Its functions are bound, so that they can be handed to the module as they are. */
export class BusPort {
  readonly name: string
  readonly mailbox: Mailbox
  readonly #now: Present
  readonly #copyRules: CopyRules
  #outbox: StoredMessage[] = []
  /** By due time, then by order of asking. */
  #timers: Timer[] = []
  #timersBefore: Timer[] | undefined
  #timersFrame = -1

  constructor(name: string, mailbox: Mailbox, now: Present, copyRules: CopyRules) {
    this.name = name
    this.mailbox = mailbox
    this.#now = now
    this.#copyRules = copyRules
  }

  get hasOutbox(): boolean {
    return this.#outbox.length > 0
  }

  /** Readable by subscribers from the next frame on. The data is copied; `invalid-argument` for a bad topic, `invalid-state` for bad data. */
  readonly publish = (topic: string, data: unknown): void => {
    requireTopic(topic, this.#now)
    this.#now.changes++
    this.#outbox.push({ topic, data: copyPlain(data, this.#copyRules), from: this.name, frame: this.#now.frame })
  }

  /** A message to this module alone, at the first frame whose time is `seconds` from now or later, the next one at the earliest. */
  readonly after = (seconds: number, topic: string, data: unknown): void => {
    requireTopic(topic, this.#now)
    if (!(seconds >= 0))
      throw new CoppiceError('invalid-argument', `after(${String(seconds)}, "${topic}"): seconds must be 0 or more`)
    const dueTime = this.#now.time + seconds
    this.#now.changes++
    const message = { topic, data: copyPlain(data, this.#copyRules), from: this.name, frame: this.#now.frame }
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

  takeOutbox(): StoredMessage[] {
    const taken = this.#outbox
    if (taken.length === 0) return []
    this.#now.changes++
    this.#outbox = []
    return taken
  }

  /** Messages whose time has come, in order of their time. */
  takeDueTimers(): StoredMessage[] {
    this.#timersBefore = undefined
    let count = 0
    // The tolerance absorbs the rounding of frame times.
    while (count < this.#timers.length && (this.#timers[count]?.dueTime ?? Infinity) <= this.#now.time + 1e-9) count++
    if (count === 0) return []
    this.#now.changes++
    return this.#timers.splice(0, count).map((timer) => timer.message)
  }

  /** Takes over what another port has pending. */
  adopt(other: BusPort): void {
    this.#now.changes++
    this.#outbox = other.takeOutbox()
    this.#timers = other.#timers
    this.#timersBefore = undefined
  }

  clear(): void {
    this.#now.changes++
    this.#outbox = []
    this.#timers = []
    this.#timersBefore = undefined
    this.mailbox.clear()
  }

  contents(): { readonly outbox: readonly StoredMessage[]; readonly timers: readonly Timer[] } {
    return { outbox: [...this.#outbox], timers: [...this.#timers] }
  }

  restore(contents: { readonly outbox: readonly StoredMessage[]; readonly timers: readonly Timer[] }): void {
    this.#now.changes++
    this.#outbox = [...contents.outbox]
    this.#timers = [...contents.timers]
    this.#timersBefore = undefined
  }
}

function requireTopic(topic: string, { topics }: Readonly<Present>): void {
  if (topics.has(topic)) return
  const problem = checkTopic(topic)
  if (problem !== undefined) throw new CoppiceError('invalid-argument', problem)
  // Topics with ids in them may be without number: forgetting all of them now and then keeps the set small.
  if (topics.size >= topicCacheSize) topics.clear()
  topics.add(topic)
}

function checkedView(module: string, subscription: Subscription): ReturnType<typeof subscriptionView> {
  const view = subscriptionView(subscription)
  const problem = checkPattern(view.topic)
  if (problem !== undefined) throw new CoppiceError('invalid-argument', `subscribe of ${module}: ${problem}`)
  if (!(view.every >= 0))
    throw new CoppiceError(
      'invalid-argument',
      `subscribe of ${module}: "every" of ${view.topic} must be 0 or more seconds`,
    )
  if (!(view.max >= 1))
    throw new CoppiceError('invalid-argument', `subscribe of ${module}: "max" of ${view.topic} must be 1 or more`)
  return view
}
