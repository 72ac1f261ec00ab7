// Captures a program at the start of each frame, once its inputs are in (HS1, FL1), and gives back what was captured. A record always
// names the parts that are not of its moment: those over the budget, which are captured every k-th frame, and those refused.

import type { FoundRecord, RestoredPart } from '../capture/capture-reader.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import { CaptureStore } from '../capture/capture-store.ts'
import type { CaptureClasses } from '../capture/class-names.ts'
import type { WatchedArray } from '../capture/pack-pass.ts'
import type { RestoreClasses } from '../capture/graph-unpacker.ts'
import type { Moment } from '../../protocol/values.ts'
import type { Bus } from '../bus/bus.ts'
import type { Devices } from '../devices.ts'
import type { Clock, Pulse } from '../host.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import type { TaskBook } from '../tasks/task-book.ts'
import { messageOf } from '../reload-failure.ts'
import { CapturePacing } from './capture-pacing.ts'
import {
  isModulePart,
  isProgramPart,
  isVersionsPart,
  ModuleGroup,
  modulePart,
  modulePartName,
  ofGroup,
  partNames,
  programPart,
  readProgram,
  versionsPart,
} from './program-parts.ts'
import type { ModulePart, RestoredProgram, VersionsPart } from './program-parts.ts'
import { ProgramWatch } from './program-watch.ts'

export interface FrameCaptureOptions {
  readonly clock: Clock
  readonly classes: CaptureClasses & RestoreClasses
  /** Default 64 MB. */
  readonly byteLimit?: number | undefined
  /** Default true: other threads may read them, where the platform allows it. */
  readonly isShared?: boolean
  /** Share of the frame's time for all captures; default 0.05. */
  readonly budgetShare?: number | undefined
  readonly pulse: Pulse | undefined
  /** Of the newest journal entry. */
  readonly sequence: () => number
  /** What the module's `snapshot` gives; undefined where it has none. */
  readonly snapshotOf: (module: ModuleInstance) => { readonly data: unknown } | undefined
  /** The module can't be captured: why, with the path. */
  readonly refused: (module: ModuleInstance, message: string) => void
  /** Whether there is room for the module's state has changed: `hasNoRoom` of it. */
  readonly roomChanged: (module: ModuleInstance) => void
}

const budgetShare = 0.05
/** A part of less than so many words is small. */
const smallWords = 128

/** A module and the name of its part. */
interface ModuleCapture {
  readonly module: ModuleInstance
  readonly part: string
}

/** The captures of one engine's programs. */
export class FrameCapture {
  readonly store: CaptureStore
  readonly #options: FrameCaptureOptions
  readonly #reader: CaptureReader
  readonly #pacing: CapturePacing
  #last: Moment | undefined
  #lastComplete: Moment | undefined
  #lastSequence = -1
  #stale: readonly string[] = []
  #bus: { readonly of: Bus; readonly revision: number } | undefined
  #devices: { readonly of: Devices; readonly revision: number } | undefined
  #tasks: { readonly of: TaskBook; readonly revision: number } | undefined
  #versions: { readonly of: Program; readonly revision: number } | undefined
  readonly #watch = new ProgramWatch()
  /** In the order of the program's modules, which they were made for. */
  #parts: readonly ModuleCapture[] = []
  #partsOf: readonly ModuleInstance[] | undefined
  #names: readonly string[] = []
  /** Modules that share a part: one of its own costs more than their states. */
  readonly #small = new Set<string>()
  /** Modules whose state was not stored for want of room when it was captured last. */
  readonly #withoutRoom = new Set<string>()
  readonly #group = new ModuleGroup()
  /** Modules in it; kept for its room. */
  readonly #grouped: ModuleInstance[] = []
  readonly #watchedGroup: WatchedArray | undefined

  constructor(options: FrameCaptureOptions) {
    this.#options = options
    const { classes, byteLimit, isShared = true } = options
    this.store = new CaptureStore({ classes, isShared, ...(byteLimit === undefined ? {} : { byteLimit }) })
    this.#reader = new CaptureReader(this.store.buffer, classes)
    this.#pacing = new CapturePacing(options.budgetShare ?? budgetShare)
    const { pulse } = options
    const { names } = this.#group
    const { states } = this.#group.part
    if (pulse !== undefined) {
      const enter = (index: number): void => {
        if (index < names.length) pulse.enter(names[index] ?? '', 'capture')
        else pulse.leave()
      }
      this.#watchedGroup = { array: states, enter }
    }
  }

  /** The newest moment all of which was captured; it may have been dropped. */
  get lastComplete(): Moment | undefined {
    return this.#lastComplete
  }

  /** Frames from one capture of the module to the next; 1: every frame. */
  periodOf(module: string): number {
    return this.#pacing.periodOf(this.#small.has(module) ? partNames.group : modulePartName(module))
  }

  /** At the start of a frame; or, once, of a program at frame 0. */
  capture(program: Program): void {
    const { manifest, moment } = program
    if (manifest === undefined) return
    const { clock } = this.#options
    // Parts are shared with the record before where that is of the frame before; else all are captured.
    const isNext = this.#last?.timeline === moment.timeline && this.#last.frame === moment.frame - 1
    this.#stale = []
    const stale: string[] = []
    const { store } = this
    store.begin(moment)
    this.#putUnlessSame(program, isNext, stale)
    let before = clock.now()
    const measured = (part: string): void => {
      const after = clock.now()
      this.#pacing.measured(part, after - before)
      before = after
    }
    const isLeftOut = (part: string): boolean => {
      const period = isNext ? this.#pacing.periodOf(part) : 1
      if (period === 1 || moment.frame % period === 0 || !store.keep(part)) return false
      stale.push(part)
      return true
    }
    const grouped = this.#grouped
    let groupedCount = 0
    for (const { module, part } of this.#partsFor(program)) {
      if (this.#small.has(module.name)) {
        grouped[groupedCount++] = module
        continue
      }
      if (isLeftOut(part)) continue
      if (!this.#putModule(module, part)) {
        store.keep(part)
        stale.push(part)
      }
      if (this.#small.has(module.name)) before = clock.now()
      else measured(part)
    }
    if (grouped.length !== groupedCount) grouped.length = groupedCount
    if (groupedCount > 0 && !isLeftOut(partNames.group)) {
      if (this.#putGroup(grouped)) measured(partNames.group)
      else stale.push(partNames.group)
    }
    this.#lastSequence = this.#options.sequence()
    const isStored = this.#putProgram(program, isNext, stale) && store.end()
    this.#last = isStored ? moment : undefined
    if (isStored && stale.length === 0) this.#lastComplete = moment
    this.#stale = stale
    if (!isStored) store.abandon()
    this.#pacing.frameEnded(1000 / program.targetFps)
  }

  /** Modules that left are captured no more. */
  setModules(names: readonly string[]): void {
    for (const name of this.#names) {
      if (names.includes(name)) continue
      this.store.forgetPart(modulePartName(name))
      this.#pacing.forget(modulePartName(name))
      this.#small.delete(name)
      this.#withoutRoom.delete(name)
    }
    this.#names = names
  }

  /** The module as it was at the start of the present frame; undefined where it was not captured then. */
  atStart(program: Program, module: string): ModulePart | undefined {
    const { moment } = program
    if (this.#last?.timeline !== moment.timeline || this.#last.frame !== moment.frame) return undefined
    const found = this.#reader.newest()
    for (const part of [modulePartName(module), partNames.group]) {
      if (found === undefined || this.#stale.includes(part)) continue
      const value = this.#reader.read(found, [part])?.[0]?.value
      const own = isModulePart(value) ? value : ofGroup(value, module)
      if (own !== undefined) return own
    }
    return undefined
  }

  /** The newest record at or before that moment all of whose parts are of one moment, and holds no entry after `sequence`. */
  completeUpTo(moment: Moment, sequence = Infinity): FoundRecord | undefined {
    return completeRecordUpTo(this.#reader, moment, sequence)
  }

  /** The oldest record from that moment on all of whose parts are of one moment, and that holds all entries up to `sequence`. */
  completeFrom({ timeline, frame }: Moment, sequence: number): FoundRecord | undefined {
    return this.#reader.records().find((record) => {
      if (record.moment.timeline !== timeline || record.moment.frame < frame) return false
      const part = this.#reader.read(record, [partNames.program])?.[0]?.value
      return isProgramPart(part) && part.stale === undefined && part.sequence >= sequence
    })
  }

  /** Of the newest journal entry that is in a record. */
  sequenceOf(found: FoundRecord): number {
    return sequenceOf(this.#reader, found)
  }

  /** What code a record runs; undefined where it has been dropped. */
  versions(found: FoundRecord): VersionsPart | undefined {
    const value = this.#reader.read(found, [partNames.versions])?.[0]?.value
    return isVersionsPart(value) ? value : undefined
  }

  /** A fresh copy at each call; undefined where it has been dropped. */
  read(found: FoundRecord): RestoredProgram | undefined {
    const parts = this.#reader.read(found)
    return parts === undefined ? undefined : readProgram(parts, found.moment.frame)
  }

  /** The record of exactly that moment. */
  find({ timeline, frame }: Moment): FoundRecord | undefined {
    return this.#reader
      .records()
      .findLast((record) => record.moment.timeline === timeline && record.moment.frame === frame)
  }

  /** A complete record of another engine's captures stands here too. False where there is no room. */
  adopt(moment: Moment, parts: readonly RestoredPart[]): boolean {
    const { store } = this
    store.begin(moment)
    if (parts.every(({ name, value }) => store.put(name, value)) && store.end()) return true
    store.abandon()
    return false
  }

  /** The future of a timeline behind a moment is another now. */
  dropAfter(moment: Moment): void {
    this.store.dropAfter(moment)
    this.#last = undefined
    if (this.#lastComplete?.timeline === moment.timeline && this.#lastComplete.frame > moment.frame)
      this.#lastComplete = this.completeUpTo(moment)?.moment
  }

  #partsFor({ modules }: Program): readonly ModuleCapture[] {
    if (this.#partsOf !== modules) {
      this.#partsOf = modules
      this.#parts = modules.map((module) => ({ module, part: modulePartName(module.name) }))
    }
    return this.#parts
  }

  #putProgram(program: Program, isNext: boolean, stale: readonly string[]): boolean {
    const { store } = this
    const isSame = this.#watch.isUnchanged(program, this.#lastSequence, stale.length > 0) && isNext
    if (isSame && store.keep(partNames.program)) return true
    return store.put(partNames.program, programPart(program, this.#lastSequence, stale))
  }

  #putUnlessSame(program: Program, isNext: boolean, stale: string[]): void {
    const { bus, devices } = program
    const { store } = this
    const isBusSame = isNext && this.#bus?.of === bus && this.#bus.revision === bus.revision
    if (!isBusSame || !store.keep(partNames.bus)) this.#putBus(bus, isNext, program, stale)
    const areDevicesSame = isNext && this.#devices?.of === devices && this.#devices.revision === devices.revision
    if (!areDevicesSame || !store.keep(partNames.devices)) {
      this.#devices = { of: devices, revision: devices.revision }
      if (!store.put(partNames.devices, devices.contents())) stale.push(partNames.devices)
    }
    this.#putTasks(program.tasks, isNext, stale)
    const isSameCode = isNext && this.#versions?.of === program && this.#versions.revision === program.versionsRevision
    if (isSameCode && store.keep(partNames.versions)) return
    this.#versions = { of: program, revision: program.versionsRevision }
    if (program.manifest !== undefined) store.put(partNames.versions, versionsPart(program, program.manifest))
  }

  #putTasks(tasks: TaskBook, isNext: boolean, stale: string[]): void {
    if (tasks.isEmpty) return
    const isSame = isNext && this.#tasks?.of === tasks && this.#tasks.revision === tasks.revision
    if (isSame && this.store.keep(partNames.tasks)) return
    this.#tasks = { of: tasks, revision: tasks.revision }
    if (!this.store.put(partNames.tasks, tasks.contents())) stale.push(partNames.tasks)
  }

  /** Queues may be long: within the budget like the states. */
  #putBus(bus: Bus, isNext: boolean, { frame }: Program, stale: string[]): void {
    const period = isNext ? this.#pacing.periodOf(partNames.bus) : 1
    if (period > 1 && frame % period !== 0 && this.store.keep(partNames.bus)) {
      stale.push(partNames.bus)
      return
    }
    const { clock } = this.#options
    const before = clock.now()
    if (this.store.put(partNames.bus, bus.contents())) this.#bus = { of: bus, revision: bus.revision }
    else {
      this.#bus = undefined
      stale.push(partNames.bus)
    }
    this.#pacing.measured(partNames.bus, clock.now() - before)
  }

  /** False where there is no room, or one of them holds what it may not: then each has a part of its own from the next frame on. */
  #putGroup(modules: readonly ModuleInstance[]): boolean {
    try {
      const isStored = this.store.put(partNames.group, this.#group.of(modules), this.#watchedGroup)
      if (!isStored || this.store.lastWords > smallWords * (modules.length + 1)) this.#small.clear()
      return isStored
    } catch {
      this.#options.pulse?.leave()
      this.#small.clear()
      return false
    }
  }

  /** From the next frame on it is captured with the others that are small. */
  #join(module: string, part: string): void {
    this.#small.add(module)
    this.store.forgetPart(part)
    this.#pacing.forget(part)
  }

  /** Tells where that there is room, or none, is new. */
  #roomFor(module: ModuleInstance, isStored: boolean): boolean {
    module.hasNoRoom = !isStored
    if (this.#withoutRoom.has(module.name) === isStored) {
      if (isStored) this.#withoutRoom.delete(module.name)
      else this.#withoutRoom.add(module.name)
      this.#options.roomChanged(module)
    }
    return isStored
  }

  /** False where there is no room, or the state holds what it may not: told of. */
  #putModule(module: ModuleInstance, part: string): boolean {
    const { pulse } = this.#options
    try {
      const { packed } = module
      if (packed !== undefined) return this.#roomFor(module, this.store.putPacked(part, packed))
      const snapshot = this.#options.snapshotOf(module)
      // A getter in the state is a module's code too.
      pulse?.enter(module.name, 'capture')
      const isStored = this.#roomFor(module, this.store.put(part, modulePart(module, snapshot)))
      if (isStored && snapshot === undefined && this.store.lastWords < smallWords) this.#join(module.name, part)
      return isStored
    } catch (error) {
      this.#options.refused(module, messageOf(error).replace(/^state\.(state|exposed|snapshot)/, '$1'))
      return false
    } finally {
      pulse?.leave()
    }
  }
}

/** As `FrameCapture.sequenceOf`, from any reader. */
export function sequenceOf(reader: CaptureReader, found: FoundRecord): number {
  const value = reader.read(found, [partNames.program])?.[0]?.value
  return isProgramPart(value) ? value.sequence : 0
}

/** As `FrameCapture.completeUpTo`, from any reader. */
export function completeRecordUpTo(reader: CaptureReader, moment: Moment, sequence: number): FoundRecord | undefined {
  return reader.records().findLast((record) => {
    if (record.moment.timeline !== moment.timeline || record.moment.frame > moment.frame) return false
    const part = reader.read(record, [partNames.program])?.[0]?.value
    return isProgramPart(part) && part.stale === undefined && part.sequence <= sequence
  })
}
