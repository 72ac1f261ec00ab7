// What a module's author writes and is handed: the contract between `defineModule` (src/authoring) and the engine that
// calls it. Types only. Times in seconds of engine time; frames count from 1; drawing in units of the manifest's view.

/** Payload types by topic. Authors add theirs: `declare module 'coppice' { interface Topics { 'tank:hit': { by: number } } }`. */
// oxlint-disable-next-line typescript/no-empty-interface -- filled by declaration merging
export interface Topics {}

/** Type of a topic's payload: declared in `Topics`, else `unknown`. */
export type Payload<Topic extends string> = Topic extends keyof Topics ? Topics[Topic] : unknown

/** Any topic; an editor offers those declared in `Topics`. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- the union with `string & {}` keeps the names for completion
export type TopicName = (keyof Topics & string) | (string & {})

/** A received message. */
export interface Message<Topic extends string = string> {
  readonly topic: Topic
  readonly data: Payload<Topic>
  /** Module that published it; absent for messages from outside. */
  readonly from?: string
  /** Frame it was published in; it can be read from the next one on. */
  readonly frame: number
}

/** Seeded by (seed, module, phase, frame): the same frame always draws the same numbers. */
export interface Random {
  /** 0 ≤ x < 1. */
  (): number
  /** low ≤ x < high. */
  range(low: number, high: number): number
  /** Whole number, low ≤ n ≤ high. */
  integer(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Normal distribution. */
  normal(mean?: number, deviation?: number): number
  /** A new array in random order. */
  shuffle<Item>(items: readonly Item[]): Item[]
}

export interface Pointer {
  readonly x: number
  readonly y: number
  /** As PointerEvent.buttons: 1 left, 2 right, 4 middle. */
  readonly buttons: number
  readonly isInside: boolean
  /** Wheel movement of this frame, pixels, down positive. */
  readonly wheel: number
  /** A button went down or up in this frame. */
  readonly pressed: boolean
  readonly released: boolean
}

export interface Gamepad {
  readonly isConnected: boolean
  /** −1 … 1; 0 where there is no such axis. */
  axis(index: number): number
  /** 0 … 1. */
  button(index: number): number
}

/** The devices as they stood at the start of the frame. Codes as KeyboardEvent.code. */
export interface Input {
  down(code: string): boolean
  /** Went down in this frame (or since this module's last call). */
  pressed(code: string): boolean
  released(code: string): boolean
  readonly pointer: Pointer
  gamepad(index: number): Gamepad
}

/** Writes to the IDE's log with moment, module and source line. */
export interface Log {
  trace(...values: unknown[]): void
  debug(...values: unknown[]): void
  info(...values: unknown[]): void
  warning(...values: unknown[]): void
  error(...values: unknown[]): void
  critical(...values: unknown[]): void
}

export interface PlayOptions {
  /** 0 … 1; default 1. */
  readonly volume?: number
  /** 0.1 … 10; default 1: as recorded. Higher is faster, and higher in pitch. */
  readonly rate?: number
}

/** Plays sounds on the page: when the frame stays, and only then. */
export interface Sound {
  /** `file` is relative to the module's own file (`./hit.wav`), or what an `import` of a sound gives. */
  play(this: void, file: string, options?: PlayOptions): void
}

/** A subscription: a topic pattern (`*` one segment, `**` the rest), or one with a view on what is read. */
export type Subscription =
  | string
  | {
      readonly topic: string
      /** At most one delivery per so many seconds of engine time. */
      readonly every?: number
      /** Only the newest message per topic. */
      readonly latest?: boolean
      /** At most so many per reading. */
      readonly max?: number
    }

export interface InitContext<Config> {
  readonly config: Readonly<Config>
  readonly random: Random
  /** What this module saved earlier, by key; empty where nothing was. */
  readonly saved: Readonly<Record<string, unknown>>
}

/** What a module may define as tasks: pure functions, by name. They may be async. */
export type TaskFunctions = Readonly<Record<string, (data: never) => unknown>>

/** What became of one task. Ids are those `runTask` gave. */
export type TaskResult<Tasks extends TaskFunctions> = {
  [Name in keyof Tasks & string]:
    | {
        readonly id: number
        readonly task: Name
        readonly ok: true
        readonly value: Awaited<ReturnType<Tasks[Name]>>
      }
    /** It threw, or took longer than 10 seconds. */
    | { readonly id: number; readonly task: Name; readonly ok: false; readonly error: string }
}[keyof Tasks & string]

export interface ProcessContext<State, Config, Resources, Deps, Tasks extends TaskFunctions = TaskFunctions> {
  readonly state: State
  readonly config: Readonly<Config>
  readonly resources: Resources
  /** Seconds this call covers: n / targetFps, always the same for a module. */
  readonly dt: number
  /** Seconds of engine time since frame 0. */
  readonly time: number
  readonly frame: number
  readonly random: Random
  readonly input: Input
  /** What the dependencies expose, as of this frame; a copy. */
  readonly deps: Deps
  /** Takes what is queued, oldest first: all, or one topic's. What is not taken stays. */
  messages(this: void): Message[]
  messages<Topic extends TopicName>(this: void, topic: Topic): Message<Topic>[]
  /** Readable by subscribers from the next frame on. The data is copied. */
  publish<Topic extends TopicName>(this: void, topic: Topic, data: Payload<Topic>): void
  /** A message to oneself, `seconds` of engine time later; needs no subscription. */
  after<Topic extends TopicName>(this: void, seconds: number, topic: Topic, data: Payload<Topic>): void
  readonly sound: Sound
  /**
   * Asks for one of the module's `tasks`, computed in another thread; gives the id its result will have. The data is copied and must be plain:
   * no instances of classes.
   */
  runTask<Name extends keyof Tasks & string>(this: void, task: Name, data: Parameters<Tasks[Name]>[0]): number
  /** Takes the results that have come, oldest first: all, or one task's. What is not taken stays. */
  results(this: void): TaskResult<Tasks>[]
  results<Name extends keyof Tasks & string>(this: void, task: Name): TaskResult<Pick<Tasks, Name>>[]
  readonly log: Log
  /** Times a part of the call for the flame chart; returns what `body` returns. */
  span<Result>(this: void, name: string, body: () => Result): Result
}

/** `GPUCanvasContext`, by a way that compiles where the DOM library has no WebGPU yet (TypeScript 5.9). */
type GpuContext = typeof globalThis extends { GPUCanvasContext: { prototype: infer Context } } ? Context : object

/** What each kind of `view.context` hands to `render` as `ctx`. */
export interface RenderingContexts {
  '2d': OffscreenCanvasRenderingContext2D
  webgl2: WebGL2RenderingContext
  webgpu: GpuContext
}
export type ViewContextKind = keyof RenderingContexts

export interface RenderContext<State, Config, View, Kind extends ViewContextKind> {
  /** For 2d already scaled so that one unit is one unit of the view; cleared before each call. */
  readonly ctx: RenderingContexts[Kind]
  readonly state: Readonly<State>
  readonly config: Readonly<Config>
  /** What `view.setup` returned. */
  readonly view: View
  /** Units of the view. */
  readonly width: number
  readonly height: number
  readonly time: number
  /** A stream of its own; never affects the state. */
  readonly random: Random
}

export interface ViewSetupContext<Kind extends ViewContextKind> {
  readonly canvas: OffscreenCanvas
  readonly ctx: RenderingContexts[Kind]
  readonly width: number
  readonly height: number
}

export interface ViewDefinition<Kind extends ViewContextKind, View> {
  /** Default `2d`. */
  readonly context?: Kind
  /** Layers stack by z, then by module order; default 0. */
  readonly z?: number
  /** Runs once per canvas and version; may be async. */
  readonly setup?: (context: ViewSetupContext<Kind>) => View | Promise<View>
  readonly dispose?: (view: View) => void
}

export interface SetupContext<State, Config> {
  readonly config: Readonly<Config>
  readonly state: State
  /** Aborts when the version goes. */
  readonly signal: AbortSignal
  /** Runs when the version goes. */
  onDispose(this: void, dispose: () => void): void
}

export interface Health {
  readonly status: 'ok' | 'warning' | 'error'
  readonly message?: string
}

/**
 * What `defineModule` returns, inference done: the engine reads it field by field and trusts none of it.
 * `migrate` takes a state of another `stateVersion` and returns one of this; throwing refuses.
 * `validate` returns a message to refuse the state.
 */
export interface ModuleDefinition<
  State,
  Config,
  Resources,
  View,
  Kind extends ViewContextKind,
  Deps,
  Exposed,
  Tasks extends TaskFunctions = TaskFunctions,
> {
  readonly stateVersion?: number
  readonly dependencies?: readonly string[]
  readonly config?: Config
  readonly validateConfig?: (config: Config) => string | undefined
  readonly subscribe?: readonly Subscription[]
  readonly init: (context: InitContext<Config>) => State
  readonly process: (context: ProcessContext<State, Config, Resources, Deps, Tasks>) => void
  readonly tasks?: Tasks
  readonly expose?: (state: State) => Exposed
  readonly setup?: (context: SetupContext<State, Config>) => Resources | Promise<Resources>
  readonly snapshot?: (resources: Resources) => unknown
  /** A method, not a property: authors' own `restore` takes what their `snapshot` returns. */
  restore?(resources: Resources, data: unknown): void
  readonly render?: (context: RenderContext<State, Config, View, Kind>) => void
  readonly view?: ViewDefinition<Kind, View>
  readonly migrate?: (old: unknown, fromVersion: number) => State
  readonly validate?: (state: State) => string | undefined
  readonly query?: (state: State, question: unknown) => unknown
  readonly health?: (state: State) => Health
  /** Let NaN appear in the state without a reload being taken back for it. */
  readonly allowNaN?: boolean
}
