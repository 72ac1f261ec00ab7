// Saved data: what modules keep beyond the program's life. A module publishes `save:<key>` and finds it in `init` as `saved[key]`.

import type { Problem } from './problem.ts'

/** One module's, by key. Plain data that JSON can hold; never changed, only replaced. */
export type SavedValues = Readonly<Record<string, unknown>>

/** All modules', by name. */
export type SavedData = Readonly<Record<string, SavedValues>>

/** One value to keep. */
export interface SavedEntry {
  readonly module: string
  readonly key: string
  readonly data: unknown
}

/** The saved data of a workspace as it is on disk. */
export interface SavedContent {
  readonly saved: SavedData
  /** Files that could not be read, and what became of them. */
  readonly problems: readonly Problem[]
  /** This page writes it; of several, one does. */
  readonly isWriter: boolean
}

/** What became of a write. */
export interface SavedWrite {
  /** False: another page writes, and nothing was written. */
  readonly isWriter: boolean
  readonly problems: readonly Problem[]
}

/** The topics that save. */
export const savePrefix = 'save:'
