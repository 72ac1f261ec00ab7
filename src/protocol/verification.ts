// What the engine asks of its standby to see whether the program is reproducible (HS6), and the answer. They cross from worker to worker.

import type { CodeText } from './code.ts'
import type { JournalEntry } from './journal.ts'
import type { Manifest } from './manifest.ts'
import type { Milliseconds, Moment } from './values.ts'

/** Frames that ran, to be computed again. No commit lies between the two captures. */
export interface VerificationRequest {
  readonly manifest: Manifest
  /** Of the code that runs. */
  readonly texts: readonly CodeText[]
  /** The capture it starts from. */
  readonly from: Moment
  /** A newer one, which it must come to. */
  readonly to: Moment
  /** What entered between the two. */
  readonly entries: readonly JournalEntry[]
}

/** Where frames computed again went another way than they did. */
export interface Divergence {
  readonly module: string
  /** Whose calls gave another result. */
  readonly frame: number
  /** `state.tanks[3].hp`. */
  readonly path: string
  /** What was there as the program ran, and what when the frame was computed again, in short. */
  readonly recorded: string
  readonly computed: string
}

/** `skipped`: it could not be told. */
export type VerificationResult =
  | { readonly kind: 'agreed'; readonly ms: Milliseconds }
  | { readonly kind: 'skipped'; readonly reason: string }
  | ({ readonly kind: 'diverged' } & Divergence)
