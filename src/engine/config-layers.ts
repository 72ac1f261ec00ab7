// Who wins in a module's configuration, value by value: a live change over `engine.json` over `config/<module>.json` over the defaults in
// code, until one of those changes that value: then the live change is dropped. Objects are merged, all else is taken whole.

import type { ConfigPath, ConfigPlaces, ConfigLayer } from '../protocol/config.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import { describeType } from './definition.ts'
import { isSameData } from './resources.ts'

export type Config = Readonly<Record<string, unknown>>

/** The layers of one module. Values; a change makes new ones. */
export type ConfigLayers = Readonly<Record<ConfigLayer, Config>>

export const noLayers: ConfigLayers = { defaults: {}, file: {}, manifest: {}, live: {} }

/** A value that is no object, or an empty one, and where it stands. */
export interface ConfigLeaf {
  readonly path: ConfigPath
  readonly value: unknown
}

/** A live value that is gone: the files or the code changed below it. */
export interface ReplacedLive extends ConfigLeaf {
  /** What was below it before, and is now. */
  readonly before: unknown
  readonly now: unknown
}

/** A value that was changed where another layer lies over it. */
export interface NotUsed extends ConfigLeaf {
  /** Which set it, the highest first. */
  readonly by: readonly ('file' | 'manifest')[]
  readonly used: unknown
}

export interface ChangedLayers {
  readonly layers: ConfigLayers
  readonly replaced: readonly ReplacedLive[]
  readonly notUsed: readonly NotUsed[]
  /** Values that are others than before. */
  readonly changed: readonly ConfigLeaf[]
}

/** The layers that files give. */
export function fileLayers({
  config,
  fileConfig,
}: Pick<ManifestModule, 'config' | 'fileConfig'>): Pick<ConfigLayers, 'file' | 'manifest'> {
  return { file: fileConfig ?? {}, manifest: config }
}

/** What the module sees. Frozen at the top; the same object until a layer changes. */
export function effectiveConfig(layers: ConfigLayers): Config {
  return Object.freeze(mergeConfig(belowLive(layers), layers.live))
}

/** `over` lies over `under`: plain objects are merged, all else is taken whole. */
export function mergeConfig(under: Config, over: Config): Config {
  const merged = new Map(Object.entries(under))
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key)
    merged.set(key, isPlain(below) && isPlain(value) ? mergeConfig(below, value) : value)
  }
  return Object.fromEntries(merged)
}

/** All values of a layer. */
export function leavesOf(config: Config): readonly ConfigLeaf[] {
  return Object.entries(config).flatMap(([key, value]) =>
    isPlain(value) && Object.keys(value).length > 0
      ? leavesOf(value).map((leaf) => ({ path: [key, ...leaf.path], value: leaf.value }))
      : [{ path: [key], value }],
  )
}

/** Undefined where there is none. */
export function valueAt(config: Config, path: ConfigPath): unknown {
  let value: unknown = config
  for (const key of path) {
    if (!isPlain(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** The value alone, with the objects around it. */
export function configOf({ path: [key, ...rest], value }: ConfigLeaf): Config {
  if (key === undefined) return isPlain(value) ? value : {}
  return Object.fromEntries([[key, rest.length === 0 ? value : configOf({ path: rest, value })]])
}

/** The layer without these values, and without objects that held nothing else. */
export function withoutPaths(config: Config, paths: readonly ConfigPath[]): Config {
  const entries = Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    const own = paths.filter(([first]) => first === key).map(([, ...rest]) => rest)
    if (own.length === 0) return [[key, value]]
    if (own.some((rest) => rest.length === 0) || !isPlain(value)) return []
    const left = withoutPaths(value, own)
    return Object.keys(left).length === 0 ? [] : [[key, left]]
  })
  return Object.fromEntries(entries)
}

/** The layers with others below the live one: the latest edit wins. */
export function replaceBelow(layers: ConfigLayers, below: Omit<ConfigLayers, 'live'>): ChangedLayers {
  const before = belowLive(layers)
  const after = belowLive({ ...below, live: {} })
  const isChanged = ({ path }: ConfigLeaf): boolean => !isSameData(valueAt(before, path), valueAt(after, path))
  const gone = leavesOf(layers.live).filter(isChanged)
  const live = withoutPaths(
    layers.live,
    gone.map(({ path }) => path),
  )
  const replaced = gone
    .map((leaf) => ({ ...leaf, before: valueAt(before, leaf.path), now: valueAt(after, leaf.path) }))
    .filter(({ value, now }) => !isSameData(value, now))
  return {
    layers: { ...below, live },
    replaced,
    notUsed: notUsed(layers, below, after),
    changed: leavesOf(after).filter(isChanged),
  }
}

/** Of values changed in a file or the code: those that a layer over it sets. */
function notUsed(layers: ConfigLayers, below: Omit<ConfigLayers, 'live'>, after: Config): readonly NotUsed[] {
  const found: NotUsed[] = []
  for (const [layer, above] of [
    ['defaults', ['manifest', 'file']],
    ['file', ['manifest']],
  ] as const) {
    for (const { path, value } of leavesOf(below[layer])) {
      if (isSameData(valueAt(layers[layer], path), value)) continue
      const by = above.filter((over) => valueAt(below[over], path) !== undefined)
      const used = valueAt(after, path)
      if (by.length > 0 && !isSameData(used, value)) found.push({ path, value, by, used })
    }
  }
  return found
}

/** Why values can't lie over these defaults; undefined where they can. `null` and `undefined` as a default stand for anything. */
export function typeRefusal(
  defaults: Config,
  values: Config,
): { readonly path: ConfigPath; readonly words: string } | undefined {
  for (const { path } of leavesOf(values)) {
    const expected = defaultFor(defaults, path)
    if (expected === undefined) continue
    const given = valueAt(values, expected.path)
    if (typeName(expected.value) === typeName(given)) continue
    const words = `${expected.path.join('.')} must be ${typeName(expected.value)}, as its default is, not ${describeType(given)}.`
    return { path: expected.path, words }
  }
  return undefined
}

/** The default that decides: of the value itself, or of what should not be an object above it. Undefined where anything goes. */
function defaultFor(defaults: Config, path: ConfigPath): ConfigLeaf | undefined {
  for (let length = 1; length <= path.length; length++) {
    const part = path.slice(0, length)
    const value = valueAt(defaults, part)
    if (value === undefined || value === null) return undefined
    if (!isPlain(value) || length === path.length) return { path: part, value }
    // An object that may hold whatever it is given.
    if (Object.keys(value).length === 0) return undefined
  }
  return undefined
}

/** `config/tank.json:3` for a value of that layer, or as much of it as is known. */
export function placeWords(
  file: string,
  layer: 'file' | 'manifest',
  path: ConfigPath,
  places: ConfigPlaces | undefined,
): string {
  const line = places?.[layer][path.join('.')]
  return line === undefined ? file : `${file}:${line}`
}

function belowLive({ defaults, file, manifest }: ConfigLayers): Config {
  return mergeConfig(mergeConfig(defaults, file), manifest)
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function isPlain(value: unknown): value is Config {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Reflect.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
