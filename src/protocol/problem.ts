// Problems: what is wrong now, with a place to click. A problem stands until its cause is gone; events come and go in the log.

import type { Moment, SourceError } from './values.ts'

export type ProblemSource =
  | 'manifest'
  | 'compile'
  | 'load'
  | 'run'
  | 'render'
  | 'queue'
  | 'config'
  | 'saved'
  | 'file'
  | 'replay'
  | 'internal'

export interface Problem extends SourceError {
  /** Stable while the cause is the same, so that lists do not jump: `run:tank`, `compile:tank.ts`. */
  readonly id: string
  readonly source: ProblemSource
  readonly severity: 'error' | 'warning'
  readonly module?: string
  readonly moment?: Moment
  /** Which code runs on despite the problem, in words: `v12 runs on`. */
  readonly consequence?: string
}
