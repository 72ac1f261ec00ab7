// Health: what modules say of themselves, and how their queues stand, looked at every 30 frames; and how the page's sockets stand.

import type { Health } from './module.ts'
import type { Moment } from './values.ts'

/** `module`: its own `health`. `queue`: what it has not read. `socket`: one of the page's. */
export type HealthSubject = 'module' | 'queue' | 'socket'

/** Health that changed. */
export interface HealthChange extends Health {
  /** Or the name of the socket. */
  readonly module: string
  readonly subject: HealthSubject
  readonly moment: Moment
}
