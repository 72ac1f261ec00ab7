// Lines of the log: what modules print and what the engine has to say.

import type { Moment, SourcePosition } from './values.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'critical'

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'critical']

export interface LogLine {
  /** Climbs from 1; a folded repeat keeps the id of its first line. */
  readonly id: number
  /** Moment of the newest repeat. */
  readonly moment: Moment
  readonly firstMoment: Moment
  /** Absent for the engine's own lines. */
  readonly module?: string
  readonly level: LogLevel
  readonly text: string
  readonly position?: SourcePosition
  /** How often the same line came from the same place without another between; 1 = once. */
  readonly count: number
  /** Repeats per second of engine time, over the fold. */
  readonly perSecond: number
}

export interface LogFilter {
  /** This level and all above it. */
  readonly level?: LogLevel
  readonly module?: string
  /** Case-insensitive substring. */
  readonly text?: string
  readonly sinceFrame?: number
}
