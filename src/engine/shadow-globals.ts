// The globals a module sees instead of the realm's (FL5, FL6): the same in Chromium and Node, driven by engine time and
// seeded streams. The realm is handed in and never changed; `globalThis` becomes an object that holds the shadows.

import { createSizeCounter } from './allocation-limit.ts'
import { isRepeatable, type CurrentCall } from './current-call.ts'
import { createMath, power, type MathKind } from './portable-math.ts'
import { call, createObject, isCallable, isObject, readProperty } from './reflection.ts'
import { createRefusedGlobals } from './refused-globals.ts'
import { createShadowConsole } from './shadow-console.ts'
import { createShadowDate, engineEpoch } from './shadow-date.ts'
import { createShadowIntl } from './shadow-intl.ts'

/** What the shadows are made over. A host passes its own globals. */
export interface Realm {
  readonly Date: DateConstructor
  readonly Intl: object
  /** The global object itself, for what passes through. */
  readonly global: object
}

export interface ShadowOptions {
  readonly realm: Realm
  readonly math: MathKind
  /** What is being called at this instant; asked at each use of a shadow. */
  readonly current: () => CurrentCall
}

/** Names and values, index by index; `__coppice_pow__` and `__coppice_size__` are among them. */
export interface ShadowGlobals {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
}

/** Present in one place and absent in another: hidden, so that packages take the same way everywhere. */
const hidden = ['process', 'require', 'module', 'exports', 'Buffer', 'global', 'Deno', 'Bun', 'document', 'Temporal']

export function createShadowGlobals({ realm, math, current }: ShadowOptions): ShadowGlobals {
  const timeMs = (): number => current().timeMs
  const shadows = new Map<string, unknown>()
  for (const name of hidden) shadows.set(name, undefined)
  for (const [name, value] of createRefusedGlobals(realm.global, current)) shadows.set(name, value)
  shadows.set(
    'Math',
    createMath(math, () => mathRandom(current())),
  )
  shadows.set('Date', createShadowDate(realm.Date, timeMs))
  shadows.set('Intl', createShadowIntl(realm.Intl, timeMs))
  shadows.set('performance', createPerformance(timeMs))
  shadows.set('console', createShadowConsole({ log: (level, values) => current().log(level, values), timeMs }))
  shadows.set('crypto', createCrypto(realm.global, current))
  shadows.set('navigator', createNavigator(realm.global))
  const global = createGlobal(realm.global, shadows)
  for (const name of ['globalThis', 'self', 'window']) shadows.set(name, global)
  shadows.set('__coppice_pow__', power(math))
  shadows.set(
    '__coppice_size__',
    createSizeCounter((bytes) => current().take(bytes)),
  )
  return { names: [...shadows.keys()], values: [...shadows.values()] }
}

/** Loading, setting up and drawing may use it, seeded; what changes the state must say which numbers it takes. */
function mathRandom(call: CurrentCall): number {
  if (isRepeatable(call.phase) && call.phase !== 'render') {
    throw new Error(
      `Math.random() is not available in ${call.phase}: use the \`random\` it is handed, which gives the same numbers in every run.`,
    )
  }
  return call.random()
}

function createPerformance(timeMs: () => number): object {
  const nothing = (): readonly unknown[] => []
  return {
    now: timeMs,
    timeOrigin: engineEpoch,
    mark: (name: string) => ({ name, entryType: 'mark', startTime: timeMs(), duration: 0 }),
    measure: (name: string) => ({ name, entryType: 'measure', startTime: timeMs(), duration: 0 }),
    clearMarks: () => undefined,
    clearMeasures: () => undefined,
    getEntries: nothing,
    getEntriesByName: nothing,
    getEntriesByType: nothing,
    toJSON: () => ({ timeOrigin: engineEpoch }),
  }
}

function createCrypto(global: object, current: () => CurrentCall): object {
  const fill = (bytes: Uint8Array): void => {
    const { random } = current()
    for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256)
  }
  return {
    getRandomValues: <View extends ArrayBufferView>(view: View): View => {
      if (!ArrayBuffer.isView(view)) throw new TypeError('crypto.getRandomValues needs a typed array')
      fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
      return view
    },
    randomUUID: () => {
      const bytes = new Uint8Array(16)
      fill(bytes)
      // Version 4, variant 1 (RFC 9562).
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      return [0, 8, 12, 16, 20].map((from, index, starts) => digits.slice(from, starts[index + 1] ?? 32)).join('-')
    },
    get subtle(): unknown {
      if (isRepeatable(current().phase))
        throw new Error(
          `crypto.subtle is not available in ${current().phase}: its results come later than the frame. Use it in setup.`,
        )
      const real = readProperty(global, 'crypto')
      return isObject(real) ? readProperty(real, 'subtle') : undefined
    },
  }
}

/** The same everywhere but for `gpu`, which a view of context `webgpu` needs. */
function createNavigator(global: object): object {
  return {
    userAgent: 'Coppice',
    platform: '',
    language: 'en-US',
    languages: ['en-US'],
    hardwareConcurrency: 1,
    onLine: true,
    get gpu(): unknown {
      const real = readProperty(global, 'navigator')
      return isObject(real) ? readProperty(real, 'gpu') : undefined
    },
  }
}

/** Reads find the shadows first, then the realm; writes stay in an object of this engine's own. */
/** Of no object a state may hold (state-rules.ts): what is kept there would not come back. */
class GlobalScope {}

function createGlobal(realm: object, shadows: ReadonlyMap<string, unknown>): object {
  const own = createObject(GlobalScope.prototype)
  const bound = new Map<object, unknown>()
  const proxy: object = new Proxy(own, {
    get: (target, key): unknown => {
      if (Object.hasOwn(target, key)) return readProperty(target, key)
      if (typeof key === 'string' && shadows.has(key)) return shadows.get(key)
      const value = readProperty(realm, key)
      // Functions of the realm such as atob refuse another `this`; classes do not care.
      if (!isCallable(value) || Object.hasOwn(value, 'prototype')) return value
      let method = bound.get(value)
      if (method === undefined) bound.set(value, (method = (...args: readonly unknown[]) => call(value, realm, args)))
      return method
    },
    has: (target, key) => {
      if (Object.hasOwn(target, key)) return true
      return typeof key === 'string' && shadows.has(key) ? shadows.get(key) !== undefined : Reflect.has(realm, key)
    },
    set: (target, key, value) => Reflect.set(target, key, value),
  })
  return proxy
}
