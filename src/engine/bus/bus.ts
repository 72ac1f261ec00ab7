// The message bus inside one engine (MB1–MB4). What modules publish in frame N waits in an outbox per module and is
// delivered, in module order, when frame N+1 begins: neither run order nor threads can be seen in the result.
//
//   publish ► BusPort's outbox ──beginFrame──► Routes ► Mailbox (queue-log.ts) ──read, by subscription-view.ts──► messages()

import type { BusModuleInfo } from '../../protocol/bus.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { Subscription } from '../../protocol/module.ts'
import type { CopyRules } from '../plain-copy.ts'
import { BusPort, requireTopic, type PortContents, type Present } from './bus-port.ts'
import type { BusTap } from './bus-tap.ts'
import { Mailbox, type MailboxContents } from './mailbox.ts'
import { PayloadCopies } from './payload-copies.ts'
import { QueueRates } from './queue-rates.ts'
import { Routes } from './routes.ts'
import type { StoredMessage } from './stored-message.ts'
import { subscriptionView } from './subscription-view.ts'

export interface BusModule {
  readonly name: string
  readonly subscriptions: readonly Subscription[]
}

export interface BusOptions {
  /** Messages a queue holds before its oldest are dropped; default 10 000. */
  readonly limit?: number
  /** Told of each message of a module in the call that publishes it. */
  readonly onPublished?: (message: StoredMessage) => void
  /** Told of each message as it is delivered, once, whoever subscribes. */
  readonly onDelivered?: (message: StoredMessage) => void
  /** Who looks on; asked as each frame begins. */
  readonly tap?: () => BusTap | undefined
  /** Which classes payloads may hold instances of; default none. */
  readonly classOf?: NonNullable<CopyRules['classOf']>
}

/** All the bus holds, as plain data. Messages in it are the bus's own and must not be changed. */
export interface BusContents {
  readonly frame: number
  readonly time: number
  readonly modules: readonly ({ readonly name: string; readonly mailbox: MailboxContents } & PortContents)[]
  /** Messages from outside and of modules that went, not yet delivered. */
  readonly outside: readonly StoredMessage[]
  readonly orphans: readonly StoredMessage[]
}

const defaultLimit = 10_000

/**
 * The life of a frame: `publishOutside` while inputs are taken, then `beginFrame`, then each module through its port;
 * `port.rollback()` if it threw. A change of modules happens between frames.
 */
export class Bus {
  readonly #limit: number
  readonly #onDelivered: ((message: StoredMessage) => void) | undefined
  readonly #tap: (() => BusTap | undefined) | undefined
  readonly #copies: PayloadCopies
  readonly #rates = new QueueRates()
  #ports = new Map<string, BusPort>()
  #routes = new Routes([])
  #outside: StoredMessage[] = []
  #orphans: StoredMessage[] = []
  readonly #now: Present
  #isWatched = false

  constructor(options: BusOptions = {}) {
    this.#limit = options.limit ?? defaultLimit
    this.#now = { frame: 0, time: 0, changes: 0, topics: new Set(), published: options.onPublished, tap: undefined }
    this.#onDelivered = options.onDelivered
    this.#tap = options.tap
    this.#copies = new PayloadCopies(
      options.classOf === undefined ? { root: 'data' } : { root: 'data', classOf: options.classOf },
    )
  }

  /**
   * The modules present, in module order, with what they subscribe to. Those that stay keep queue, timers and port; what
   * those that go have published is still delivered. Throws `invalid-argument` for a bad subscription, changing nothing.
   */
  setModules(modules: readonly BusModule[]): void {
    const views = modules.map(({ name, subscriptions }) =>
      subscriptions.map((subscription) => subscriptionView(name, subscription)),
    )
    const ports = new Map<string, BusPort>()
    for (const [index, { name }] of modules.entries()) {
      const port =
        this.#ports.get(name) ?? new BusPort(name, new Mailbox(this.#limit, this.#copies), this.#now, this.#copies)
      port.mailbox.setViews(views[index] ?? [])
      port.mailbox.watch(this.#isWatched)
      ports.set(name, port)
    }
    for (const [name, port] of this.#ports) {
      if (ports.has(name)) continue
      this.#orphans.push(...port.takeOutbox())
      this.#now.changes += port.mailbox.revision
    }
    this.#now.changes++
    this.#setPorts(ports)
  }

  /** Queue, timers and port go to the new name, whose subscriptions follow with the next `setModules`. */
  renameModule(from: string, to: string): void {
    const port = this.#ports.get(from)
    if (port === undefined || from === to) return
    this.#now.changes++
    const renamed = new BusPort(to, port.mailbox, this.#now, this.#copies)
    renamed.adopt(port)
    this.#setPorts(new Map([...this.#ports].map(([name, kept]) => (name === from ? [to, renamed] : [name, kept]))))
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
    this.#outside.push({ topic, data: this.#copies.fresh(topic, data), frame: this.#now.frame })
  }

  /**
   * Begins a frame: delivers what was published since the last one began, then what timers are due at `time` (seconds of
   * engine time). After this, nothing taken in the frame before can be given back.
   */
  beginFrame(frame: number, time: number): void {
    this.#now.frame = frame
    this.#now.time = time
    this.#now.tap = this.#tap?.()
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
        this.#now.tap?.delivered(message, port.alone)
      }
      port.mailbox.trim()
    }
    this.#rates.look(this.#ports.values(), time)
  }

  /** Empties everything, as at frame 0; modules and subscriptions stay. */
  clear(): void {
    this.#now.changes++
    this.#outside = []
    this.#orphans = []
    this.#now.frame = 0
    this.#now.time = 0
    this.#rates.clear()
    for (const port of this.#ports.values()) port.clear()
  }

  /** Notes from now on who reads from whom, or no longer. */
  watch(isOn: boolean): void {
    this.#isWatched = isOn
    for (const port of this.#ports.values()) port.mailbox.watch(isOn)
  }

  /** `reader` read a message since `watch` that `sender` published after `frame`, or is about to. */
  hasMet(reader: string, sender: string, frame: number): boolean {
    return this.#ports.get(reader)?.mailbox.hasMet(sender, frame) ?? false
  }

  /** What `sender` published after `frame`, and was not read yet, is read by nobody any more. Between frames. */
  takeBack(sender: string, frame: number): void {
    const isGone = (message: StoredMessage): boolean => message.from === sender && message.frame > frame
    this.#now.changes++
    this.#orphans = this.#orphans.filter((message) => !isGone(message))
    for (const port of this.#ports.values()) port.remove(isGone)
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

  /** Subscriptions and queue of each module, in module order. */
  queues(): readonly BusModuleInfo[] {
    return [...this.#ports.values()].map(({ name, mailbox }) => ({
      name,
      subscriptions: mailbox.views.map((view) => view.topic),
      queued: mailbox.queued,
      limit: mailbox.limit,
      dropped: mailbox.dropped,
      ...this.#rates.of(name, mailbox),
    }))
  }

  #setPorts(ports: Map<string, BusPort>): void {
    this.#ports = ports
    this.#routes = new Routes(ports.values())
  }

  #deliver(messages: readonly StoredMessage[]): void {
    const { tap } = this.#now
    for (const message of messages) {
      const { routes, readers } = this.#routes.of(message.topic)
      for (const { port, slot } of routes) port.mailbox.append(message, slot)
      this.#onDelivered?.(message)
      tap?.delivered(message, readers)
    }
  }
}
