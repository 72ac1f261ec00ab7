// Requests with one answer each over any transport: what is pending, and what ends it. Knows neither engine nor server.

import { CoppiceError, type ErrorCode, type ErrorData } from '../protocol/errors.ts'

/** An answer as it came from the other side. */
export type LinkAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorData }

/** Not answered, and not to be answered by whom it was sent to. */
export interface UnansweredRequest {
  readonly id: number
  readonly name: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: CoppiceError) => void
}

interface PendingRequest {
  readonly name: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: CoppiceError) => void
}

/** The requests under way on one connection. Answers may come in any order; each settles its request once. */
export class PendingRequests {
  readonly #pending = new Map<number, PendingRequest>()
  readonly #peer: string
  #nextId = 1

  /** `peer` is who answers, for messages: "the engine". */
  constructor(peer: string) {
    this.#peer = peer
  }

  /** `send` gets the id to send along; what it throws rejects the request. */
  request(name: string, send: (id: number) => void): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { name, resolve, reject })
      try {
        send(id)
      } catch (error) {
        this.#pending.delete(id)
        if (error instanceof CoppiceError) {
          reject(error)
          return
        }
        const reason = error instanceof Error ? error.message : String(error)
        reject(
          new CoppiceError('invalid-argument', `"${name}" can't be sent to ${this.#peer}: ${reason}`, { cause: error }),
        )
      }
    })
  }

  /** An answer nobody waits for (its request was given up) is dropped. */
  settle(answer: LinkAnswer): void {
    const request = this.#pending.get(answer.id)
    if (request === undefined) return
    this.#pending.delete(answer.id)
    if (answer.ok) request.resolve(answer.result)
    else request.reject(new CoppiceError(answer.error.code, answer.error.message, { details: answer.error.details }))
  }

  /** All that is pending, in the order it was asked; who takes it settles it. */
  take(): readonly UnansweredRequest[] {
    const taken = [...this.#pending].map(([id, request]) => ({ id, ...request }))
    this.#pending.clear()
    return taken
  }

  /** Rejects all that is pending, each by its name (LK1). */
  rejectAll(code: ErrorCode, reason: string): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { name, reject } of pending) reject(new CoppiceError(code, `"${name}" got no answer: ${reason}`))
  }
}
