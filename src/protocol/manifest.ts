// The program as `engine.json` describes it, after defaults are filled in and every field is checked (by src/server).

import type { ManifestSocket } from './sockets.ts'

/** What runs a module: the engine's own thread, a thread of its own, or a share of a few. What it computes is the same. */
export type Strategy = 'sequential' | 'threaded' | 'pool'

/** `contain`: fixed size, letterboxed. `panel`: the size follows the panel and is an input. */
export type ViewFit = 'contain' | 'panel'

export interface ManifestView {
  /** Units of drawing and pointer. */
  readonly width: number
  readonly height: number
  readonly fit: ViewFit
}

export interface ManifestModule {
  /** Unique within the manifest; state, versions and receipts belong to it. */
  readonly name: string
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly strategy: Strategy
  /** Calls of `process` per second of engine time; at most `targetFps`. Absent: every frame. */
  readonly hz?: number
  /** Lies over the defaults in code and over `fileConfig`, value by value. */
  readonly config: Readonly<Record<string, unknown>>
  /** What `config/<name>.json` says: lies over the defaults in code. */
  readonly fileConfig?: Readonly<Record<string, unknown>>
}

export interface Manifest {
  /** Default 60; 1 to 1000. */
  readonly targetFps: number
  /** Default 1; an unsigned 32-bit integer. */
  readonly seed: number
  /** Default `portable`. `native` gives up equal hashes between Chromium and Node. */
  readonly math: 'portable' | 'native'
  readonly view: ManifestView
  /** In file order, which is the order of drawing and of messages within a frame. */
  readonly modules: readonly ManifestModule[]
  /** Absent: none. */
  readonly sockets?: readonly ManifestSocket[]
}
