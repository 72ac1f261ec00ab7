// A thread beside the engine's, as the engine's side holds it: a nested worker in the browser (nested-worker.ts), a thread of
// Node (server/headless-threads.ts). What it is sent is done by side-work.ts there.

import type { CloseRequest, LookRequest, PrepareRequest, PreparedAnswer } from '../protocol/module-host.ts'
import type { TaskAnswer, TaskRequest } from '../protocol/task.ts'

export type SideRequest = TaskRequest | PrepareRequest | LookRequest | CloseRequest
export type SideAnswer = TaskAnswer | PreparedAnswer

export interface SideThread {
  /** Throws where the message can't be cloned. */
  send(message: SideRequest): void
  /** Told of each answer, and, with the reason, when nothing more is to be expected of it though nobody ended it. */
  listen(answered: (answer: SideAnswer) => void, failed: (message: string) => void): void
  /** The same reason, as far as it can be known while this thread stands still; undefined: none is known. */
  whyEnded(): string | undefined
  terminate(): void
}

/** Starts one. */
export type StartThread = () => SideThread
