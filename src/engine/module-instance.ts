// One module as it runs: its code of the present version, state (here, or in another thread), configuration, resources, and the context
// its `process` is called with (process-call.ts). Outlives reloads; a commit changes its fields.

import type { ManifestModule } from '../protocol/manifest.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { LogLevel } from '../protocol/log.ts'
import type { ContentHash, SourceError } from '../protocol/values.ts'
import type { PackedValue } from './capture/packed-copies.ts'
import { effectiveConfig, noLayers } from './config-layers.ts'
import type { Config, ConfigLayers } from './config-layers.ts'
import type { CallTracker } from './call-tracker.ts'
import type { Definition } from './definition.ts'
import type { InitProfile, InitStream } from './init-profile.ts'
import type { MigrationHistory } from './migration-chain.ts'
import { ProcessCall } from './process-call.ts'
import { Resources } from './resources.ts'
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

/** What a module has in another thread, and what its resources hold there, where they have a `snapshot`. */
export interface AwayState {
  readonly state: unknown
  readonly snapshot?: unknown
}

/** What was written in another thread, by our own code: that it is the value meant is all that is looked at. */
export function asAwayState(value: unknown): AwayState {
  if (isAwayState(value)) return value
  throw new CoppiceError('internal', 'another thread gave no state')
}

function isAwayState(value: unknown): value is AwayState {
  return typeof value === 'object' && value !== null && 'state' in value
}

/** A module of the running program. */
export class ModuleInstance {
  manifest: ManifestModule
  definition: Definition
  entry: ContentHash
  /** All texts the entry reaches. */
  reach: ReadonlySet<ContentHash> = new Set()
  version = 0
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
  /** Its state takes more than captures have room for. */
  hasNoRoom = false
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
  readonly #call: CallTracker
  #state: unknown = undefined
  /** Gives the state as it is in another thread; undefined: it is here. */
  #readAway: (() => AwayState) | undefined
  #away: AwayState | undefined
  #packed: PackedValue | undefined

  constructor(parts: InstanceParts) {
    this.manifest = parts.manifest
    this.definition = parts.definition
    this.entry = parts.entry
    this.checker = new StateChecker({ root: 'state', classOf: parts.classOf })
    this.context = new ProcessCall(parts, this)
    this.#call = parts.call
  }

  #thrown: { readonly stack: unknown; readonly described: SourceError } | undefined

  get name(): string {
    return this.manifest.name
  }

  /** Its state, to be changed. One that is in another thread is brought here, and its resources with it. */
  get state(): unknown {
    this.#bringHome()
    return this.#state
  }

  set state(state: unknown) {
    this.#bringHome()
    this.#state = state
  }

  /** Its state, to be read only: it stays where it is. */
  get seen(): unknown {
    return this.#readAway === undefined ? this.#state : this.#copyOfAway(this.#readAway).state
  }

  /** The newest form of its state is in another thread. */
  get isAway(): boolean {
    return this.#readAway !== undefined
  }

  /** Where it is packed as captures have it; undefined: it is here, or is not packed so. */
  get packed(): PackedValue | undefined {
    return this.#readAway === undefined ? undefined : this.#packed
  }

  /**
   * Its call ran in another thread; `read` gives what it left there, as long as no later call has begun. `packed`: the same, as a part of captures.
   */
  wentAway(read: () => AwayState, packed: PackedValue | undefined): void {
    this.#readAway = read
    this.#packed = packed
    this.#away = undefined
    this.#state = undefined
  }

  /** What its resources hold; undefined where they have no `snapshot`. */
  snapshot(): { readonly data: unknown } | undefined {
    const { snapshot } = this.definition
    if (snapshot === undefined) return undefined
    const away = this.#readAway === undefined ? {} : this.#copyOfAway(this.#readAway)
    if ('snapshot' in away) return { data: away.snapshot }
    return { data: this.#call.within(this.name, 'snapshot', () => snapshot(this.resources.value)) }
  }

  #copyOfAway(read: () => AwayState): AwayState {
    return (this.#away ??= read())
  }

  #bringHome(): void {
    if (this.#readAway === undefined) return
    const away = this.#copyOfAway(this.#readAway)
    this.#readAway = undefined
    this.#away = undefined
    this.#state = away.state
    const { restore } = this.definition
    if (restore !== undefined && 'snapshot' in away)
      this.#call.within(this.name, 'restore', () => restore(this.resources.value, away.snapshot))
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

  setLayers(layers: ConfigLayers, config: Config = effectiveConfig(layers)): void {
    this.layers = layers
    this.configRevision++
    this.config = config
    this.isExposedStale = true
  }
}
