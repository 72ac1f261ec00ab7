// The program as it stands at one moment: modules with their states, bus, devices, inputs, and where in time it is. All that
// determines its future is reachable from here; a reset makes another Program and keeps this one whole.

import { CoppiceError } from '../protocol/errors.ts'
import type { JournalInput } from '../protocol/journal.ts'
import type { Manifest, ManifestView } from '../protocol/manifest.ts'
import { frameNumber } from '../protocol/values.ts'
import type { DataPath, FrameNumber, Moment, Seconds, TimelineId } from '../protocol/values.ts'
import { Bus } from './bus/bus.ts'
import type { BusModule } from './bus/bus.ts'
import type { BusTap } from './bus/bus-tap.ts'
import type { StoredMessage } from './bus/stored-message.ts'
import { WaysOut } from './bus/ways-out.ts'
import type { ClassRegistry } from './class-registry.ts'
import type { CallTracker } from './call-tracker.ts'
import { getAt } from './data-path.ts'
import type { Definition } from './definition.ts'
import { Devices } from './devices.ts'
import { Inputs } from './inputs.ts'
import type { ModuleInstance } from './module-instance.ts'
import { Outputs } from './outputs.ts'
import { copyPlain } from './plain-copy.ts'
import { isSameData } from './resources.ts'
import { StateHasher } from './state-hash.ts'
import { TaskBook } from './tasks/task-book.ts'

export interface ProgramOptions {
  readonly timeline: TimelineId
  readonly classes: ClassRegistry
  readonly call: CallTracker
  /** Told of each message as it is delivered. */
  readonly delivered: (topic: string) => void
  /** Who looks on at the bus. */
  readonly tap: () => BusTap | undefined
  /** Keeps what enters; `frame` is the one it enters in. */
  readonly record: (timeline: TimelineId, frame: FrameNumber, input: JournalInput) => void
}

/** Who a module is to the others. */
interface CastMember {
  readonly name: string
  readonly dependencies: Definition['dependencies']
  readonly subscribe: Definition['subscribe']
}

/** Where a program is in time, as plain data. */
export interface ProgramTime {
  readonly frame: number
  readonly isFrameOpen: boolean
  readonly seed: number
  readonly targetFps: number
  readonly baseFrame: number
  readonly baseSeconds: Seconds
  readonly view: ManifestView
}

/** One program on one timeline. Changed between frames by commits and edits, and by each frame. */
export class Program {
  readonly timeline: TimelineId
  readonly bus: Bus
  readonly devices = new Devices()
  readonly inputs = new Inputs()
  readonly outputs = new Outputs()
  readonly tasks = new TaskBook()
  frame: FrameNumber = frameNumber(0)
  /** The frame has begun: its inputs are in, its modules have not run. */
  isFrameOpen = false
  /** It is being computed again: what it takes in is known already, and nothing of it is told. */
  isComputed = false
  seed = 1
  targetFps = 60
  view: ManifestView = { width: 1280, height: 720, fit: 'contain' }
  /** The manifest whose commit was the newest; undefined before the first. */
  manifest: Manifest | undefined = undefined
  /** In manifest order. */
  modules: readonly ModuleInstance[] = []
  /** In the order in which they run. */
  order: readonly ModuleInstance[] = []
  /** Climbs with everything that changes a state: who computed something from states compares it. */
  stateRevision = 0
  /** Climbs with every change of versions and configuration. */
  versionsRevision = 0
  readonly #record: ProgramOptions['record']
  readonly #classes: ClassRegistry
  readonly #call: CallTracker
  readonly #byName = new Map<string, ModuleInstance>()
  #onBus: readonly BusModule[] = []
  #cast: readonly CastMember[] = []
  readonly #waysOut = new WaysOut()
  /** Engine time is counted from where the frame rate last changed. */
  #baseFrame = 0
  #baseSeconds: Seconds = 0

  constructor(options: ProgramOptions) {
    this.timeline = options.timeline
    this.#classes = options.classes
    this.#call = options.call
    this.#record = options.record
    this.bus = new Bus({
      classOf: (prototype) => options.classes.kindOf(prototype),
      tap: () => (this.isComputed ? undefined : options.tap()),
      onPublished: (message) => this.#letOut(message),
      onDelivered: (message) => {
        if (!this.isComputed) options.delivered(message.topic)
      },
    })
  }

  get moment(): Moment {
    return { timeline: this.timeline, frame: this.frame }
  }

  /** The frame that what comes now enters in. */
  get nextFrame(): FrameNumber {
    return this.isFrameOpen ? this.frame : frameNumber(this.frame + 1)
  }

  /** Keeps what entered, for replay. */
  record(input: JournalInput): void {
    if (!this.isComputed) this.#record(this.timeline, this.nextFrame, input)
  }

  /** The engine's own decision about a call of the present frame. */
  recordMissed(module: string): void {
    if (!this.isComputed) this.#record(this.timeline, this.frame, { kind: 'missed', module })
  }

  /** Where it is in time, for captures. */
  placeInTime(): ProgramTime {
    const { frame, isFrameOpen, seed, targetFps, view } = this
    return { frame, isFrameOpen, seed, targetFps, baseFrame: this.#baseFrame, baseSeconds: this.#baseSeconds, view }
  }

  /** Puts back what `placeInTime` gave. Before `setModules`: periods follow from it. */
  restoreTime(time: ProgramTime): void {
    this.frame = frameNumber(time.frame)
    this.isFrameOpen = time.isFrameOpen
    this.seed = time.seed
    this.targetFps = time.targetFps
    this.view = time.view
    this.#baseFrame = time.baseFrame
    this.#baseSeconds = time.baseSeconds
  }

  /** Seconds of engine time since frame 0. */
  get time(): Seconds {
    return this.#baseSeconds + (this.frame - this.#baseFrame) / this.targetFps
  }

  /** A change of rate counts from the present frame on. */
  setTargetFps(targetFps: number): void {
    if (targetFps === this.targetFps) return
    this.#baseSeconds = this.time
    this.#baseFrame = this.frame
    this.targetFps = targetFps
  }

  /** Undefined where there is none of that name. */
  module(name: string): ModuleInstance | undefined {
    return this.#byName.get(name)
  }

  /** Throws `unknown-module`. */
  requireModule(name: string): ModuleInstance {
    const module = this.#byName.get(name)
    if (module !== undefined) return module
    const names = this.modules.map((known) => known.name).join(', ')
    throw new CoppiceError(
      'unknown-module',
      `There is no module "${name}".${names === '' ? ' No module runs.' : ` Modules: ${names}.`}`,
    )
  }

  /** The modules from now on, in manifest order and in the order they run; joins them to bus, devices, outputs and tasks. */
  setModules(modules: readonly ModuleInstance[], order: readonly ModuleInstance[]): void {
    const cast = modules.map(({ name, definition: { dependencies, subscribe } }) => ({ name, dependencies, subscribe }))
    const isSameCast =
      hasSameItems(modules, this.modules) && hasSameItems(order, this.order) && isSameData(cast, this.#cast)
    // Most reloads change what modules do, not who they are to each other: those join nothing anew.
    if (!isSameCast) this.#join(modules, cast)
    this.modules = modules
    this.order = order
    for (const module of modules) {
      module.isExposedStale = true
      module.period = periodOf(module, this.targetFps)
      module.context.dt = module.period / this.targetFps
    }
    this.stateRevision++
    this.versionsRevision++
  }

  /** Sets the current call's moment to the program's. */
  placeCall(): void {
    this.#call.timeline = this.timeline
    this.#call.frame = this.frame
    this.#call.timeSeconds = this.time
    this.#call.seed = this.seed
  }

  /** Reads a state where it stands: a getter in it is the module's code too (ML9). Throws `unknown-module`. */
  read<Result>(name: string, body: (state: unknown) => Result): Result {
    const { seen } = this.requireModule(name)
    return this.#call.within(name, 'capture', () => body(seen))
  }

  /** Of everything that determines the future but the devices: 16 hexadecimal digits. Cost grows with the state. */
  hash(): string {
    const hasher = this.#hasher()
    hasher.add(this.frame)
    hasher.add(this.seed)
    hasher.add(this.targetFps)
    for (const module of this.modules) {
      hasher.add(module.name)
      this.read(module.name, (state) => hasher.add(state))
      hasher.add(module.config)
      const snapshot = module.snapshot()
      if (snapshot !== undefined) hasher.add(snapshot.data)
    }
    hasher.add(this.bus.contents())
    if (!this.tasks.isEmpty) hasher.add(this.tasks.hashed())
    return hasher.digest()
  }

  /** A message leaves by each socket that lets its topic out (MB5). */
  #letOut({ topic, data, from }: StoredMessage): void {
    if (from === undefined || this.manifest?.sockets === undefined) return
    for (const socket of this.#waysOut.of(topic, this.manifest.sockets))
      this.outputs.add(from, { kind: 'socket', module: from, socket, topic, data })
  }

  /** Of what stands at a path in a module's state: equal for equal values, whoever computed them. Throws `unknown-module`, `invalid-path`. */
  hashOf(name: string, path: DataPath): string {
    const hasher = this.#hasher()
    this.read(name, (state) => hasher.add(getAt(state, path)))
    return hasher.digest()
  }

  #hasher(): StateHasher {
    return new StateHasher((prototype) => this.#classes.nameOf(prototype) ?? constructorName(prototype))
  }

  /** Before `modules` takes the place of what was there. */
  #join(modules: readonly ModuleInstance[], cast: readonly CastMember[]): void {
    for (const gone of this.modules) {
      if (!modules.includes(gone)) this.devices.removeView(gone.name)
    }
    this.#byName.clear()
    const depended = new Set(cast.flatMap(({ dependencies }) => dependencies))
    const onBus = cast.map(({ name, subscribe }) => ({ name, subscriptions: subscribe }))
    // What is queued is looked through when subscriptions change: only then.
    if (!isSameData(onBus, this.#onBus)) {
      this.bus.setModules(onBus)
      this.#onBus = onBus
    }
    this.tasks.setModules(cast.map(({ name }) => name))
    for (const [index, module] of modules.entries()) {
      const { name } = module
      this.#byName.set(name, module)
      module.index = index
      module.hasDependents = depended.has(name)
      module.context.connect({
        bus: this.bus.port(name),
        input: this.devices.view(name),
        outputs: this.outputs,
        tasks: this.tasks.port(name),
      })
    }
    for (const module of modules) module.context.deps = this.#depsOf(module)
    this.#cast = cast
  }

  /** An object whose fields are read when the module reads them: a copy each, made once per frame. */
  #depsOf(module: ModuleInstance): Readonly<Record<string, unknown>> {
    const deps = {}
    for (const name of module.definition.dependencies) {
      let copy: unknown
      let copiedFrom: unknown
      let copiedFrame = -1
      Object.defineProperty(deps, name, {
        enumerable: true,
        get: () => {
          const exposed = this.#byName.get(name)?.exposed
          if (typeof exposed !== 'object' || exposed === null) return exposed
          if (copiedFrame !== this.frame || copiedFrom !== exposed) {
            copy = copyPlain(exposed, { root: `deps.${name}`, classOf: (prototype) => this.#classes.kindOf(prototype) })
            copiedFrom = exposed
            copiedFrame = this.frame
          }
          return copy
        },
      })
    }
    return deps
  }
}

/** Frames between two calls, from the module's `hz`; at least 1. */
function periodOf(module: ModuleInstance, targetFps: number): number {
  const { hz } = module.manifest
  return hz === undefined ? 1 : Math.max(1, Math.round(targetFps / hz))
}

function hasSameItems<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index])
}

function constructorName(prototype: object): string {
  const constructor: unknown = Reflect.get(prototype, 'constructor')
  return typeof constructor === 'function' ? constructor.name : ''
}
