// Commands to the engine that come by a socket: each only where engine.json allows it, at most 10 a frame, one after the other.
// `coordinator:pause`, `…:resume`, `…:status`, `…:shutdown`; `…:step` with a number, `…:reload` with a module's name,
// `…:setConfig` with { module, changes }. The answer is { ok: true, result } or { ok: false, error: { code, message } }.

import type { CommandArguments, CommandName, CommandResult } from '../../protocol/commands.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/program.ts'
import { coordinatorCommands, type CoordinatorCommand, type SocketInfo } from '../../protocol/sockets.ts'
import type { IncomingMessage } from './socket.ts'

const topicStart = 'coordinator:'
const commandsPerFrame = 10
const waitingLimit = 1000

export interface CoordinatorOptions {
  readonly socket: string
  readonly allowed: readonly CoordinatorCommand[]
  readonly command: <Name extends CommandName>(
    name: Name,
    ...args: CommandArguments<Name>
  ) => Promise<Awaited<CommandResult<Name>>>
  /** Ends the sockets' work; the program is paused by then. */
  readonly shutDown: () => void
  /** A command was run or refused. */
  readonly told: (level: 'info' | 'warning', text: string) => void
}

/** The message is meant for a coordinator, not for the bus. */
export function isForCoordinator(topic: string): boolean {
  return topic.startsWith(topicStart)
}

export class Coordinator {
  readonly #options: CoordinatorOptions
  #waiting: IncomingMessage[] = []
  #isRunning = false
  #isDisposed = false
  #run = 0
  /** Commands that may still be run before another frame has. */
  #left = commandsPerFrame
  #frameWaited: { readonly after: number; readonly come: () => void } | undefined

  constructor(options: CoordinatorOptions) {
    this.#options = options
  }

  get info(): SocketInfo['coordinator'] {
    return { allowed: this.#options.allowed, run: this.#run, waiting: this.#waiting.length }
  }

  /** False where it was refused at once. */
  take(message: IncomingMessage): boolean {
    const { socket, allowed, told } = this.#options
    const asked = message.topic.slice(topicStart.length)
    const command = allowed.find((name) => name === asked)
    const isKnown = coordinatorCommands.some((name) => name === asked)
    if (command !== undefined && this.#waiting.length < waitingLimit) {
      this.#waiting.push(message)
      void this.#work()
      return true
    }
    const why =
      command !== undefined
        ? `${waitingLimit} commands wait already.`
        : isKnown
          ? `engine.json does not allow it: add "${asked}" to "coordinator" of socket "${socket}".`
          : `there is no such command. There are ${coordinatorCommands.join(', ')}.`
    told('warning', `Socket ${socket}: ${message.topic} was refused: ${why}`)
    message.reply?.({ ok: false, error: { code: isKnown ? 'forbidden' : 'unknown-command', message: why } })
    return false
  }

  /** Whoever waits for a frame looks. */
  statusChanged({ frame, running }: Status): void {
    const waited = this.#frameWaited
    if (waited === undefined || (running && frame <= waited.after)) return
    this.#frameWaited = undefined
    waited.come()
  }

  dispose(): void {
    this.#isDisposed = true
    this.#frameWaited?.come()
    for (const message of this.#waiting.splice(0)) {
      message.reply?.({ ok: false, error: { code: 'closed', message: 'the socket was closed.' } })
    }
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (;;) {
      if (this.#left === 0) await this.#nextFrame()
      const message = this.#waiting.shift()
      if (message === undefined || this.#isDisposed) break
      this.#left--
      await this.#execute(message)
    }
    this.#isRunning = false
  }

  async #nextFrame(): Promise<void> {
    this.#left = commandsPerFrame
    try {
      const { frame, running } = await this.#options.command('status')
      if (!running || this.#isDisposed) return
      await new Promise<void>((come) => {
        this.#frameWaited = { after: frame, come }
      })
    } catch {
      // Another engine goes on: it has no frame to wait for yet.
    }
  }

  async #execute(message: IncomingMessage): Promise<void> {
    const { socket, told } = this.#options
    try {
      const result = await this.#ask(message)
      this.#run++
      told('info', `Socket ${socket}: ${message.topic}`)
      message.reply?.({ ok: true, result })
    } catch (error) {
      const { code, message: why } =
        error instanceof CoppiceError
          ? error
          : { code: 'internal', message: error instanceof Error ? error.message : String(error) }
      told('warning', `Socket ${socket}: ${message.topic} failed: ${why}`)
      message.reply?.({ ok: false, error: { code, message: why } })
    }
  }

  async #ask({ topic, data }: IncomingMessage): Promise<unknown> {
    const { command, shutDown } = this.#options
    switch (topic.slice(topicStart.length)) {
      case 'pause':
        return command('pause')
      case 'resume':
        return command('resume')
      case 'step':
        if (data !== undefined && typeof data !== 'number') throw wrong('the number of frames', data)
        return command('step', data ?? 1)
      case 'reload':
        if (typeof data !== 'string') throw wrong('the name of a module', data)
        return command('reload', data)
      case 'setConfig': {
        const { module, changes } = { module: undefined, changes: undefined, ...(typeof data === 'object' ? data : {}) }
        if (typeof module !== 'string' || !isRecord(changes)) throw wrong('{ module, changes }', data)
        return command('setConfig', module, changes)
      }
      case 'shutdown': {
        const status = await command('pause')
        // After the answer is on its way.
        setTimeout(shutDown, 0)
        return status
      }
      default:
        return command('status')
    }
  }
}

function wrong(wanted: string, data: unknown): CoppiceError {
  return new CoppiceError('malformed-command', `data must be ${wanted}, not ${data === null ? 'null' : typeof data}.`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
