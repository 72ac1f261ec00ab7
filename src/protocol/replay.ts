// A whole run computed again from frame 0 with the code of now, in an engine that runs nothing else, and compared with the run that was:
// whether what is on the screen is the code's doing, or was left behind by reloads.

import type { CodeText } from './code.ts'
import type { JournalEntry } from './journal.ts'
import type { Milliseconds, Moment, SourceError, TimelineId } from './values.ts'

/** What another engine needs for it; the captures come beside it. */
export interface ReplayRequest {
  readonly timeline: TimelineId
  /** All that is known, in order. */
  readonly entries: readonly JournalEntry[]
  /** Of every version in the entries. */
  readonly texts: readonly CodeText[]
}

/** Where two programs first differ. */
export interface ProgramDifference {
  /** Absent where it is the bus's. */
  readonly module?: string
  /** `state.tanks[3].hp`, `config.speed`, `resources`, `queue[0].data`. */
  readonly path: string
  /** Previews, one line each. */
  readonly running: string
  readonly replayed: string
}

/**
 * Why the run that was is another: `reloads`: its recorded history, reloads included, leads exactly to it, and the code of now alone does
 * not. `unrecorded`: not even its recorded history leads to it. `unknown`: that history can't be computed, `reason` says why.
 */
export type ReplayCause =
  | { readonly kind: 'reloads'; readonly reloads: number }
  | { readonly kind: 'unrecorded' }
  | { readonly kind: 'unknown'; readonly reason: string }

/** `moment`: up to its start it was computed. */
export type ReplayResult =
  | { readonly kind: 'same'; readonly moment: Moment; readonly reloads: number; readonly ms: Milliseconds }
  | {
      readonly kind: 'differs'
      readonly moment: Moment
      readonly difference: ProgramDifference
      readonly cause: ReplayCause
      readonly ms: Milliseconds
    }
  /** The code of now throws where the run that was did not. */
  | {
      readonly kind: 'threw'
      readonly moment: Moment
      readonly module: string
      readonly error: SourceError
      readonly cause: ReplayCause
      readonly ms: Milliseconds
    }
  | { readonly kind: 'impossible'; readonly reason: string }

/** How far it is: in the `recorded` pass, the reloads are done again where they were. */
export interface ReplayProgress {
  readonly pass: 'present-code' | 'recorded'
  readonly frame: number
  readonly of: number
}
