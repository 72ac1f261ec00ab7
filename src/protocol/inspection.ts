// Looking into a module's state without copying all of it: the tree the state panel shows.

import type { DataPath, Moment, PathStep } from './values.ts'

/** One visible value. Children come only for paths asked to be expanded. */
export interface InspectedNode {
  readonly step: PathStep
  readonly kind: 'primitive' | 'object' | 'array' | 'map' | 'set' | 'date' | 'buffer' | 'typed-array' | 'other'
  /** Class name of an instance or typed array: `Tank`, `Float32Array`. */
  readonly className?: string
  /** The value of a primitive; bigint, NaN and infinities stay themselves (structured clone carries them). */
  readonly value?: unknown
  /** One line for a collapsed node: `{ id: 0, x: 12.4, … }`. */
  readonly preview: string
  /** Number of entries; 0 for primitives. */
  readonly size: number
  readonly children?: readonly InspectedNode[]
  /** Index of the first child given, where a large collection is given in part. */
  readonly firstChild?: number
}

export interface InspectionRequest {
  readonly module: string
  /** Paths to expand, each with the range of its children wanted (default 0 … 100). `[]` is the state itself. */
  readonly expanded: readonly { readonly path: DataPath; readonly first?: number; readonly count?: number }[]
}

export interface Inspection {
  readonly moment: Moment
  /** Absent when the module has no state yet. */
  readonly root?: InspectedNode
}
