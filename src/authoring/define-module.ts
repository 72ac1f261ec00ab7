// `defineModule`: gives a module's definition back as it is, and infers every type in it. No behaviour of its own: what
// the engine does with each field stands in src/protocol/module.ts, in the erased form the engine reads.

import type {
  Health,
  InitContext,
  ModuleDefinition,
  ProcessContext,
  RenderContext,
  RenderingContexts,
  SetupContext,
  Subscription,
  TaskFunctions,
  ViewContextKind,
} from '../protocol/module.ts'

/**
 * What each module of the workspace exposes, by module name. Filled by generated declarations (`.coppice/types.d.ts`,
 * made from `engine.json`), so that `deps.map` is typed without an annotation.
 */
// oxlint-disable-next-line typescript/no-empty-interface -- filled by declaration merging
export interface Modules {}

/** What a module's `expose` returns: `ExposedBy<typeof import('./map.ts').default>`. */
export type ExposedBy<Module> = Module extends { readonly expose?: (state: never) => infer Exposed }
  ? Exposed
  : undefined

/** `deps` of a module with these dependencies; `unknown` for a name the workspace's types don't know. */
export type DepsOf<Names extends readonly string[]> = {
  readonly [Name in Names[number]]: Name extends keyof Modules ? Modules[Name] : unknown
}

/** What `init`, `process` and `migrate` may not return: they run inside a frame, and a frame does not wait. */
export interface NotAPromise {
  /** Await in `setup` or `view.setup` instead. */
  readonly then?: never
}

/** Type of `resources` where no `setup` stands before the function that uses them. */
export interface SetupMustStandBeforeProcess {
  readonly setup: undefined
}

/** Type of `view` where no `view` stands before `render`. */
export interface ViewMustStandBeforeRender {
  readonly view: undefined
}

/** `void` alone would let an async function pass. */
type ProcessResult = undefined | string | number | boolean | (object & NotAPromise)

/** The layer a module draws, and what it draws with. */
export interface ViewOptions<View, Kind extends ViewContextKind> {
  /** Which context `render` gets as `ctx`: `'2d'` (default), `'webgl2'` or `'webgpu'`. */
  readonly context?: Kind
  /** Layers stack by z, then by module order. Default 0. */
  readonly z?: number
  /**
   * Makes what drawing needs beside the state: shader programs, buffers, a three.js renderer. What it returns is `view`
   * in `render`. Runs once per canvas and version, may be async, and never affects the state.
   */
  readonly setup?: (context: {
    /** The layer itself; its size in device pixels is set by the IDE. */
    readonly canvas: OffscreenCanvas
    readonly ctx: RenderingContexts[NoInfer<Kind>]
    /** In units of the view. */
    readonly width: number
    readonly height: number
  }) => View | Promise<View>
  /** Gives back what `setup` made, when canvas or version go. */
  readonly dispose?: (view: NoInfer<View>) => void
}

/**
 * A module. Only `init` and `process` are required.
 *
 * TypeScript infers from top to bottom: `config` before `init` before what reads `state`; `setup` before what reads
 * `resources`; `view` before `render`. (A `setup` without parameters may stand anywhere.)
 */
export interface ModuleOptions<
  State extends object,
  Config extends object,
  Resources,
  Snapshot,
  View,
  Kind extends ViewContextKind,
  Names extends readonly string[],
  Exposed,
  Tasks extends TaskFunctions,
> {
  /**
   * Number of the state's shape; default 1. Raise it when fields change their meaning or type, and bring old states
   * over in `migrate`. Fields that are only added, renamed or left out need no new number.
   */
  readonly stateVersion?: number
  /** Modules that must be there and run before this one. What they `expose` is in `deps`: `deps.map`. */
  readonly dependencies?: Names
  /**
   * Settings and their defaults. `engine.json` lies over them key by key, and the Config panel over that. A changed
   * value is there in the next frame, without a reload.
   */
  readonly config?: Config
  /** Returns why these settings can't be used, or `undefined`. A refused change leaves the old settings standing. */
  readonly validateConfig?: (config: Readonly<NoInfer<Config>>) => string | undefined
  /**
   * Topics to receive: `'tank:hit'`, with `*` for one segment (`'game:*:joined'`) and `**` for the rest (`'game:**'`).
   * An object limits what is read: `{ topic: 'stats:**', every: 1, latest: true }`.
   */
  readonly subscribe?: readonly Subscription[]
  /**
   * Pure functions that `process` has computed off the frame: `tasks: { findPath: (data: Query) => … }`, asked for with `runTask('findPath',
   * data)`, answered by `results()` in a later frame. Write the type of `data` out. They see their data and nothing else.
   */
  readonly tasks?: Tasks
  /**
   * Makes the state, at frame 0 and after a reset; not after a reload, which keeps it. Plain data: objects, arrays,
   * Map, Set, Date, typed arrays, instances of classes declared at the top level of your files. Not a promise.
   */
  readonly init: (context: InitContext<NoInfer<Config>>) => State & NotAPromise
  /**
   * Makes what is not plain data, from config and state: a physics world, a WASM memory. It is `resources` in `process`.
   * May be async: the version before runs on until it is done. Stands before `process`, so that its type is known there.
   */
  readonly setup?: (context: SetupContext<NoInfer<State>, NoInfer<Config>>) => Resources | Promise<Resources>
  /** A copy, as plain data, of what resources know that the state does not. */
  readonly snapshot?: (resources: NoInfer<Resources>) => Snapshot
  /** Puts back what `snapshot` returned, perhaps that of an older version of this code. */
  readonly restore?: (resources: NoInfer<Resources>, data: NoInfer<Snapshot>) => void
  /**
   * One step: changes `state` in place. Called once a frame, or less often with `hz` in `engine.json`; `dt` is the
   * seconds this call covers. The same frame gets the same `random`, `input` and `messages` each time it is computed. If
   * it throws, the state stays as it was before the call. Not async.
   */
  readonly process: (
    context: ProcessContext<
      NoInfer<State>,
      NoInfer<Config>,
      NoInfer<Resources>,
      DepsOf<NoInfer<Names>>,
      NoInfer<Tasks>
    >,
  ) => void | ProcessResult
  /** What dependents read as `deps.<name>`. Copied each frame: keep it small. */
  readonly expose?: (state: NoInfer<State>) => Exposed
  /** The layer `render` draws on. Stands before `render`, so that its types are known there. */
  readonly view?: ViewOptions<View, Kind>
  /**
   * Draws the state on this module's layer. Reads only: what it writes to the state is not kept. Coordinates are units
   * of the view (`engine.json`), origin top left; a 2d context comes cleared and scaled to them.
   */
  readonly render?: (
    context: RenderContext<NoInfer<State>, NoInfer<Config>, NoInfer<View>, NoInfer<Kind>>,
  ) => void | ProcessResult
  /** Brings a state of another `stateVersion` to this one. Gets a copy; throw to refuse. */
  readonly migrate?: (old: unknown, fromVersion: number) => NoInfer<State>
  /** Returns what is wrong with a state, or `undefined`. A refused state never becomes the present. */
  readonly validate?: (state: NoInfer<State>) => string | undefined
  /** Answers questions of tools and tests (`coppice.query(name, question)`). Reads only. */
  readonly query?: (state: NoInfer<State>, question: unknown) => unknown
  /** How the module is doing, for the module list. */
  readonly health?: (state: NoInfer<State>) => Health
  /** Lets NaN appear in the state. Without it a reload that brings one is taken back. */
  readonly allowNaN?: boolean
}

/**
 * Defines a module: the default export of a file named in `engine.json`.
 *
 * ```ts
 * export default defineModule({
 *   config: { speed: 5 },
 *   init: () => ({ x: 0 }),
 *   process({ state, config, dt }) { state.x += config.speed * dt },
 *   render({ ctx, state }) { ctx.fillRect(state.x, 100, 20, 20) },
 * })
 * ```
 */
export function defineModule<
  State extends object,
  // oxlint-disable-next-line typescript/no-empty-object-type -- a module without settings has none to read
  Config extends object = {},
  Resources = SetupMustStandBeforeProcess,
  Snapshot = unknown,
  View = ViewMustStandBeforeRender,
  Kind extends ViewContextKind = '2d',
  const Names extends readonly string[] = [],
  Exposed = undefined,
  // oxlint-disable-next-line typescript/no-empty-object-type -- a module without tasks has none to run
  Tasks extends TaskFunctions = {},
>(
  module: ModuleOptions<State, Config, Resources, Snapshot, View, Kind, Names, Exposed, Tasks>,
): ModuleDefinition<State, Config, Resources, View, Kind, DepsOf<Names>, Exposed, Tasks> {
  return module
}
