// Modules that are `threaded` or `pool`: which of them can be called in another thread now, and their calls there. A module can be called
// in the engine's thread at any time, with the same result: that is what happens until its seat is ready, where there are no
// threads, and where something of it can't be handed over.
//
//   commit ─ sync ─► seat: prepare ─► ready           begin: state (where it is here), call ──► thread
//                      ▲                              end: waits ◄── report: what it did, done here on its behalf;  state: stays there
//                      └── another one ◄── thread gone ◄──┘

import type { Manifest } from '../../protocol/manifest.ts'
import type { CallReport } from '../../protocol/module-host.ts'
import type { ContentHash, SourceError } from '../../protocol/values.ts'
import { CaptureMemory } from '../capture/capture-memory.ts'
import type { CaptureClasses } from '../capture/class-names.ts'
import type { RestoreClasses } from '../capture/graph-unpacker.ts'
import { ValueReader, ValueWriter } from '../capture/shared-value.ts'
import type { Mailbox } from '../bus/mailbox.ts'
import type { CodeBase } from '../code-base.ts'
import type { EngineCore } from '../engine-core.ts'
import type { GuiltyModule } from '../../protocol/journal.ts'
import type { AwayEnd, ModuleHosts } from '../frame.ts'
import type { ModuleSeat, ModuleThreads, SeatEnd } from '../host.ts'
import { modulePartName } from '../journal/program-parts.ts'
import { asAwayState } from '../module-instance.ts'
import type { AwayState, ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { FoundElsewhere, messageOf } from '../reload-failure.ts'
import type { Resources } from '../resources.ts'
import { callData } from './call-data.ts'

interface HostedModulesOptions {
  readonly threads: ModuleThreads | undefined
  readonly code: CodeBase
  readonly classes: CaptureClasses & RestoreClasses
  /** A line of the module's log, at its place in the source. */
  readonly write: (module: string, line: CallReport['lines'][number]) => void
  /** A share of a state was looked at in its thread: what it holds and may not; undefined: a whole round found nothing. */
  readonly stateRefused: (module: ModuleInstance, refusal: string | undefined) => void
  /** Where a module runs has changed. */
  readonly changed: () => void
  /** Modules run at the same time from here on … */
  readonly scattered: () => void
  /** … and no more. */
  readonly gathered: (program: Program) => void
}

/** Of calls and states that go to one seat, and of what comes back. Not taken before it is written to. */
const memoryBytes = 32 * 2 ** 20

/** Threads lost in a row, after which a module stays in the engine's; so many good calls make up for all of them. */
const lossLimit = 3
const goodCalls = 600

interface Seated {
  readonly strategy: 'threaded' | 'pool'
  seat: ModuleSeat
  readonly memory: CaptureMemory
  readonly calls: ValueWriter
  readonly states: ValueWriter
  /** Whom it is prepared for. */
  module: ModuleInstance
  entry: ContentHash
  resources: Resources
  math: Manifest['math']
  /** Undefined: it is not ready. */
  reader: ValueReader | undefined
  /** Why its module runs in the engine's thread. */
  refusal: string | undefined
  /** What it was told last. */
  config: unknown
  devicesRevision: number
  /** What its thread has a copy of, as it was after the last call. */
  mirrored: Mailbox | undefined
  /** Threads lost with this code, and calls that ended well since. */
  losses: number
  callsSinceLoss: number
}

/** Of an engine, whose log and problems tell of them. */
export function createHostedModules(core: EngineCore): HostedModules {
  return new HostedModules({
    threads: core.host.moduleThreads,
    code: core.code,
    classes: core.history.classes,
    write: (module, { level, text, position }) => core.append(module, level, text, position),
    stateRefused: (module, message) => core.faults.stateRefused(module, message),
    changed: () => core.reporter.modulesChanged(),
    scattered: () => core.logBook.hold(),
    gathered: ({ order }) => core.logBook.release(order),
  })
}

/** The modules of one engine that have a seat in another thread. */
export class HostedModules implements ModuleHosts {
  readonly #options: HostedModulesOptions
  readonly #seats = new Map<string, Seated>()
  #program: Program | undefined
  #ending: { readonly module: ModuleInstance; readonly entry: ContentHash; readonly error: SourceError }[] = []

  constructor(options: HostedModulesOptions) {
    this.#options = options
  }

  /** Code, resources or the program itself are other ones: between two frames. */
  sync(program: Program): void {
    // States of a program that is left stay with it.
    if (this.#program !== program) for (const module of this.#program?.modules ?? []) bringHome(module)
    this.#program = program
    for (const [name, seated] of this.#seats) {
      if (program.module(name)?.manifest.strategy !== seated.strategy) this.#close(name, seated)
    }
    for (const module of program.modules) this.#prepare(module)
  }

  /** Why a module that should run in another thread does not; undefined: it does, or need not. */
  noteOf({ name, manifest: { strategy } }: ModuleInstance): string | undefined {
    if (strategy === 'sequential') return undefined
    if (this.#options.threads === undefined) return 'memory can not be shared with other threads here'
    const seated = this.#seats.get(name)
    return seated?.refusal ?? (seated?.reader === undefined ? 'its thread is being prepared' : undefined)
  }

  begin(module: ModuleInstance, program: Program): boolean {
    const seated = this.#seats.get(module.name)
    if (seated?.reader === undefined || seated.refusal !== undefined || seated.module !== module) return false
    try {
      const state = module.isAway ? undefined : this.#written(seated.states, handed(module))
      const devices = program.devices.revision
      const isConfigNew = seated.config !== module.config
      const areDevicesNew = seated.devicesRevision !== devices
      const { mailbox } = program.bus.port(module.name)
      const told = { config: isConfigNew, devices: areDevicesNew, queue: seated.mirrored !== mailbox }
      seated.mirrored = undefined
      const call = this.#written(seated.calls, callData(module, program, told))
      seated.config = module.config
      seated.devicesRevision = devices
      seated.seat.call(call, state)
      this.#options.scattered()
      return true
    } catch (error) {
      this.#refuse(seated, messageOf(error))
      return false
    }
  }

  end(module: ModuleInstance, program: Program): AwayEnd {
    const seated = this.#seats.get(module.name)
    if (seated?.reader === undefined) return { kind: 'unable' }
    const { reader } = seated
    const places = seated.seat.wait()
    if (places.kind === 'gone') return this.#gone(seated, places)
    let report: CallReport
    try {
      report = asReport(reader.read(places.report))
    } catch (error) {
      report = { kind: 'unable', message: messageOf(error), ms: 0, lines: [] }
    }
    for (const line of report.lines) this.#options.write(module.name, line)
    if (report.kind === 'ended') return this.#ended(seated, program, report, places.state)
    // What its thread has is that of a call that does not count.
    void module.state
    if (report.kind === 'threw') return { kind: 'threw', ms: report.ms, error: new FoundElsewhere(report.error) }
    this.#refuse(seated, report.message)
    return { kind: 'unable' }
  }

  isBehind(module: ModuleInstance, other: ModuleInstance): boolean {
    const [seated, ahead] = [this.#seats.get(module.name), this.#seats.get(other.name)]
    return seated !== undefined && ahead !== undefined && seated.seat.sharesThread(ahead.seat)
  }

  gathered(program: Program): void {
    this.#options.gathered(program)
  }

  /** Modules of the program whose newest call ended its thread, and that are to be stopped for it: told once. */
  takeGuilty(program: Program): readonly GuiltyModule[] {
    if (this.#ending.length === 0) return []
    const ending = this.#ending
    this.#ending = []
    return ending
      .filter(({ module, entry }) => program.module(module.name) === module && module.entry === entry)
      .map(({ module: { name }, error }) => ({ module: name, phase: 'process', error }))
  }

  dispose(): void {
    for (const [name, seated] of this.#seats) this.#close(name, seated)
    this.#options.threads?.dispose()
  }

  /** In the frame: the call is made here where it had not begun, and else does not count. */
  #gone(seated: Seated, { isWithin, message }: Extract<SeatEnd, { kind: 'gone' }>): AwayEnd {
    const { module } = seated
    const { entry } = module
    // As its last good call left it: that stays in memory.
    void module.state
    seated.reader = undefined
    if (!isWithin) return { kind: 'unable' }
    const error = { message: `its thread ended within the call: ${message}`, file: module.manifest.path }
    this.#ending.push({ module, entry, error })
    return { kind: 'threw', ms: 0, error: new FoundElsewhere(error) }
  }

  /** Between two frames: the module goes on in another thread, unless that goes on and on. */
  #lost(seated: Seated, message: string): void {
    const { threads, write } = this.#options
    const { module, strategy, seat } = seated
    if (threads === undefined) return
    bringHome(module)
    seat.close()
    seated.losses = seated.callsSinceLoss < goodCalls ? seated.losses + 1 : 1
    seated.callsSinceLoss = 0
    seated.reader = undefined
    if (seated.losses > lossLimit) {
      this.#refuse(seated, `its threads ended, ${String(seated.losses)} in a row, the last one: ${message}`)
      return
    }
    const text = `Its thread is gone (${message}). Another one is started; until then it runs in the engine's. Its state is what it was.`
    write(module.name, { level: 'warning', text, position: undefined })
    seated.seat = threads.open(strategy)
    this.#order(seated)
  }

  #ended(seated: Seated, program: Program, report: Extract<CallReport, { kind: 'ended' }>, state: number): AwayEnd {
    const { module, reader } = seated
    const { ms, exposed } = report
    seated.callsSinceLoss++
    try {
      for (const action of report.actions) module.context.repeat(action)
    } catch (error) {
      void module.state
      return { kind: 'threw', ms, error }
    }
    const { mailbox } = program.bus.port(module.name)
    mailbox.follow()
    seated.mirrored = mailbox
    // What dependents see is in it, unless `expose` threw.
    const isWhole = exposed === undefined || 'value' in exposed
    const packed = reader === undefined || !isWhole ? undefined : { views: reader.views, offset: state }
    module.wentAway(() => asAwayState(reader?.read(state)), packed)
    if (report.refusal !== undefined || report.isRoundDone) this.#options.stateRefused(module, report.refusal)
    if (exposed !== undefined && 'error' in exposed)
      return { kind: 'ended', ms, expose: { error: new FoundElsewhere(exposed.error) } }
    if (exposed !== undefined) {
      module.exposed = exposed.value
      module.isExposedStale = false
    }
    return { kind: 'ended', ms, expose: { error: undefined } }
  }

  #prepare(module: ModuleInstance): void {
    const { threads, code } = this.#options
    const { name, entry, resources } = module
    const { strategy } = module.manifest
    if (strategy === 'sequential' || threads === undefined) return
    const present = this.#seats.get(name)
    const { math } = code
    const hasSetup = module.definition.setup !== undefined
    if (present?.entry === entry && present.math === math && (!hasSetup || present.resources === resources)) {
      if (present.module === module) return
      // Another instance of the same code, which holds its state itself.
      present.module = module
      present.config = undefined
      return
    }
    const seated = present ?? this.#open(threads, strategy, module)
    // One whose threads were lost too often has none.
    if (seated.losses > lossLimit) seated.seat = threads.open(strategy)
    Object.assign(seated, { module, entry, resources, math, losses: 0, callsSinceLoss: 0 })
    this.#order(seated)
  }

  /** Has its seat made ready for what the module is now. */
  #order(seated: Seated): void {
    const { code } = this.#options
    const { module, entry, math } = seated
    seated.reader = undefined
    seated.refusal = undefined
    seated.config = undefined
    seated.devicesRevision = -1
    seated.mirrored = undefined
    // The thread's own will be another one.
    void module.state
    try {
      const hasSetup = module.definition.setup !== undefined
      const state = hasSetup ? this.#written(seated.states, { state: module.seen }) : 0
      const order = {
        module: module.manifest,
        entry,
        math,
        config: module.config,
        memory: sharedOf(seated.memory),
        part: modulePartName(module.name),
        state,
      }
      seated.seat.prepare(order, {
        texts: () => code.textsOf(entry),
        ready: (memory) => {
          seated.reader = new ValueReader(memory, this.#options.classes)
          this.#options.changed()
        },
        failed: (message) => this.#refuse(seated, message),
        lost: (message) => this.#lost(seated, message),
      })
    } catch (error) {
      this.#refuse(seated, messageOf(error))
    }
  }

  #open(threads: ModuleThreads, strategy: 'threaded' | 'pool', module: ModuleInstance): Seated {
    const memory = new CaptureMemory(memoryBytes)
    const { classes, code } = this.#options
    const seated: Seated = {
      strategy,
      seat: threads.open(strategy),
      memory,
      calls: new ValueWriter(memory, classes),
      states: new ValueWriter(memory, classes),
      module,
      entry: module.entry,
      resources: module.resources,
      math: code.math,
      reader: undefined,
      refusal: undefined,
      config: undefined,
      devicesRevision: -1,
      mirrored: undefined,
      losses: 0,
      callsSinceLoss: 0,
    }
    this.#seats.set(module.name, seated)
    return seated
  }

  #close(name: string, seated: Seated): void {
    bringHome(seated.module)
    seated.seat.close()
    this.#seats.delete(name)
  }

  #refuse(seated: Seated, refusal: string): void {
    seated.refusal = refusal
    this.#options.changed()
  }

  #written(writer: ValueWriter, value: unknown): number {
    const place = writer.write(value)
    if (place === undefined) throw new Error(`what it needs does not fit into ${String(memoryBytes / 2 ** 20)} MB`)
    return place
  }
}

/** Its state must not go with its thread. */
function bringHome(module: ModuleInstance): void {
  try {
    void module.state
  } catch {
    // Its code, and the classes of its state with it, left the program: so has the state.
  }
}

/** What a module has here, for its thread. */
function handed(module: ModuleInstance): AwayState {
  const snapshot = module.snapshot()
  return snapshot === undefined ? { state: module.seen } : { state: module.seen, snapshot: snapshot.data }
}

function sharedOf({ buffer }: CaptureMemory): SharedArrayBuffer {
  if (buffer instanceof SharedArrayBuffer) return buffer
  throw new Error('memory can not be shared here')
}

// Written by our own code in the other thread: that they are the ones meant is all that is looked at.

function asReport(value: unknown): CallReport {
  if (isReport(value)) return value
  throw new TypeError('its thread gave no report')
}

function isReport(value: unknown): value is CallReport {
  return typeof value === 'object' && value !== null && 'kind' in value && 'ms' in value
}
