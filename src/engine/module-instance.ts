// One module as it runs: its code of the present version, state, configuration, resources, and the context its `process` is
// called with, which is one object reused for every call. Outlives reloads; a commit changes its fields.

import type { ManifestModule } from '../protocol/manifest.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Input, Log, Message, PlayOptions, Random, Sound } from '../protocol/module.ts'
import { savePrefix } from '../protocol/saved.ts'
import type { LogLevel } from '../protocol/log.ts'
import type { ContentHash, SourceError } from '../protocol/values.ts'
import type { BusPort } from './bus/bus-port.ts'
import type { Bus } from './bus/bus.ts'
import { effectiveConfig, noLayers } from './config-layers.ts'
import type { Config, ConfigLayers } from './config-layers.ts'
import type { CallTracker } from './call-tracker.ts'
import type { Definition } from './definition.ts'
import type { Devices, InputView } from './devices.ts'
import type { InitProfile, InitStream } from './init-profile.ts'
import type { MigrationHistory } from './migration-chain.ts'
import type { Outputs } from './outputs.ts'
import { RandomStream } from './random.ts'
import { Resources } from './resources.ts'
import { copyForSaving } from './saved-data.ts'
import { soundOutput } from './sound.ts'
import { StateChecker } from './state-rules.ts'
import type { ClassKind } from './state-rules.ts'

/** What a new instance starts from; the rest is set by the commit that brings it in. */
export interface InstanceParts {
  readonly manifest: ManifestModule
  readonly definition: Definition
  readonly entry: ContentHash
  readonly call: CallTracker
  readonly classOf: (prototype: object) => ClassKind
  /** Writes a line of the module's own. */
  readonly write: (module: string, level: LogLevel, values: readonly unknown[]) => void
}

/** A module of the running program. */
export class ModuleInstance {
  manifest: ManifestModule
  definition: Definition
  entry: ContentHash
  /** All texts the entry reaches. */
  reach: ReadonlySet<ContentHash> = new Set()
  version = 0
  state: unknown = undefined
  /** Of the `init` the state is meant for. */
  initProfile: InitProfile | undefined = undefined
  /** What that `init` was told; also where its profile is not known. */
  initStream: InitStream | undefined = undefined
  migrations: MigrationHistory = []
  layers: ConfigLayers = noLayers
  config: Config = {}
  /** Climbs with each change of the layers. */
  configRevision = 0
  resources = new Resources('')
  /** Entries it ran before, oldest first: what an undo goes back to. */
  past: readonly ContentHash[] = []
  /** Entries undone, the newest last: what a redo goes on to. */
  future: readonly ContentHash[] = []
  /** `process` is called in frames that are a multiple of this. */
  period = 1
  /** Place in manifest order, and column in the metrics. */
  index = 0
  hasDependents = false
  /** A copy of what `expose` gave last. */
  exposed: unknown = undefined
  isExposedStale = true
  missedFrames = 0
  /** Since its newest call that ended well. */
  missedInRow = 0
  /** The newest frame it missed; 0 for none. */
  missedFrame = 0
  /** Calls of `process` that ended well. */
  calls = 0
  /** Missed too many frames in a row: not called until a new version comes, or its state or configuration is changed. */
  isParked = false
  /** Its drawing ended an engine: its layer stays as it is until a new version comes. */
  isDrawingStopped = false
  /** Its `health` ended an engine: it is not asked. */
  isSilent = false
  /** What it threw in its newest call of `process`; undefined when that ended well. */
  error: SourceError | undefined = undefined
  /** What of its state no state may hold, where that was found. */
  stateRefusal: string | undefined = undefined
  /** Time of `process` in the present frame; 0 where it was not due. */
  processMs = 0
  /** Time of the newest drawing, to be added to the present frame's. */
  renderMs = 0
  readonly checker: StateChecker
  readonly context: ProcessCall

  constructor(parts: InstanceParts) {
    this.manifest = parts.manifest
    this.definition = parts.definition
    this.entry = parts.entry
    this.checker = new StateChecker({ root: 'state', classOf: parts.classOf })
    this.context = new ProcessCall(parts, () => this.manifest)
  }

  #thrown: { readonly stack: unknown; readonly described: SourceError } | undefined

  get name(): string {
    return this.manifest.name
  }

  /** Mapping a position takes a while; one that throws the same in every frame is described once. */
  describeThrown(error: unknown, describe: () => SourceError): SourceError {
    const stack: unknown = error instanceof Error ? error.stack : undefined
    if (stack !== undefined && this.#thrown?.stack === stack) return this.#thrown.described
    const described = describe()
    this.#thrown = { stack, described }
    return described
  }

  /** Another try from here on. */
  unpark(): void {
    this.missedInRow = 0
    this.isParked = false
  }

  setLayers(layers: ConfigLayers): void {
    this.layers = layers
    this.configRevision++
    this.config = effectiveConfig(layers)
    this.isExposedStale = true
  }
}

/** What `process` is handed. Fields are set before each call. */
export class ProcessCall {
  state: unknown = undefined
  config: Config = {}
  resources: unknown = undefined
  dt = 0
  time = 0
  frame = 0
  deps: Readonly<Record<string, unknown>> = {}
  readonly log: Log
  readonly messages: (topic?: string) => Message[]
  readonly publish: (topic: string, data: unknown) => void
  readonly after: (seconds: number, topic: string, data: unknown) => void
  readonly sound: Sound
  readonly span: (name: string, body: () => unknown) => unknown
  readonly #call: CallTracker
  readonly #manifestOf: () => ManifestModule
  #stream: RandomStream
  #streamFrame = -1
  #seed = 0
  #port: BusPort | undefined
  #input: InputView | undefined
  #outputs: Outputs | undefined

  constructor(parts: InstanceParts, manifestOf: () => ManifestModule) {
    this.#call = parts.call
    this.#manifestOf = manifestOf
    this.#stream = new RandomStream(this.#name, 'process')
    const write =
      (level: LogLevel) =>
      (...values: unknown[]): void =>
        parts.write(this.#name, level, values)
    this.log = {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warning: write('warning'),
      error: write('error'),
      critical: write('critical'),
    }
    this.messages = (topic) => this.#portFor('messages').messages(topic)
    this.publish = (topic, data) => this.#publish(topic, data)
    this.after = (seconds, topic, data) => this.#portFor('after').after(seconds, topic, data)
    this.sound = { play: (file, options) => this.#play(file, options) }
    this.span = (_name, body) => body()
  }

  /** The stream of this frame, made when it is first asked for. */
  get random(): Random {
    if (this.#streamFrame !== this.frame) {
      this.#streamFrame = this.frame
      this.#stream.reset(this.#seed, this.frame)
    }
    return this.#stream.random
  }

  get input(): Input {
    if (this.#input === undefined) throw this.#misused('input')
    return this.#input
  }

  /** Joins the module to bus, devices and outputs of its program; again after a rename. */
  connect(bus: Bus, devices: Devices, outputs: Outputs): void {
    const name = this.#name
    this.#port = bus.port(name)
    this.#input = devices.view(name)
    this.#outputs = outputs
    this.#stream = new RandomStream(name, 'process')
    this.#streamFrame = -1
  }

  /** Before each call. */
  enter(frame: number, time: number, seed: number): void {
    this.frame = frame
    this.time = time
    this.#seed = seed
    // A frame number can come again on another timeline.
    this.#streamFrame = -1
  }

  /** The call ended well: what was read is read. */
  succeeded(): void {
    this.#input?.endCall()
  }

  /** What was published, asked, let out and read in this call is undone. */
  failed(): void {
    this.#outputs?.discard(this.#name)
    this.#port?.rollback()
  }

  #portFor(name: string): BusPort {
    if (this.#port === undefined || !this.#isCalled) throw this.#misused(name)
    return this.#port
  }

  #publish(topic: string, data: unknown): void {
    const port = this.#portFor('publish')
    if (typeof topic !== 'string' || !topic.startsWith(savePrefix)) {
      port.publish(topic, data)
      return
    }
    const copy = copyForSaving(topic, data)
    port.publish(topic, copy)
    this.#outputs?.add(this.#name, {
      kind: 'save',
      module: this.#name,
      key: topic.slice(savePrefix.length),
      data: copy,
    })
  }

  #play(file: string, options: PlayOptions | undefined): void {
    if (this.#outputs === undefined || !this.#isCalled) throw this.#misused('sound')
    const { name, path } = this.#manifestOf()
    this.#outputs.add(name, soundOutput(name, path, file, options))
  }

  get #name(): string {
    return this.#manifestOf().name
  }

  get #isCalled(): boolean {
    return this.#call.phase === 'process' && this.#call.module === this.#name
  }

  #misused(name: string): CoppiceError {
    return new CoppiceError('invalid-argument', `\`${name}\` works inside \`process\` only, while it runs.`)
  }
}
