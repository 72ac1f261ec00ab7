// What the engine asks of its standby before it takes up new code (ML4), and the answer. They cross from worker to worker.

import type { CodeText } from './code.ts'
import type { CommittedModule, JournalEntry } from './journal.ts'
import type { Manifest } from './manifest.ts'
import type { ReloadPhase } from './receipt.ts'
import type { Milliseconds, Moment, SourceError } from './values.ts'

/** A commit that is to be tried out on the program as it is now. */
export interface RehearsalRequest {
  readonly manifest: Manifest
  /** As the commit would leave them. */
  readonly modules: readonly CommittedModule[]
  readonly texts: readonly CodeText[]
  /** The capture it starts from. */
  readonly base: Moment
  /** What entered since. */
  readonly entries: readonly JournalEntry[]
  /** The last frame that has run. */
  readonly present: Moment
}

/** `passed`: nothing was found, which the reload itself would not find. `skipped`: it could not be tried. */
export type RehearsalResult =
  | { readonly kind: 'passed'; readonly frames: number; readonly ms: Milliseconds }
  | { readonly kind: 'skipped'; readonly reason: string }
  | {
      readonly kind: 'failed'
      readonly module: string
      readonly phase: ReloadPhase
      readonly error: SourceError
    }

/** The standby was ended, as its page found that it hung or was lost; `module` and `file` as far as they are known. */
export interface StandbyEnd {
  readonly message: string
  readonly module: string | undefined
  readonly file: string | undefined
  readonly phase: ReloadPhase
}
