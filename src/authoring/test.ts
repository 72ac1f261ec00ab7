// `coppice/test`: a module on the real engine inside any test runner, with time in the test's hands. The runner evaluates
// the module, so it sees the runner's own Math: hashes compare test runs with each other, not with the IDE.

import { CommandInput } from '../engine/command-arguments.ts'
import { commandHandlers } from '../engine/command-handlers.ts'
import { readDefinition } from '../engine/definition.ts'
import { EngineCore } from '../engine/engine-core.ts'
import type { CodeLoader, EngineHost, TaskRunner } from '../engine/host.ts'
import { copyPlain } from '../engine/plain-copy.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { LogLine } from '../protocol/log.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type {
  Message,
  ModuleDefinition,
  Payload,
  TaskFunctions,
  TopicName,
  ViewContextKind,
} from '../protocol/module.ts'
import type { SavedValues } from '../protocol/saved.ts'
import { contentHash } from '../protocol/values.ts'
import { classesIn, hasPrivateMembers } from './state-classes.ts'

/** Any module, whatever its types. */
export interface AnyModule {
  readonly init: (context: never) => object
  readonly process: (context: never) => unknown
}

export interface MountOptions<Config, Deps> {
  /** Default 1. */
  readonly seed?: number
  /** Lies over the module's defaults, as `engine.json` does. */
  readonly config?: Partial<Config>
  /** Frames to run at once; default 0. */
  readonly frames?: number
  /** Default 60. */
  readonly targetFps?: number
  /** Calls of `process` a second; default every frame. */
  readonly hz?: number
  /** What it saved earlier, by key. */
  readonly saved?: SavedValues
  /** Other modules to run beside it, by name, with what it depends on among them. */
  readonly modules?: Readonly<Record<string, AnyModule>>
  /** Stands in for modules it depends on: what they would expose. */
  readonly deps?: { readonly [Name in keyof Deps]?: Deps[Name] }
}

export interface MountedModule<State, Config> {
  /** The state as it stands; it may be read, and changed between frames. */
  readonly state: State
  readonly config: Readonly<Config>
  /** Frames run so far. */
  readonly frame: number
  /** Runs n frames, here and now. What a module throws is thrown, and ends it. */
  step(n?: number): void
  /** A message from outside, readable in the next frame. */
  publish<Topic extends TopicName>(topic: Topic, data: Payload<Topic>): void
  /** All that modules have published so far, oldest first; or what of it has this topic. */
  messages(): readonly Message[]
  messages<Topic extends TopicName>(topic: Topic): readonly Message<Topic>[]
  /** What it has saved so far, by key, with what it was given. */
  readonly saved: SavedValues
  /** Asks the module's `query`. */
  query(question: unknown): unknown
  /** As in the Config panel; for the next frame. Rejects what `validateConfig` refuses. */
  setConfig(changes: Partial<Config>): Promise<void>
  readonly input: {
    /** Codes as KeyboardEvent.code; a key stays down until it is let go. */
    key(code: string, down?: boolean): void
    /** In units of the view. */
    pointer(pointer: { readonly x: number; readonly y: number; readonly buttons?: number }): void
  }
  logs(): readonly LogLine[]
  /** 16 hexadecimal digits over states, queues and configuration. */
  hash(): string
  /** Ends it: `onDispose` callbacks of resources run. */
  unmount(): void
}

const mountedName = 'module'

/**
 * Opens a program of this module, paused at frame 0. Rejects with whatever `init` or `setup` threw, and with
 * `CoppiceError('load')` where the definition or the state is refused.
 */
export async function mount<
  State extends object,
  Config extends object,
  Resources,
  View,
  Kind extends ViewContextKind,
  Deps,
  Exposed,
  Tasks extends TaskFunctions,
>(
  module: ModuleDefinition<State, Config, Resources, View, Kind, Deps, Exposed, Tasks>,
  options: MountOptions<Config, Deps> = {},
): Promise<MountedModule<State, Config>> {
  const { seed = 1, frames = 0, targetFps = 60, modules = {}, deps = {} } = options
  let state: State | undefined
  let config: Readonly<Config> | undefined
  const watched: typeof module = {
    ...module,
    init: (context) => {
      config = context.config
      state = module.init(context)
      learnClasses(core, state)
      return state
    },
    process: (context) => {
      config = context.config
      state = context.state
      return module.process(context)
    },
  }

  const namespaces = new Map<string, AnyModule>(Object.entries(modules))
  for (const [name, exposed] of Object.entries(deps)) namespaces.set(name, exposing(exposed))
  namespaces.set(mountedName, watched)

  const thrown: { error: unknown }[] = []
  const core = new EngineCore(hostOf(namespaces, (error) => thrown.push({ error })))
  const ask = (name: 'publish' | 'query' | 'input', ...args: readonly unknown[]): unknown =>
    commandHandlers[name](core, new CommandInput(name, args))
  /** An error is told once while it repeats: what was told last is the one. */
  const rethrow = (message: string): never => {
    const last = thrown.at(-1)
    throw last === undefined ? new CoppiceError('load', message) : last.error
  }

  const own = { config: { ...options.config }, ...(options.hz === undefined ? {} : { hz: options.hz }) }
  core.saved.set({ [mountedName]: options.saved ?? {} })
  const receipts = await core.apply(revisionOf([...namespaces.keys()], own, { seed, targetFps }), true)
  for (const receipt of receipts) {
    if (receipt.outcome !== 'committed') rethrow(receipt.error?.message ?? 'The module could not be loaded.')
  }
  if (state === undefined || config === undefined) throw new CoppiceError('load', '`init` was not called.')

  const captured: Message[] = []
  const step = (n = 1): void => {
    for (let i = 0; i < n; i++) {
      void core.loop.step(1)
      for (const { outbox } of core.program.bus.contents().modules) captured.push(...outbox)
      for (const { error } of core.program.modules) if (error !== undefined) rethrow(error.message)
    }
    learnClasses(core, state)
  }
  step(frames)

  const present = { state, config }
  const mounted: MountedModule<State, Config> = {
    get state() {
      return state ?? present.state
    },
    get config() {
      return config ?? present.config
    },
    get frame() {
      return core.program.frame
    },
    step,
    publish: (topic, data) => void ask('publish', topic, data),
    messages: <Topic extends TopicName>(topic?: Topic): Message<Topic>[] =>
      captured.filter((message): message is Message<Topic> => topic === undefined || message.topic === topic),
    get saved() {
      return core.saved.of(mountedName)
    },
    query: (question) => ask('query', mountedName, question),
    setConfig: async (changes) => {
      const input = new CommandInput('setConfig', [mountedName, changes])
      const { applied, error } = await commandHandlers.setConfig(core, input)
      if (!applied) throw new CoppiceError('invalid-config', error ?? 'The configuration was refused.')
      config = { ...(config ?? present.config), ...changes }
    },
    input: {
      key: (code, down = true) => void ask('input', { kind: 'key', code, down }),
      pointer: ({ x, y, buttons = 0 }) => void ask('input', { kind: 'pointer', x, y, buttons, isInside: true }),
    },
    logs: () => core.logBook.filter({}),
    hash: () => core.program.hash(),
    unmount: () => core.dispose(),
  }
  return mounted
}

/** Stands for a module that exposes this and does nothing. */
function exposing(exposed: unknown): AnyModule {
  const idle = { init: () => ({}), process: () => undefined, expose: () => exposed }
  return idle
}

/** The engine knows classes by the dev server's registration; here, by the instances the state holds. */
function learnClasses(core: EngineCore, state: unknown): void {
  for (const found of classesIn(state)) {
    if (core.classes.kindOf(found.prototype) !== 'unknown') continue
    core.classes.register('test', contentHash(`class ${found.name}`), [[found.name, found, hasPrivateMembers(found)]])
  }
}

/** Nothing is drawn, no time passes but by `step`: with a clock that stands still, all steps asked for run at once. */
function hostOf(namespaces: ReadonlyMap<string, AnyModule>, thrown: (error: unknown) => void): EngineHost {
  const loader: CodeLoader = {
    add: () => {},
    has: () => true,
    load: (entry) => Promise.resolve({ default: namespaces.get(entry) }),
    reach: (entry) => new Set([entry]),
    release: () => {},
    describe: (error) => {
      thrown(error)
      return { message: error instanceof Error ? error.message : String(error) }
    },
    callSite: () => undefined,
  }
  return {
    clock: { now: () => 0 },
    timers: { callAt: () => () => {} },
    createLoader: () => loader,
    layers: { request: () => {}, release: () => {}, attach: () => {} },
    emit: () => {},
    realm: { Date, Intl, global: globalThis },
    isIsolated: false,
    tasks: inThisThread(namespaces),
    // What a module throws ends the test: nothing is ever taken back.
    history: { byteLimit: 2 ** 20 },
  }
}

/** Tasks are computed as they are asked for; results are there in the next frame, those of async ones when they have come. */
function inThisThread(namespaces: ReadonlyMap<string, AnyModule>): TaskRunner {
  return {
    run: ({ entry, task, data }, watch) => {
      const failed = (error: unknown): void =>
        watch.ended({ ok: false, error: { message: error instanceof Error ? error.message : String(error) } })
      try {
        const compute = readDefinition({ default: namespaces.get(entry) }, `${entry}.ts`).tasks.get(task)
        const value: unknown = compute?.(copyPlain(data))
        if (value instanceof Promise)
          value.then((awaited: unknown) => watch.ended({ ok: true, value: awaited }), failed)
        else watch.ended({ ok: true, value })
      } catch (error) {
        failed(error)
      }
      return () => undefined
    },
    dispose: () => undefined,
  }
}

/** A revision whose texts are the modules themselves, each known by its name. */
function revisionOf(
  names: readonly string[],
  own: Pick<ManifestModule, 'config' | 'hz'>,
  { seed, targetFps }: { readonly seed: number; readonly targetFps: number },
): ProgramRevision {
  const modules = names.map((name): ManifestModule => {
    const fields = name === mountedName ? own : { config: {} }
    return { name, path: `${name}.ts`, strategy: 'sequential', ...fields }
  })
  return {
    revision: 1,
    trigger: 'open',
    title: 'mount',
    changedFiles: [],
    manifest: { targetFps, seed, math: 'native', view: { width: 1280, height: 720, fit: 'contain' }, modules },
    modules: names.map((name) => ({ module: name, entry: contentHash(name) })),
    texts: [],
    ms: { collect: 0, fetch: 0 },
    problems: [],
  }
}
