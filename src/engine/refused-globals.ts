// Globals that would let the world into a frame: inside a frame they throw an error that names what to use; in `setup`,
// `view.setup` and after an await they are the realm's own.

import type { CallPhase } from '../protocol/pulse.ts'
import { isRepeatable, type CurrentCall } from './current-call.ts'
import { call, construct, createObject, isCallable, isObject, readProperty, type Callable } from './reflection.ts'

type Advice = { readonly use: string; readonly refusedAtLoad?: boolean; readonly refusedAlways?: boolean }

const timer: Advice = {
  use: 'use after(seconds, topic, data): the message comes back by messages(topic)',
  refusedAtLoad: true,
}
const perFrame: Advice = { use: 'process is called every frame, and render draws', refusedAtLoad: true }
const network: Advice = { use: 'load in setup, where awaiting is allowed, and keep the result in resources or config' }
const storage: Advice = { use: 'keep it in the state, which the engine saves' }
const thread: Advice = { use: 'start it in setup and end it by onDispose' }
const engineThread: Advice = { use: 'this belongs to the engine: publish a message instead', refusedAlways: true }

/** Functions and classes, by name. */
const callables: Readonly<Record<string, Advice>> = {
  setTimeout: timer,
  setInterval: timer,
  setImmediate: timer,
  requestIdleCallback: timer,
  requestAnimationFrame: perFrame,
  queueMicrotask: { use: 'call the function at once: a frame does not wait' },
  fetch: network,
  XMLHttpRequest: network,
  WebSocket: network,
  EventSource: network,
  WebTransport: network,
  Worker: thread,
  SharedWorker: thread,
  BroadcastChannel: thread,
  MessageChannel: thread,
  importScripts: { use: 'use import' },
  postMessage: engineThread,
  close: engineThread,
}

/** Objects, by name: any use of a member counts. */
const objects: Readonly<Record<string, Advice>> = {
  localStorage: storage,
  sessionStorage: storage,
  indexedDB: storage,
  caches: storage,
}

/** Harmless anywhere, but methods of the realm. */
const passing = ['clearTimeout', 'clearInterval', 'clearImmediate', 'cancelAnimationFrame', 'cancelIdleCallback']

/** Shadows for all of them. `realm` is the object that holds the realm's globals. */
export function createRefusedGlobals(realm: object, current: () => CurrentCall): ReadonlyMap<string, unknown> {
  const shadows = new Map<string, unknown>()
  const check = (name: string, advice: Advice): void => {
    const { phase } = current()
    if (!isRefused(advice, phase)) return
    throw new Error(`${name} is not available in ${describePhase(phase)}: ${advice.use}.`)
  }
  for (const [name, advice] of Object.entries(callables))
    shadows.set(
      name,
      guardedCallable(realm, name, () => check(name, advice)),
    )
  for (const [name, advice] of Object.entries(objects))
    shadows.set(
      name,
      guardedObject(realm, name, () => check(name, advice)),
    )
  for (const name of passing) {
    shadows.set(name, (...args: readonly unknown[]): unknown => {
      const original = readProperty(realm, name)
      return isCallable(original) ? call(original, realm, args) : undefined
    })
  }
  return shadows
}

function isRefused(advice: Advice, phase: CallPhase): boolean {
  return advice.refusedAlways === true || isRepeatable(phase) || (phase === 'load' && advice.refusedAtLoad === true)
}

function describePhase(phase: CallPhase): string {
  switch (phase) {
    case 'load':
      return 'top-level code'
    case 'view-setup':
      return 'view.setup'
    case 'validate-config':
      return 'validateConfig'
    case 'outside':
      return 'a module'
    default:
      return phase
  }
}

function guardedCallable(realm: object, name: string, check: () => void): object {
  const original = (): Callable => {
    check()
    const found = readProperty(realm, name)
    if (!isCallable(found)) throw new Error(`${name} does not exist where this program runs.`)
    return found
  }
  const callable = function (): void {}
  Object.defineProperty(callable, 'name', { value: name, configurable: true })
  return new Proxy(callable, {
    apply: (_target, _self, args): unknown => call(original(), realm, args),
    construct: (_target, args) => construct(original(), args),
    // WebSocket.OPEN and the like.
    get: (target, key): unknown => {
      const found = readProperty(realm, name)
      return readProperty(key === 'name' || !isCallable(found) ? target : found, key)
    },
  })
}

function guardedObject(realm: object, name: string, check: () => void): object {
  return new Proxy(createObject(null), {
    get: (_target, key): unknown => {
      check()
      const found = objectIn(realm, name)
      if (found === undefined) return undefined
      const value = readProperty(found, key)
      return isCallable(value) ? (...args: readonly unknown[]) => call(value, found, args) : value
    },
    set: (_target, key, value) => {
      check()
      const found = objectIn(realm, name)
      return found !== undefined && Reflect.set(found, key, value)
    },
    has: (_target, key) => {
      check()
      const found = objectIn(realm, name)
      return found !== undefined && Reflect.has(found, key)
    },
  })
}

function objectIn(realm: object, name: string): object | undefined {
  const found = readProperty(realm, name)
  return isObject(found) ? found : undefined
}
