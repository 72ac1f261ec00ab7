// Tasks: pure functions of a module that are computed off the frame (TK1), and what crosses threads for them.

import type { CodeText } from './code.ts'
import type { Manifest } from './manifest.ts'
import type { ContentHash, SourceError } from './values.ts'

/** What a task came to, as it enters the program. Plain data without instances of classes. */
export type TaskOutcome =
  | { readonly ok: true; readonly value: unknown }
  /** It threw, took too long, or its result is none that a state may hold. */
  | { readonly ok: false; readonly error: string }

/** One task to be computed, in whichever thread. */
export interface TaskOrder {
  readonly module: string
  /** Relative to the workspace: for errors. */
  readonly path: string
  readonly task: string
  /** Unique within the module and timeline; seeds what is random in it. */
  readonly id: number
  /** Plain data. */
  readonly data: unknown
  /** The code that asked: it computes its tasks also when newer code has come. */
  readonly entry: ContentHash
  readonly math: Manifest['math']
  readonly seed: number
}

/** How a task ended. `error` is at its place in the source. */
export type TaskEnd =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: SourceError }

/** A module's tasks as they stand. */
export interface TaskCounts {
  /** Asked for, and no thread has begun them. */
  readonly waiting: number
  readonly running: number
  /** Since the program was opened. */
  readonly failed: number
}

/** To a thread that computes tasks, one at a time. `texts`: those it was not sent yet. */
export interface TaskRequest {
  readonly kind: 'task'
  readonly order: TaskOrder
  readonly texts: readonly CodeText[]
}

/** Its answer. */
export interface TaskAnswer {
  readonly kind: 'task-ended'
  readonly end: TaskEnd
}
