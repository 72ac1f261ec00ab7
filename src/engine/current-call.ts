// What the engine is doing at this instant on behalf of which module: set around every call into module code, read by
// the globals that modules see (shadow-*.ts).

import type { LogLevel } from '../protocol/log.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import type { Milliseconds } from '../protocol/values.ts'

export interface CurrentCall {
  /** Absent in `outside` where no module is known. */
  readonly module: string | undefined
  readonly phase: CallPhase
  /** Engine time since frame 0. */
  readonly timeMs: Milliseconds
  /** The stream of this call. */
  readonly random: () => number
  /** The call is about to take so much memory. Throws a RangeError where that is too much. */
  readonly take: (bytes: number) => void
  readonly log: (level: LogLevel, values: readonly unknown[]) => void
}

/** Whether a call must give the same result whenever it runs, so that nothing from the world may enter it. */
export function isRepeatable(phase: CallPhase): boolean {
  switch (phase) {
    case 'load':
    case 'setup':
    case 'view-setup':
    case 'dispose':
    case 'outside':
      return false
    default:
      return true
  }
}
