// A module's configuration: where each value comes from, and what the screen says when one of its layers changes.

export type ConfigValues = Readonly<Record<string, unknown>>

/** Each lies over the one before: defaults in code, `config/<module>.json`, `engine.json`, a live change. */
export type ConfigLayer = 'defaults' | 'file' | 'manifest' | 'live'

/** Keys from the outside in: `['enemy', 'speed']`. */
export type ConfigPath = readonly string[]

/** All of one module's configuration. */
export interface ConfigView {
  readonly layers: Readonly<Record<ConfigLayer, ConfigValues>>
  /** What the module sees. */
  readonly values: ConfigValues
  /** Values that `init` alone reads: a change of one applies at reset. */
  readonly initOnly: readonly ConfigPath[]
  readonly places: ConfigPlaces
}

/** Something a person who changed a value has to know. */
export interface ConfigNote {
  readonly module: string
  readonly path: ConfigPath
  readonly kind: 'live-replaced' | 'not-used' | 'at-reset'
  /** A sentence or two: `speed 5 → 25. Your live 12 was replaced.` */
  readonly words: string
  readonly offer?: ConfigOffer
}

/** What became of a live change. */
export interface ConfigChange {
  readonly applied: boolean
  /** Why not: all is as it was. */
  readonly error?: string
  readonly notes?: readonly ConfigNote[]
}

/** The way to have it otherwise. */
export type ConfigOffer =
  /** `setConfig` with these. */
  | { readonly kind: 'set'; readonly label: string; readonly changes: ConfigValues }
  /** The value is taken out of these layers' files. */
  | { readonly kind: 'take-out'; readonly label: string; readonly layers: readonly ('file' | 'manifest')[] }

/** Lines from 1 by layer, then by path joined with `.`: where files set a value. */
export type ConfigPlaces = Readonly<Record<'file' | 'manifest', Readonly<Record<string, number>>>>

/** Where a module's own file of configuration stands, relative to the workspace. */
export const configFileOf = (module: string): string => `config/${module}.json`
