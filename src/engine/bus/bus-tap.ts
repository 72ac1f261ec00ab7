// Who looks on as messages pass: the bus panel's stream. Looking on changes nothing.

import type { StoredMessage } from './stored-message.ts'

export interface BusTap {
  /** In the call that publishes it. */
  published(message: StoredMessage): void
  /** As a frame begins; `readers` are the modules it is queued for, in module order. */
  delivered(message: StoredMessage, readers: readonly string[]): void
}
