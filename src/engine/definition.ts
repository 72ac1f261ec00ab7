// From what a module's file exports by default to a definition the engine can trust: every field checked, defaults filled
// in. Nothing of the module is called here.

import { CoppiceError } from '../protocol/errors.ts'
import type { Subscription, ViewContextKind } from '../protocol/module.ts'

/** A function of the author's, with nothing known of what it takes or gives. */
export type AuthorFunction = (...args: readonly unknown[]) => unknown

/** The view of a module that draws. */
export interface LayerDefinition {
  readonly context: ViewContextKind
  readonly z: number
  readonly setup: AuthorFunction | undefined
  readonly dispose: AuthorFunction | undefined
}

/** A module's default export, checked. Functions are bound to the exported object, so `this` works as written. */
export interface Definition {
  readonly stateVersion: number
  readonly dependencies: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly subscribe: readonly Subscription[]
  readonly init: AuthorFunction
  readonly process: AuthorFunction
  readonly render: AuthorFunction | undefined
  readonly view: LayerDefinition
  readonly setup: AuthorFunction | undefined
  /** Source texts, as evaluated; empty where there is none. */
  readonly texts: Readonly<Record<'init' | 'process' | 'migrate' | 'setup' | 'render' | 'validateConfig', string>>
  readonly snapshot: AuthorFunction | undefined
  readonly restore: AuthorFunction | undefined
  readonly expose: AuthorFunction | undefined
  readonly migrate: AuthorFunction | undefined
  readonly validate: AuthorFunction | undefined
  readonly validateConfig: AuthorFunction | undefined
  readonly query: AuthorFunction | undefined
  readonly health: AuthorFunction | undefined
  /** By name. */
  readonly tasks: ReadonlyMap<string, AuthorFunction>
  readonly allowNaN: boolean
  /** Fields that are none of a module's, with the name that was perhaps meant: for the log. */
  readonly warnings: readonly string[]
}

const optionalFunctions = [
  'render',
  'setup',
  'snapshot',
  'restore',
  'expose',
  'migrate',
  'validate',
  'validateConfig',
  'query',
  'health',
] as const
const known = new Set<string>([
  'stateVersion',
  'dependencies',
  'config',
  'subscribe',
  'init',
  'process',
  'view',
  'allowNaN',
  'tasks',
  ...optionalFunctions,
])
const contexts: readonly ViewContextKind[] = ['2d', 'webgl2', 'webgpu']

/** True for anything callable; a class counts, and fails when it is called. */
function isFunction(value: unknown): value is AuthorFunction {
  return typeof value === 'function'
}

/** True for objects that are neither arrays nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A function that must do its work at once gave a promise: refused, at the line where the function stands. */
export class PromiseReturned extends Error {
  override readonly name = 'TypeError'
  readonly functionText: string

  constructor(method: keyof Definition['texts'], { texts }: Definition, insteadDo: string) {
    super(`\`${method}\` returned a promise: ${insteadDo}`)
    this.functionText = texts[method]
  }
}

/** Says that a promise came where none may; what it is rejected with is nobody's any more. */
export function refusePromise(
  result: unknown,
  method: keyof Definition['texts'],
  definition: Definition,
  insteadDo: string,
): void {
  if (result === undefined || !isThenable(result)) return
  Promise.resolve(result).catch(() => undefined)
  throw new PromiseReturned(method, definition, insteadDo)
}

/** True for promises and everything else with a `then`. */
export function isThenable(value: unknown): boolean {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}

/**
 * Reads the default export of `file`. Throws `CoppiceError('load')` naming the first field that is missing or of the wrong
 * type, and what it should be.
 */
export function readDefinition(namespace: Readonly<Record<string, unknown>>, file: string): Definition {
  const source = namespace['default']
  const refuse = (message: string): never => {
    throw new CoppiceError('load', `${file}: ${message}`)
  }
  if (source === undefined) return refuse('no default export. Write `export default defineModule({ init, process })`.')
  if (isThenable(source))
    return refuse('the default export is a promise; it must be what `defineModule({ … })` returns.')
  if (!isRecord(source))
    return refuse(`the default export is ${describeType(source)}; it must be what \`defineModule({ … })\` returns.`)

  const required = (name: 'init' | 'process'): AuthorFunction => {
    const value = source[name]
    if (value === undefined) return refuse(`\`${name}\` is missing: every module needs \`init\` and \`process\`.`)
    if (!isFunction(value)) return refuse(`\`${name}\` must be a function, but is ${describeType(value)}.`)
    return value.bind(source)
  }
  const optional = (name: (typeof optionalFunctions)[number]): AuthorFunction | undefined => {
    const value = source[name]
    if (value === undefined) return undefined
    if (!isFunction(value)) return refuse(`\`${name}\` must be a function, but is ${describeType(value)}.`)
    return value.bind(source)
  }

  const stateVersion = source['stateVersion'] ?? 1
  if (typeof stateVersion !== 'number' || !Number.isInteger(stateVersion) || stateVersion < 1) {
    return refuse(`\`stateVersion\` must be a whole number from 1, but is ${describeType(stateVersion)}.`)
  }
  const dependencies = source['dependencies'] ?? []
  if (!isStringArray(dependencies)) return refuse('`dependencies` must be an array of module names.')
  const config = source['config'] ?? {}
  if (!isRecord(config))
    return refuse(`\`config\` must be an object with the defaults, but is ${describeType(config)}.`)
  const subscribe = source['subscribe'] ?? []
  if (!isSubscriptions(subscribe))
    return refuse('`subscribe` must be an array of topics or `{ topic, every, latest, max }`.')
  const allowNaN = source['allowNaN'] ?? false
  if (typeof allowNaN !== 'boolean')
    return refuse(`\`allowNaN\` must be true or false, but is ${describeType(allowNaN)}.`)
  const textOf = (name: string): string => (isFunction(source[name]) ? String(source[name]) : '')

  return {
    stateVersion,
    dependencies,
    config,
    subscribe,
    init: required('init'),
    process: required('process'),
    render: optional('render'),
    view: readView(source['view'], refuse),
    setup: optional('setup'),
    texts: {
      init: textOf('init'),
      process: textOf('process'),
      migrate: textOf('migrate'),
      setup: textOf('setup'),
      render: textOf('render'),
      validateConfig: textOf('validateConfig'),
    },
    snapshot: optional('snapshot'),
    restore: optional('restore'),
    expose: optional('expose'),
    migrate: optional('migrate'),
    validate: optional('validate'),
    validateConfig: optional('validateConfig'),
    query: optional('query'),
    health: optional('health'),
    tasks: readTasks(source['tasks'], refuse),
    allowNaN,
    warnings: Object.keys(source)
      .filter((field) => !known.has(field))
      .map((field) => `${file}: \`${field}\` is not a field of a module and is ignored.${suggestion(field)}`),
  }
}

function readTasks(tasks: unknown, refuse: (message: string) => never): ReadonlyMap<string, AuthorFunction> {
  if (tasks === undefined) return new Map()
  if (!isRecord(tasks)) return refuse(`\`tasks\` must be an object of functions, but is ${describeType(tasks)}.`)
  return new Map(
    Object.entries(tasks).map(([name, task]) => {
      if (!isFunction(task)) return refuse(`\`tasks.${name}\` must be a function, but is ${describeType(task)}.`)
      return [name, task.bind(tasks)]
    }),
  )
}

function readView(view: unknown, refuse: (message: string) => never): LayerDefinition {
  if (view === undefined) return { context: '2d', z: 0, setup: undefined, dispose: undefined }
  if (!isRecord(view)) return refuse(`\`view\` must be an object, but is ${describeType(view)}.`)
  const context = contexts.find((kind) => kind === (view['context'] ?? '2d'))
  if (context === undefined) return refuse(`\`view.context\` must be one of ${contexts.join(', ')}.`)
  const z = view['z'] ?? 0
  if (typeof z !== 'number' || !Number.isFinite(z))
    return refuse(`\`view.z\` must be a number, but is ${describeType(z)}.`)
  const setup = view['setup']
  if (setup !== undefined && !isFunction(setup))
    return refuse(`\`view.setup\` must be a function, but is ${describeType(setup)}.`)
  const dispose = view['dispose']
  if (dispose !== undefined && !isFunction(dispose))
    return refuse(`\`view.dispose\` must be a function, but is ${describeType(dispose)}.`)
  return { context, z, setup: setup?.bind(view), dispose: dispose?.bind(view) }
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isSubscriptions(value: unknown): value is readonly Subscription[] {
  return Array.isArray(value) && value.every(isSubscription)
}

function isSubscription(value: unknown): value is Subscription {
  if (typeof value === 'string') return true
  if (!isRecord(value)) return false
  const { topic, every, latest, max } = value
  return (
    typeof topic === 'string' &&
    (every === undefined || (typeof every === 'number' && every >= 0)) &&
    (latest === undefined || typeof latest === 'boolean') &&
    (max === undefined || (typeof max === 'number' && max >= 1))
  )
}

/** `a function`, `the number 3`, `undefined`: for messages. */
export function describeType(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'function':
      return 'a function'
    case 'object':
      return 'an object'
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
    case 'number':
    case 'bigint':
    case 'boolean':
      return `the ${typeof value} ${String(value)}`
    default:
      return `a ${typeof value}`
  }
}

/** The known field that differs only in case or by one letter more or less. */
function suggestion(field: string): string {
  const close = [...known].find(
    (name) =>
      name.toLowerCase() === field.toLowerCase() ||
      (Math.abs(name.length - field.length) <= 1 &&
        (name.startsWith(field.slice(0, -1)) || field.startsWith(name.slice(0, -1)))),
  )
  return close === undefined ? '' : ` Did you mean \`${close}\`?`
}
