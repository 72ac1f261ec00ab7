// Configuration that can't be used, by the types of the defaults or by `validateConfig`: why, and the line of the file whose value is to
// blame. Found before a commit; nothing has changed by then.

import { configFileOf } from '../protocol/config.ts'
import type { ConfigPath } from '../protocol/config.ts'
import type { SourceError } from '../protocol/values.ts'
import { effectiveConfig, leavesOf, typeRefusal, withoutPaths } from './config-layers.ts'
import type { Config, ConfigLayers } from './config-layers.ts'
import { failingAs, ReloadFailure } from './reload-failure.ts'
import type { Target } from './reload-target.ts'

/** Values of each file that are tried one by one to find the one to blame. */
const mostTried = 100

/** The configuration alone is to blame. */
export class RefusedConfig extends Error {
  override readonly name = 'RefusedConfig'
  readonly error: SourceError

  constructor(error: SourceError) {
    super(error.message)
    this.error = error
  }
}

/** Throws a `ReloadFailure` where the layers can't be used. `validate`: the module's own check, undefined where it has none. */
export function refuseConfig(
  target: Target,
  layers: ConfigLayers,
  validate: ((config: Config) => unknown) | undefined,
): void {
  const { name } = target.manifest
  for (const layer of ['file', 'manifest'] as const) {
    const wrong = typeRefusal(layers.defaults, layers[layer])
    if (wrong !== undefined) throw refused(target, wrong.words, placeOf(target, layer, wrong.path))
  }
  if (validate === undefined) return
  const words = failingAs(name, 'validate', () => validate(effectiveConfig(layers)))
  if (typeof words === 'string') throw refused(target, words, guiltyPlace(target, layers, words, validate))
}

/** Of the value in files without which the module says something else, where it wins; undefined where no single one is to blame. */
function guiltyPlace(
  target: Target,
  layers: ConfigLayers,
  words: string,
  validate: (config: Config) => unknown,
): Place | undefined {
  const isRefused = (config: Config): boolean => {
    try {
      return validate(config) === words
    } catch {
      // It says nothing of this value that it has not said before.
      return true
    }
  }
  const withoutIt = (path: ConfigPath): ConfigLayers => ({
    ...layers,
    file: withoutPaths(layers.file, [path]),
    manifest: withoutPaths(layers.manifest, [path]),
  })
  for (const layer of ['manifest', 'file'] as const) {
    const tried = leavesOf(layers[layer]).slice(0, mostTried)
    const guilty = tried.find(({ path }) => !isRefused(effectiveConfig(withoutIt(path))))
    if (guilty !== undefined) return placeOf(target, layer, guilty.path)
  }
  return undefined
}

type Place = Pick<SourceError, 'file' | 'line'>

/** As much of the place as is known. */
function placeOf({ manifest, configPlaces }: Target, layer: 'file' | 'manifest', path: ConfigPath): Place {
  const file = layer === 'file' ? configFileOf(manifest.name) : 'engine.json'
  const line = configPlaces?.[layer][path.join('.')]
  return line === undefined ? { file } : { file, line }
}

function refused({ manifest }: Target, words: string, place: Place | undefined): ReloadFailure {
  const message = `configuration of ${manifest.name}: ${words}`
  return new ReloadFailure(
    manifest.name,
    'validate',
    new RefusedConfig({ message, ...(place ?? { file: manifest.path }) }),
  )
}
