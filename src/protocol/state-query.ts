// Looking for values in a module's state by a pattern of paths and by what they are.

import type { DataPath, Moment } from './values.ts'

export interface StateMatch {
  readonly path: DataPath
  /** As code would write it: `tanks[3].hp`. */
  readonly text: string
  /** Of a primitive. */
  readonly value?: unknown
  /** One line, of anything. */
  readonly preview: string
}

export interface StateMatches {
  readonly moment: Moment
  /** In the order of the state, at most as many as asked for. */
  readonly matches: readonly StateMatch[]
  /** How many there are; at least that many where `isCut`. */
  readonly total: number
  /** The state is larger than what is looked through at once. */
  readonly isCut: boolean
}
