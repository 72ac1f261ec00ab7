// Health: what modules say of themselves, and how their queues stand, looked at every 30 frames.

import type { Health } from './module.ts'
import type { Moment } from './values.ts'

/** `module`: its own `health`. `queue`: what it has not read. */
export type HealthSubject = 'module' | 'queue'

/** Health that changed. */
export interface HealthChange extends Health {
  readonly module: string
  readonly subject: HealthSubject
  readonly moment: Moment
}
