// What is kept of the result of a module's `init`: its shape, a few values, and by what to tell that another `init` would give the
// same (ML5). Small, whatever the state's size.

import type { CodeText } from '../protocol/code.ts'
import type { SavedValues } from '../protocol/saved.ts'
import type { Config } from './config-layers.ts'
import type { Definition } from './definition.ts'
import { isRecord } from './definition.ts'
import { isSameData } from './resources.ts'
import { setupFingerprint } from './setup-fingerprint.ts'
import { shapeOf } from './state-shape.ts'
import type { ClassNames, Shape } from './state-shape.ts'
import { formatValue } from './value-format.ts'

/** Values kept for comparison: so many fields of the result itself, and strings no longer than this. */
const valueLimit = 64
const stringLimit = 200

/** Everything `init` can see: two runs from equal origins give results of one shape. */
export interface InitOrigin {
  /** Of `init` and what it uses. */
  readonly fingerprint: string
  readonly config: Config
  /** What its random stream starts from. */
  readonly stream: InitStream
}

/** Seed, module, frame and saved data a run of `init` was told: the same once more gives the same. */
export interface InitStream {
  readonly seed: number
  readonly module: string
  readonly frame: number
  /** Absent: nothing had been saved. */
  readonly saved?: SavedValues
}

/** One `init` of one module, looked at once. */
export interface InitProfile extends InitOrigin {
  readonly shape: Shape
  /** Primitives among the result's own fields. */
  readonly values: ReadonlyMap<string, unknown>
}

/** The origin of a run of `init` at `frame`. */
export function initOrigin(
  definition: Definition,
  entry: CodeText | undefined,
  config: Config,
  stream: InitStream,
): InitOrigin {
  return { fingerprint: initFingerprint(definition.texts.init, entry), config, stream }
}

/** True where `init` need not be run to know the shape of what it gives. */
export function isSameOrigin(left: InitOrigin, right: InitOrigin): boolean {
  return (
    left.fingerprint === right.fingerprint &&
    isSameData(left.config, right.config) &&
    isSameData(left.stream.saved, right.stream.saved)
  )
}

export function profileOf(result: unknown, origin: InitOrigin, classNames: ClassNames): InitProfile {
  const values = new Map<string, unknown>()
  if (isRecord(result)) {
    for (const key of Object.keys(result)) {
      if (values.size === valueLimit) break
      const value = result[key]
      const isShort = typeof value === 'string' ? value.length <= stringLimit : typeof value !== 'object'
      if (isShort) values.set(key, value)
    }
  }
  return { ...origin, shape: shapeOf(result, classNames), values }
}

/**
 * `speed 5 → 25, hp 3 → 4`: fields both results have with another value; undefined where there is none. Results of other random
 * streams can't be compared.
 */
export function changedValues(before: InitProfile, after: InitProfile): string | undefined {
  if (!isSameData(before.stream, after.stream)) return undefined
  const changes: string[] = []
  for (const [key, value] of after.values) {
    const old = before.values.get(key)
    if (typeof old !== typeof value || Object.is(old, value)) continue
    changes.push(`${key} ${formatValue(old, { length: 40 })} → ${formatValue(value, { length: 40 })}`)
  }
  if (changes.length === 0) return undefined
  return changes.slice(0, 4).join(', ') + (changes.length > 4 ? ` and ${changes.length - 4} more` : '')
}

/** As of `setup`; where `init` stands in another file or goes by `this`, any change of the code may be one of it. */
function initFingerprint(initText: string, entry: CodeText | undefined): string {
  const fingerprint = setupFingerprint(initText, entry)
  const canTell = entry !== undefined && entry.text.includes(initText) && !/\bthis\b/.test(initText)
  return canTell ? fingerprint : `${entry?.hash ?? ''} ${fingerprint}`
}
