// The record of one reload transaction.

import type { ReloadTrigger } from './code.ts'
import type { ConfigNote } from './config.ts'
import type { SentOutput } from './outputs.ts'
import type { Milliseconds, Moment, SourceError } from './values.ts'

export type ReloadPhase =
  | 'collect'
  | 'fetch'
  | 'rehearse'
  | 'evaluate'
  | 'setup'
  | 'migrate'
  | 'validate'
  | 'commit'
  | 'trial'

export type ReloadOutcome = 'committed' | 'rejected' | 'rolled-back' | 'superseded'

/** `from` is absent for a module new to the program, `to` for one removed or rejected before it got a number. */
export interface ModuleChange {
  readonly name: string
  readonly from?: number
  readonly to?: number
}

export interface Receipt {
  /** Climbs from 1; unique within a page's life. */
  readonly id: number
  readonly modules: readonly ModuleChange[]
  /** The boundary at which it was decided: the first frame on new code is the next one. */
  readonly moment: Moment
  readonly outcome: ReloadOutcome
  /** Where a rejected or rolled-back one failed. */
  readonly phase?: ReloadPhase
  readonly error?: SourceError
  /** What was edited: `speed 5 → 25`. */
  readonly title: string
  readonly stateChanges?: readonly StateChange[]
  /** Values of the configuration that are not as the edit would have them. */
  readonly configNotes?: readonly ConfigNote[]
  /** Of a rolled-back one: what had left the program in the frames taken back, and can't be. */
  readonly alreadySent?: readonly SentOutput[]
  /** Of a rejected one: where the state does not fit the new code. */
  readonly stateDifferences?: readonly StateDifference[]
  /** Of a rejected one: members for the module's definition that would bring the state over, as source text to start from. */
  readonly migrateStub?: string
  readonly ms: Readonly<
    Record<'collect' | 'fetch' | 'rehearse' | 'evaluate' | 'migrate' | 'validate' | 'commit' | 'total', Milliseconds>
  >
  readonly trigger: ReloadTrigger
  /** The workspace revision it came from; absent for undo. */
  readonly revision?: number
  readonly changedFiles: readonly string[]
}

/** What a reload did to a module's state, in words for the screen and as data for tests. */
export interface StateChange {
  readonly module: string
  readonly kind: 'added' | 'renamed' | 'kept' | 'migrated' | 'reset' | 'resources-rebuilt' | 'taken-back'
  /** Dotted path with `[]` for every element: `tanks[].shield`. */
  readonly path: string
  readonly detail?: string
  /** All of it as a sentence: `Added shield: 100 to 52 tanks`. */
  readonly words?: string
}

/** A value of the state that the new code would take for something else. */
export interface StateDifference {
  readonly module: string
  /** As in `StateChange`; empty for the state itself. */
  readonly path: string
  /** Types in words: `number`, `Tank[]`. */
  readonly from: string
  readonly to: string
}
