// A thread beside the engine's, as the engine's side holds it: a nested worker in the browser (nested-worker.ts), a thread of
// Node (server/headless-threads.ts). What it is sent is done by side-work.ts there.

import type { CallRequest, CloseRequest, PrepareRequest, PreparedAnswer } from '../protocol/module-host.ts'
import type { TaskAnswer, TaskRequest } from '../protocol/task.ts'

export type SideRequest = TaskRequest | PrepareRequest | CallRequest | CloseRequest
export type SideAnswer = TaskAnswer | PreparedAnswer

export interface SideThread {
  /** Throws where the message can't be cloned. */
  send(message: SideRequest): void
  /** Told of each answer, and of its end where nobody asked for that. */
  listen(answered: (answer: SideAnswer) => void, failed: (message: string) => void): void
  terminate(): void
}

/** Starts one. */
export type StartThread = () => SideThread
