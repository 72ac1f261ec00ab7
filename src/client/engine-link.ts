// The page's end of the link to the engine worker: commands out, one answer each; events in, in sequence. Page → here →
// MessagePort → src/worker/command-port.ts → engine.

import type { AnswerMessage, CommandArguments, CommandName, CommandResult } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { EngineEvent, EventMessage } from '../protocol/events.ts'
import { pulseBytes, type PulseMessage } from '../protocol/pulse.ts'
import type { WorkerMessage } from '../protocol/worker-start.ts'
import { PendingRequests, type UnansweredRequest } from './link.ts'

/**
 * A running worker: its port, and how to end it. `onFailure` is told that it could not be loaded; errors of a running one
 * come as events.
 */
export interface EngineThread {
  readonly port: MessagePort
  /** Shows what the worker is at: shared with it, or kept by what it posts. */
  readonly pulse?: SharedArrayBuffer | ArrayBuffer
  readonly terminate: () => void
  /** Beside commands; ports are transferred. */
  readonly send?: (message: WorkerMessage, ports?: readonly MessagePort[]) => void
  readonly onFailure: (handler: (message: string) => void) => void
}

/** Starts the engine worker of this page. */
export const startEngineWorker = (): EngineThread => {
  // oxlint-disable-next-line coppice/layers -- the address of a thread, none of its code
  const worker = new Worker(new URL('../worker/engine-worker.ts', import.meta.url), {
    type: 'module',
    name: 'coppice-engine',
  })
  const { port1, port2 } = new MessageChannel()
  const shared = crossOriginIsolated ? new SharedArrayBuffer(pulseBytes) : undefined
  const start: WorkerMessage = shared === undefined ? { kind: 'connect' } : { kind: 'connect', pulse: shared }
  const pulse = shared ?? new ArrayBuffer(pulseBytes)
  if (pulse instanceof ArrayBuffer)
    worker.addEventListener('message', ({ data }: MessageEvent<PulseMessage>) => copyPulse(data, pulse))
  worker.postMessage(start, [port2])
  return {
    port: port1,
    pulse,
    terminate: () => {
      port1.close()
      worker.terminate()
    },
    send: (message, ports = []) => worker.postMessage(message, [...ports]),
    onFailure: (handler) => {
      worker.addEventListener('error', (event) => {
        handler(`The engine worker could not be loaded. ${event.message ?? ''}`.trimEnd())
      })
    },
  }
}

const copyPulse = ({ slots, names }: PulseMessage, memory: ArrayBuffer): void => {
  if (names !== undefined) new Uint8Array(memory).set(new Uint8Array(names))
  new Int32Array(memory).set(slots)
}

/**
 * One engine, from the start of its worker to `dispose`. A new worker is a new link: what must live on (texts, receipts)
 * stands outside.
 */
/** A command that got no answer. */
export interface Unanswered extends UnansweredRequest {
  readonly args: readonly unknown[]
}

export class EngineLink {
  /** Shows what the worker is at; undefined where nothing does. */
  readonly pulse: SharedArrayBuffer | ArrayBuffer | undefined
  readonly #thread: EngineThread
  readonly #pending = new PendingRequests('the engine')
  readonly #emit: (event: EngineEvent) => void
  readonly #args = new Map<number, readonly unknown[]>()
  #sequence = 0
  #isDisposed = false

  constructor(thread: EngineThread, emit: (event: EngineEvent) => void) {
    this.#thread = thread
    this.#emit = emit
    thread.port.onmessage = ({ data }: MessageEvent<AnswerMessage | EventMessage>) => {
      this.#receive(data)
    }
    this.pulse = thread.pulse
    thread.onFailure((message) => {
      this.#isDisposed = true
      emit({ type: 'internal-error', message })
      thread.terminate()
      this.#pending.rejectAll('closed', message)
    })
  }

  /** Rejects with a CoppiceError: the engine's own, or `closed`. Canvases among the arguments are transferred. */
  async command<Name extends CommandName>(
    name: Name,
    ...args: CommandArguments<Name>
  ): Promise<Awaited<CommandResult<Name>>> {
    const result = await this.ask(name, args)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answering side is typed by the same map (command-port.ts)
    return result as Awaited<CommandResult<Name>>
  }

  /** The same for a command whose types were checked before. */
  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#pending.request(name, (id) => {
      if (this.#isDisposed) throw new CoppiceError('closed', `"${name}" can't be asked: the engine was ended.`)
      this.#thread.port.postMessage({ kind: 'command', id, name, args }, canvasesIn(args))
      this.#args.set(id, args)
    })
  }

  /** To the worker itself, beside its engine's commands. */
  send(message: WorkerMessage, ports?: readonly MessagePort[]): void {
    if (!this.#isDisposed) this.#thread.send?.(message, ports)
  }

  /** Ends the worker, whatever it does; who takes what was pending settles it. */
  abandon(): readonly Unanswered[] {
    this.#isDisposed = true
    this.#thread.terminate()
    return this.#pending.take().map((request) => ({ ...request, args: this.#args.get(request.id) ?? [] }))
  }

  /** Ends the worker; everything pending is rejected as `closed`. */
  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#thread.terminate()
    this.#pending.rejectAll('closed', 'the engine was ended')
  }

  /** Memory is shared with the worker: the engine's captures can be too. */
  get isSharing(): boolean {
    return this.pulse !== undefined && !(this.pulse instanceof ArrayBuffer)
  }

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  #receive(message: AnswerMessage | EventMessage): void {
    // What it posted before it was ended may come after.
    if (this.#isDisposed) return
    if (message.kind === 'answer') {
      this.#args.delete(message.id)
      this.#pending.settle(message)
      return
    }
    if (message.sequence !== this.#sequence + 1) {
      const text = `Event ${message.sequence} of the engine came where ${this.#sequence + 1} was due.`
      this.#emit({ type: 'internal-error', message: text })
    }
    this.#sequence = message.sequence + message.events.length - 1
    for (const event of message.events) this.#emit(event)
  }
}

const canvasesIn = (args: readonly unknown[]): OffscreenCanvas[] =>
  args.flatMap((arg) => {
    if (typeof arg !== 'object' || arg === null || !('canvas' in arg)) return []
    return arg.canvas instanceof OffscreenCanvas ? [arg.canvas] : []
  })
