// The page's sockets, as engine.json describes them: opened, closed, and joined to the engine (MB5). Messages of clients go in by their
// queues, commands of coordinators by theirs, and what modules publish goes out.
//
//   Socket ─received─► ClientQueues ─socketMessages─► engine ─journal─► entered          Coordinator ─commands─► engine
//   Socket ◄─send── SocketHub ◄─outputs── engine

import type { CommandArguments, CommandName, CommandResult } from '../../protocol/commands.ts'
import type { HealthChange } from '../../protocol/health.ts'
import type { JournalEntry } from '../../protocol/journal.ts'
import type { LogLevel } from '../../protocol/log.ts'
import type { Status } from '../../protocol/program.ts'
import type { ManifestSocket, SocketCredentials, SocketEnd, SocketInfo } from '../../protocol/sockets.ts'
import { compilePattern } from '../../protocol/topic.ts'
import { frameNumber, timelineId, type Moment } from '../../protocol/values.ts'
import { type ClientOfSocket, ClientQueues } from './client-queues.ts'
import { Coordinator, isForCoordinator } from './coordinator.ts'
import { openIntraSocket, type IntraSocket } from './intra-socket.ts'
import { openLocalSocket } from './local-socket.ts'
import { Outbox } from './outbox.ts'
import { SocketHealth } from './socket-health.ts'
import type { IncomingMessage, OutgoingMessage, Socket, SocketListener } from './socket.ts'

export interface SocketHubOptions {
  /** Id of this page's ends. */
  readonly id: string
  readonly command: <Name extends CommandName>(
    name: Name,
    ...args: CommandArguments<Name>
  ) => Promise<Awaited<CommandResult<Name>>>
  /** Asked before the first network socket is opened. */
  readonly credentials: () => Promise<SocketCredentials>
  /** Something of `infos` changed. */
  readonly changed: () => void
}

/** An opened socket and what is counted of it. */
interface Joined {
  readonly description: ManifestSocket
  readonly coordinator: Coordinator
  readonly mayEnter: (topic: string) => boolean
  /** What was sent while the socket was being made. */
  readonly early: Outbox<OutgoingMessage>
  socket: Socket | undefined
  intra: IntraSocket | undefined
  state: SocketInfo['state']
  detail: string
  received: number
  refused: number
  missed: number
}

export class SocketHub {
  readonly #options: SocketHubOptions
  readonly #queues = new ClientQueues((client) => this.#paceChanged(client))
  #joined: readonly Joined[] = []
  #workspace = ''
  #described = ''
  #isHanding = false
  readonly #health = new SocketHealth()
  #moment: Moment = { timeline: timelineId(0), frame: frameNumber(0) }

  constructor(options: SocketHubOptions) {
    this.#options = options
  }

  /** The sockets from now on; those described as before stay open. */
  configure(workspace: string, descriptions: readonly ManifestSocket[]): void {
    const described = JSON.stringify([workspace, descriptions])
    if (described === this.#described) return
    this.#described = described
    const isSameWorkspace = workspace === this.#workspace
    this.#workspace = workspace
    const before = this.#joined
    const kept = isSameWorkspace
      ? before.filter((joined) => descriptions.some((description) => isSame(joined.description, description)))
      : []
    for (const joined of before) if (!kept.includes(joined)) this.#close(joined)
    this.#joined = descriptions.map(
      (description) => kept.find((joined) => isSame(joined.description, description)) ?? this.#open(description),
    )
    this.#options.changed()
  }

  /** An end of an `intra` socket; undefined where there is none of that name. */
  connect(socket: string, client: string): SocketEnd | undefined {
    return this.#joined.find(({ description }) => description.name === socket)?.intra?.connect(client)
  }

  /** What entered frames. */
  journal(entries: readonly JournalEntry[]): void {
    let isAny = false
    for (const { input } of entries) {
      if (input.kind !== 'publish' || input.via === undefined) continue
      this.#queues.entered(input.via.sequence)
      isAny = true
    }
    if (!isAny) return
    this.#hand()
    this.#options.changed()
  }

  /** How sockets stood, oldest first. */
  get healthHistory(): readonly HealthChange[] {
    return this.#health.history
  }

  status(status: Status): void {
    this.#moment = { timeline: status.timeline, frame: status.frame }
    for (const { coordinator } of this.#joined) coordinator.statusChanged(status)
  }

  /** Another engine goes on with the program. */
  engineChanged(): void {
    this.#queues.handAgain()
    this.#hand()
  }

  /** What a module published, and by the manifest goes out. */
  send(socket: string, { topic, data }: OutgoingMessage): void {
    const joined = this.#joined.find(({ description }) => description.name === socket)
    if (joined?.socket === undefined) joined?.early.add({ topic, data })
    else joined.socket.send({ topic, data })
    this.#options.changed()
  }

  infos(): readonly SocketInfo[] {
    return this.#joined.map(
      ({ description, socket, early, coordinator, state, detail, received, refused, missed }) => ({
        name: description.name,
        kind: description.kind,
        state,
        detail,
        received,
        refused,
        missed,
        ...withEarly(early, socket?.figures() ?? { sent: 0, queued: 0, dropped: 0, reconnects: 0 }),
        clients: this.#queues.clientsOf(description.name),
        coordinator: coordinator.info,
      }),
    )
  }

  dispose(): void {
    for (const joined of this.#joined) this.#close(joined)
    this.#joined = []
  }

  #open(description: ManifestSocket): Joined {
    const joined: Joined = {
      description,
      coordinator: new Coordinator({
        socket: description.name,
        allowed: description.coordinator,
        command: this.#options.command,
        shutDown: () => this.#shutDown(description.name),
        told: (level, text) => this.#tell(level, text),
      }),
      mayEnter: anyOf(description.receive),
      early: new Outbox(),
      socket: undefined,
      intra: undefined,
      state: 'connecting',
      detail: '',
      received: 0,
      refused: 0,
      missed: 0,
    }
    const opened = this.#connect(joined).then(() => {
      const messages = joined.early.take()
      for (const message of messages) joined.socket?.send(message)
      joined.early.confirm(messages.length)
    })
    opened.catch((error: unknown) => {
      joined.state = 'closed'
      joined.detail = error instanceof Error ? error.message : String(error)
      this.#noteHealth(joined)
      this.#tell('error', `Socket ${description.name} could not be opened: ${joined.detail}`)
      this.#options.changed()
    })
    return joined
  }

  async #connect(joined: Joined): Promise<void> {
    const { name, kind, channel = `coppice:${this.#workspace}`, url = '', receive } = joined.description
    const { id } = this.#options
    const listener = this.#listenerOf(joined)
    switch (kind) {
      case 'intra':
        joined.intra = openIntraSocket(listener)
        joined.socket = joined.intra
        return
      case 'local':
        joined.socket = openLocalSocket({ channel, id, ...listener })
        return
      case 'network': {
        const [credentials, { openNetworkSocket }] = await Promise.all([
          this.#options.credentials(),
          import('./network-socket.ts'),
        ])
        // It may have been closed again meanwhile.
        if (!this.#joined.includes(joined)) return
        joined.socket = openNetworkSocket({ url, id: `${id}-${name}`, receive, credentials, ...listener })
      }
    }
  }

  #listenerOf(joined: Joined): SocketListener {
    const { description } = joined
    const { name } = description
    return {
      received: (message) => this.#received(joined, message),
      changed: (state, detail) => {
        const isNews = state !== joined.state || detail !== joined.detail
        const wasOpen = joined.state === 'open'
        joined.state = state
        joined.detail = detail
        if (!isNews) return
        if (wasOpen || state !== 'connecting' || detail !== description.url) this.#noteHealth(joined)
        if (state === 'open') this.#tell('info', `Socket ${name} is open: ${detail}`)
        else if (wasOpen || joined.detail !== description.url)
          this.#tell('warning', `Socket ${name} is not connected: ${detail}`)
        this.#options.changed()
      },
      refused: (why) => {
        joined.refused++
        this.#tell('warning', `Socket ${name}: ${why}`)
        this.#options.changed()
      },
      missed: (count) => {
        joined.missed += count
        this.#tell('warning', `Socket ${name}: messages of another end never arrived`)
        this.#options.changed()
      },
    }
  }

  #received(joined: Joined, message: IncomingMessage): void {
    const { description, coordinator, mayEnter } = joined
    const { topic, data, from } = message
    joined.received++
    if (isForCoordinator(topic)) {
      if (!coordinator.take(message)) joined.refused++
    } else if (mayEnter(topic)) {
      const client = /^client:([^:]+):/.exec(topic)?.[1] ?? from ?? description.name
      this.#queues.add({ socket: description.name, client, topic, data })
      this.#hand()
    } else {
      joined.refused++
      this.#tell('warning', `Socket ${description.name}: ${topic} is not among the topics it may receive (engine.json)`)
    }
    this.#options.changed()
  }

  /** Hands the engine what it may have, once for all that came in this turn of the event loop. */
  #hand(): void {
    if (this.#isHanding) return
    this.#isHanding = true
    queueMicrotask(() => {
      this.#isHanding = false
      const messages = this.#queues.next()
      if (messages.length === 0) return
      this.#options.command('socketMessages', messages).then(
        (refused) => {
          for (const { sequence, message } of refused) {
            this.#queues.refused(sequence)
            this.#tell('warning', `A message that came by a socket was refused: ${message}`)
          }
          if (refused.length > 0) this.#hand()
        },
        // The engine is gone: `engineChanged` hands them to the next one.
        () => undefined,
      )
    })
  }

  /** A client sends more than frames take, begins to lose messages by it, or no longer does. */
  #paceChanged({ socket, client, pace, waiting, dropped }: ClientOfSocket): void {
    const joined = this.#joined.find(({ description }) => description.name === socket)
    if (joined === undefined) return
    this.#noteHealth(joined)
    const who = `Socket ${socket}: client ${client}`
    if (pace === 'fine') this.#tell('info', `${who} is no longer late: ${waiting} messages wait.`)
    else if (pace === 'late')
      this.#tell('warning', `${who} sends more than the program takes, 5 a frame: ${waiting} messages wait.`)
    else
      this.#tell(
        'error',
        `${who} sends more than the program takes, 5 a frame: the oldest are dropped, ${dropped} so far. Send less, or several values in one message.`,
      )
    this.#options.changed()
  }

  #noteHealth({ description: { name }, state, detail }: Joined): void {
    const slowest = state === 'open' ? this.#queues.slowestOf(name) : undefined
    if (slowest === undefined) this.#health.note(name, state, detail, this.#moment)
    else {
      const { client, waiting, pace } = slowest
      this.#health.note(name, state, `${waiting} messages of client ${client} wait`, this.#moment, pace)
    }
  }

  #shutDown(name: string): void {
    this.#tell(
      'warning',
      `Socket ${name}: shutdown. The program is paused and all sockets are closed until engine.json is saved or the page is loaded again.`,
    )
    this.dispose()
    this.#described = ''
    this.#options.changed()
  }

  #close(joined: Joined): void {
    joined.coordinator.dispose()
    joined.socket?.dispose()
    this.#queues.forget(joined.description.name)
    this.#health.forget(joined.description.name, this.#moment)
  }

  #tell(level: LogLevel, text: string): void {
    // Without an engine there is no log to write to.
    this.#options.command('note', level, text).catch(() => undefined)
  }
}

/** What went through `early` was sent by the socket, or waits there. */
function withEarly(
  early: Outbox<OutgoingMessage>,
  figures: ReturnType<Socket['figures']>,
): ReturnType<Socket['figures']> {
  return { ...figures, queued: figures.queued + early.queued, dropped: figures.dropped + early.dropped }
}

function anyOf(patterns: readonly string[]): (topic: string) => boolean {
  const matchers = patterns.map(compilePattern)
  return (topic) => matchers.some((matches) => matches(topic))
}

function isSame(left: ManifestSocket, right: ManifestSocket): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
