// The worker's end of the link: messages in, the engine's `execute`, exactly one answer each (LK1); events out with
// their sequence (LK2). Page → MessagePort → here → engine → here → MessagePort → page.

import { messageOf } from '../engine/reload-failure.ts'
import type { AnswerMessage } from '../protocol/commands.ts'
import { CoppiceError, type ErrorData } from '../protocol/errors.ts'
import type { EngineEvent, EventMessage } from '../protocol/events.ts'

/** What a port needs of a MessagePort. */
export interface WorkerPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  onmessage: ((event: MessageEvent<unknown>) => void) | null
}

/** Runs a command by name. Throws or rejects with a CoppiceError for what it refuses, `unknown-command` among it. */
export type ExecuteCommand = (name: string, args: readonly unknown[]) => unknown

/** An error as plain data; what is no CoppiceError is a bug of ours. */
const toErrorData = (error: unknown): ErrorData => {
  if (!(error instanceof CoppiceError)) return { code: 'internal', message: messageOf(error) }
  const { code, message, details } = error
  return details === undefined ? { code, message } : { code, message, details }
}

/** Memory that is the page's from then on, and not copied. */
const handedOver = (events: readonly EngineEvent[]): ArrayBuffer[] =>
  events.flatMap((event) => (event.type === 'captures' ? [event.captures] : []))

interface ReadCommand {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

/** A message that is no command, but carries an id that can be answered. */
type ReadMessage = { readonly command: ReadCommand } | { readonly malformed: string; readonly id: number | undefined }

const readMessage = (data: unknown): ReadMessage => {
  if (typeof data !== 'object' || data === null)
    return { malformed: `A message is ${typeof data}, not an object`, id: undefined }
  const message: { readonly kind?: unknown; readonly id?: unknown; readonly name?: unknown; readonly args?: unknown } =
    data
  const id = typeof message.id === 'number' ? message.id : undefined
  if (message.kind !== 'command') return { malformed: `A message of kind ${String(message.kind)}, not command`, id }
  if (id === undefined) return { malformed: 'A command without a numeric id', id }
  const { name } = message
  if (typeof name !== 'string') return { malformed: 'A command without a name', id }
  if (!Array.isArray(message.args)) return { malformed: `The arguments of ${name} are no array`, id }
  return { command: { id, name, args: message.args } }
}

/** Joins a port to an engine until the port is closed. */
export class CommandPort {
  readonly #port: WorkerPort
  readonly #execute: ExecuteCommand
  readonly #begun: ((id: number) => void) | undefined
  readonly #events: EngineEvent[] = []
  #sequence = 0

  /** `begun` is told the id of each command before it is carried out. */
  constructor(port: WorkerPort, execute: ExecuteCommand, begun?: (id: number) => void) {
    this.#port = port
    this.#execute = execute
    this.#begun = begun
    port.onmessage = ({ data }) => {
      void this.#receive(data)
    }
  }

  /**
   * Sends an event with the next sequence number, from 1, together with the others of this turn: the page is woken, and
   * draws, once. One that can't be cloned goes as an `internal-error`.
   */
  emit(event: EngineEvent): void {
    this.#events.push(event)
    if (this.#events.length === 1) queueMicrotask(() => this.#sendEvents())
  }

  /** Sends what was emitted in this turn, and does not wait for its end. */
  sendNow(): void {
    this.#sendEvents()
  }

  #sendEvents(): void {
    const events = this.#events.splice(0)
    if (events.length === 0) return
    const sequence = this.#sequence + 1
    this.#sequence += events.length
    try {
      this.#port.postMessage({ kind: 'events', sequence, events } satisfies EventMessage, handedOver(events))
    } catch {
      // One of them: the others still go, each by itself.
      for (const [index, event] of events.entries()) this.#sendAlone(event, sequence + index)
    }
  }

  #sendAlone(event: EngineEvent, sequence: number): void {
    try {
      this.#port.postMessage({ kind: 'events', sequence, events: [event] } satisfies EventMessage, handedOver([event]))
    } catch (error) {
      const message = `Event ${event.type} can't be sent to the page: ${toErrorData(error).message}`
      const told: EventMessage = { kind: 'events', sequence, events: [{ type: 'internal-error', message }] }
      this.#port.postMessage(told, [])
    }
  }

  async #receive(data: unknown): Promise<void> {
    const read = readMessage(data)
    if ('malformed' in read) {
      if (read.id === undefined) this.emit({ type: 'internal-error', message: `${read.malformed}.` })
      else this.#refuse(read.id, { code: 'malformed-command', message: `${read.malformed}.` })
      return
    }
    const { id, name, args } = read.command
    this.#begun?.(id)
    try {
      const result: unknown = await this.#execute(name, args)
      this.#answer({ kind: 'answer', id, ok: true, result }, name)
    } catch (error) {
      this.#refuse(id, toErrorData(error))
    }
  }

  #refuse(id: number, error: ErrorData): void {
    this.#answer({ kind: 'answer', id, ok: false, error }, 'an error')
  }

  /** A result that can't be cloned is answered by the error that says so; an error loses its details. */
  #answer(answer: AnswerMessage, subject: string): void {
    // What happened before the answer is told before it.
    this.#sendEvents()
    try {
      this.#port.postMessage(answer, [])
    } catch (error) {
      const cause = toErrorData(error).message
      const told: ErrorData = answer.ok
        ? { code: 'internal', message: `The result of ${subject} can't be sent to the page: ${cause}` }
        : { code: answer.error.code, message: answer.error.message }
      this.#port.postMessage({ kind: 'answer', id: answer.id, ok: false, error: told } satisfies AnswerMessage, [])
    }
  }
}
