// Who wins in a module's configuration, key by key: a live change over the manifest over the defaults in code, until the
// manifest or the code changes that key: then the live change is dropped, and said so.

import { isSameData } from './resources.ts'
import { formatValues } from './value-format.ts'

export type Config = Readonly<Record<string, unknown>>

/** The three layers of one module. Values; a change makes a new one. */
export interface ConfigLayers {
  readonly defaults: Config
  readonly manifest: Config
  readonly live: Config
}

export interface ReplacedLiveValue {
  readonly key: string
  /** What had been set live. */
  readonly was: unknown
  readonly now: unknown
}

/** For the log: what was done to a live change. */
export function replacedWords({ key, was, now }: ReplacedLiveValue): string {
  return `config.${key} is ${formatValues([now])} now. Your live ${formatValues([was])} was replaced.`
}

/** What the module sees. Frozen at the top; the same object until a layer changes. */
export function effectiveConfig(layers: ConfigLayers): Config {
  return Object.freeze({ ...layers.defaults, ...layers.manifest, ...layers.live })
}

/** The layers with new defaults and manifest; live values of keys that changed below them are dropped and listed. */
export function replaceBelow(
  layers: ConfigLayers,
  defaults: Config,
  manifest: Config,
): { readonly layers: ConfigLayers; readonly replaced: readonly ReplacedLiveValue[] } {
  const before: Config = { ...layers.defaults, ...layers.manifest }
  const after: Config = { ...defaults, ...manifest }
  const live: Record<string, unknown> = {}
  const replaced: ReplacedLiveValue[] = []
  for (const [key, was] of Object.entries(layers.live)) {
    if (isSameData(before[key], after[key])) live[key] = was
    else if (!isSameData(was, after[key])) replaced.push({ key, was, now: after[key] })
  }
  return { layers: { defaults, manifest, live }, replaced }
}
