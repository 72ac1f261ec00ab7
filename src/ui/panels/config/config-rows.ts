// The form of a configuration: its values as rows, objects as headings over theirs, and which layer each value comes from. Pure.

import { configFileOf } from '../../../protocol/config.ts'
import type { ConfigLayer, ConfigPath, ConfigValues, ConfigView } from '../../../protocol/config.ts'

export interface ConfigEntry {
  readonly path: ConfigPath
  /** The path joined with `.`. */
  readonly id: string
  /** Undefined for a heading. */
  readonly value: unknown
  readonly isHeading: boolean
  /** What would hold without the live value. */
  readonly below: unknown
  readonly source: ConfigSource
  readonly isInitOnly: boolean
}

export interface ConfigSource {
  readonly layer: ConfigLayer
  /** `engine.json`, `file:3`, `code`, `live`. */
  readonly label: string
  /** Where it can be opened. */
  readonly place: { readonly file: string; readonly line?: number } | undefined
}

/** All rows, in the order of the values; an object's before its values. */
export function configEntries(module: string, codeFile: string, view: ConfigView): readonly ConfigEntry[] {
  const initOnly = new Set(view.initOnly.map((path) => path.join('.')))
  const rows = (values: ConfigValues, prefix: ConfigPath): readonly ConfigEntry[] =>
    Object.entries(values).flatMap(([key, value]) => {
      const path = [...prefix, key]
      const id = path.join('.')
      const inner = isObject(value) && Object.keys(value).length > 0 ? value : undefined
      const entry: ConfigEntry = {
        path,
        id,
        value: inner === undefined ? value : undefined,
        isHeading: inner !== undefined,
        below: belowLive(view, path),
        source: sourceOf(module, codeFile, view, path),
        isInitOnly: initOnly.has(id),
      }
      return inner === undefined ? [entry] : [entry, ...rows(inner, path)]
    })
  return rows(view.values, [])
}

/** How many live values there are. */
export function liveCount(view: ConfigView): number {
  const count = (values: ConfigValues): number =>
    Object.values(values).reduce<number>(
      (sum, value) => sum + (isObject(value) && Object.keys(value).length > 0 ? count(value) : 1),
      0,
    )
  return count(view.layers.live)
}

/** A value with the objects around it. */
export function changesAt(path: ConfigPath, value: unknown): ConfigValues {
  const [key = '', ...rest] = path
  return Object.fromEntries([[key, rest.length === 0 ? value : changesAt(rest, value)]])
}

/** The values with one of them exchanged. */
export function withValue(values: ConfigValues, path: ConfigPath, value: unknown): ConfigValues {
  const [key = '', ...rest] = path
  const inner = values[key]
  const changed = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value)
  if (!Object.hasOwn(values, key)) return { ...values, [key]: changed }
  return Object.fromEntries(Object.entries(values).map(([name, old]) => [name, name === key ? changed : old]))
}

export function valueAt(values: ConfigValues, path: ConfigPath): unknown {
  let value: unknown = values
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function sourceOf(module: string, codeFile: string, { layers, places }: ConfigView, path: ConfigPath): ConfigSource {
  const layer = (['live', 'manifest', 'file'] as const).find((name) => valueAt(layers[name], path) !== undefined)
  if (layer === undefined) return { layer: 'defaults', label: 'code', place: { file: codeFile } }
  if (layer === 'live') return { layer, label: 'live', place: undefined }
  const file = layer === 'manifest' ? 'engine.json' : configFileOf(module)
  const line = places[layer][path.join('.')]
  const short = layer === 'manifest' ? file : 'file'
  const place = { file, ...(line === undefined ? {} : { line }) }
  return { layer, label: line === undefined || layer === 'manifest' ? short : `${short}:${line}`, place }
}

function belowLive({ layers }: ConfigView, path: ConfigPath): unknown {
  return [layers.manifest, layers.file, layers.defaults]
    .map((values) => valueAt(values, path))
    .find((value) => value !== undefined)
}

function isObject(value: unknown): value is ConfigValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
