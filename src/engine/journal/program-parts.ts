// What a capture of a program is made of: which parts it has, how they are taken from a running program, and how a program gets
// them back. Written frame by frame by frame-capture.ts, read by simulation.ts in any thread.
//
//   program   where it is in time, what waits, missed calls; `stale`: parts of this record that are older than its frame
//   versions  manifest, entry hashes, live configuration     bus, devices, tasks   their contents (tasks: where there are)
//   module:<name>   state, what dependents see, snapshot of resources     group   those of all modules whose states are small

import type { Manifest, ManifestModule } from '../../protocol/manifest.ts'
import type { ContentHash } from '../../protocol/values.ts'
import type { Bus, BusContents } from '../bus/bus.ts'
import type { RestoredPart } from '../capture/capture-reader.ts'
import type { Config } from '../config-layers.ts'
import { isRecord } from '../definition.ts'
import type { DevicesContents } from '../devices.ts'
import type { InitStream } from '../init-profile.ts'
import type { WaitingInputs } from '../inputs.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program, ProgramTime } from '../program.ts'
import { isTaskBookContents } from '../tasks/task-book.ts'
import type { TaskBookContents } from '../tasks/task-book.ts'

export const partNames = {
  program: 'program',
  versions: 'versions',
  bus: 'bus',
  devices: 'devices',
  tasks: 'tasks',
  group: 'group',
} as const

/** Name of a module's part. */
export function modulePartName(module: string): string {
  return `module:${module}`
}

/**
 * Small, and the same from frame to frame where nothing but time goes on: frames are counted back from the record's own, and what
 * is the same in most programs is not in it.
 */
export interface ProgramPart extends Omit<ProgramTime, 'frame'> {
  readonly kind: 'program'
  /** Of the newest journal entry that is in this record. */
  readonly sequence: number
  /** Frames since the bus began one. */
  readonly busAge: number
  /** Engine time of that frame, where it can't be told from the rate. */
  readonly busTime?: number
  /** Frames since the last call of each module's view of the devices, in manifest order. */
  readonly callAges: readonly number[]
  readonly wheels?: readonly number[]
  readonly waiting?: WaitingInputs
  /** Names of parts that are not of this moment. */
  readonly stale?: readonly string[]
  /** Modules that missed frames, or whose dependents see something old. */
  readonly odd?: readonly ModuleCalls[]
}

interface ModuleCalls {
  readonly name: string
  readonly missedFrames: number
  readonly missedInRow: number
  readonly isParked: boolean
  readonly isExposedStale: boolean
}

/** Changes with commits and configuration only. */
export interface VersionsPart {
  readonly kind: 'versions'
  readonly manifest: Manifest
  /** In manifest order. */
  readonly modules: readonly ModuleVersion[]
  /** Names, in the order they run. */
  readonly order: readonly string[]
}

/** Which code a module runs, and what its configuration was live. */
export interface ModuleVersion {
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  readonly live: Config
  /** Of the `init` its state is meant for. */
  readonly init: InitStream | undefined
  /** Entries it ran before, oldest first. */
  readonly past: readonly ContentHash[]
}

export interface ModulePart {
  readonly kind: 'module'
  readonly state: unknown
  readonly exposed: unknown
  /** Absent where the module's resources have none. */
  readonly snapshot?: unknown
}

/** Small modules, all in one part: the i-th has `states[i]` and `exposed[i]`, which may be missing where it is undefined. */
export interface GroupPart {
  readonly kind: 'group'
  /** As JSON: one text is captured more quickly than a list of them. */
  readonly names: string
  readonly states: readonly unknown[]
  readonly exposed: readonly unknown[]
}

/** A record, read. */
export interface RestoredProgram {
  readonly program: ProgramPart & { readonly frame: number }
  readonly versions: VersionsPart
  readonly bus: BusContents
  readonly devices: DevicesContents
  readonly tasks: TaskBookContents
  readonly modules: ReadonlyMap<string, ModulePart>
}

export function programPart(program: Program, sequence: number, stale: readonly string[]): ProgramPart {
  const { modules, bus, inputs } = program
  let hasWheels = false
  let odd: ModuleCalls[] | undefined
  const { frame, ...time } = program.placeInTime()
  const callAges: number[] = []
  for (const module of modules) {
    callAges.push(frame - module.context.lastCall)
    hasWheels ||= module.context.wheel !== 0
    if (isOddModule(module)) (odd ??= []).push(callsOf(module))
  }
  return {
    kind: 'program',
    sequence,
    busAge: frame - bus.frame,
    callAges,
    ...time,
    ...(isUsualTime(time, bus) ? {} : { busTime: bus.time }),
    ...(hasWheels ? { wheels: modules.map((module) => module.context.wheel) } : {}),
    ...(inputs.isEmpty ? {} : { waiting: inputs.contents() }),
    ...(stale.length > 0 ? { stale } : {}),
    ...(odd === undefined ? {} : { odd }),
  }
}

/** It missed frames, or its dependents see something old. */
export function isOddModule(module: ModuleInstance): boolean {
  return module.missedFrames > 0 || module.isParked || (module.hasDependents && module.isExposedStale)
}

/** The time of the bus can be told from its frame and the rate. */
export function isUsualTime(time: Omit<ProgramTime, 'frame'>, bus: Bus): boolean {
  return bus.time === timeOf(time, bus.frame)
}

/** As `Program.time` was at a frame of the present rate. */
function timeOf({ baseSeconds, baseFrame, targetFps }: Omit<ProgramTime, 'frame'>, frame: number): number {
  return baseSeconds + (frame - baseFrame) / targetFps
}

function callsOf({ name, missedFrames, missedInRow, isParked, isExposedStale }: ModuleInstance): ModuleCalls {
  return { name, missedFrames, missedInRow, isParked, isExposedStale }
}

export function versionsPart(program: Program, manifest: Manifest): VersionsPart {
  return {
    kind: 'versions',
    manifest,
    modules: program.modules.map((module) => ({
      manifest: module.manifest,
      entry: module.entry,
      live: module.layers.live,
      init: module.initStream,
      past: module.past,
    })),
    order: program.order.map((module) => module.name),
  }
}

/** `snapshot`: its resources', where they have one. */
export function modulePart(module: ModuleInstance, snapshot: { readonly data: unknown } | undefined): ModulePart {
  const { seen: state, exposed } = module
  return snapshot === undefined
    ? { kind: 'module', state, exposed }
    : { kind: 'module', state, exposed, snapshot: snapshot.data }
}

/** The part of modules whose resources have no `snapshot`: the same object at each capture, as what is known is captured quickly. */
export class ModuleGroup {
  readonly part: { -readonly [Key in keyof GroupPart]: GroupPart[Key] }
  readonly names: string[] = []
  readonly #states: unknown[] = []
  readonly #exposed: unknown[] = []

  constructor() {
    this.part = { kind: 'group', names: '[]', states: this.#states, exposed: this.#exposed }
  }

  /** The part of these modules as they are now. */
  of(modules: readonly ModuleInstance[]): GroupPart {
    const count = modules.length
    let exposing = 0
    let areNamesSame = this.names.length === count
    for (let index = 0; index < count; index++) {
      const module = modules[index]
      if (module === undefined) continue
      const { name } = module
      if (this.names[index] !== name) {
        this.names[index] = name
        areNamesSame = false
      }
      this.#states[index] = module.seen
      if (module.exposed === undefined) continue
      // Up to the last one that exposes something.
      while (exposing < index) this.#exposed[exposing++] = undefined
      this.#exposed[exposing++] = module.exposed
    }
    this.names.length = count
    this.#states.length = count
    this.#exposed.length = exposing
    if (!areNamesSame) this.part.names = JSON.stringify(this.names)
    return this.part
  }
}

/** A module's share of a group; undefined where it is not in it. */
export function ofGroup(part: unknown, module: string): ModulePart | undefined {
  if (!isGroupPart(part)) return undefined
  const names: unknown = JSON.parse(part.names)
  const index = Array.isArray(names) ? names.indexOf(module) : -1
  return index < 0 ? undefined : { kind: 'module', state: part.states[index], exposed: part.exposed[index] }
}

/** `frame`: the record's. Undefined where a part is missing. */
export function readProgram(parts: readonly RestoredPart[], frame: number): RestoredProgram | undefined {
  const byName = new Map(parts.map((part) => [part.name, part.value]))
  const program = byName.get(partNames.program)
  const versions = byName.get(partNames.versions)
  const bus = byName.get(partNames.bus)
  const devices = byName.get(partNames.devices)
  if (!isProgramPart(program) || !isVersionsPart(versions) || !isBusContents(bus) || !isDevicesContents(devices))
    return undefined
  const modules = new Map<string, ModulePart>()
  for (const { manifest } of versions.modules) {
    const own = byName.get(modulePartName(manifest.name))
    const part = isModulePart(own) ? own : ofGroup(byName.get(partNames.group), manifest.name)
    if (part !== undefined) modules.set(manifest.name, part)
  }
  const stored = byName.get(partNames.tasks)
  const tasks: TaskBookContents = isTaskBookContents(stored) ? stored : { kind: 'tasks', modules: [] }
  return { program: { ...program, frame }, versions, bus, devices, tasks, modules }
}

/** Puts time, devices, bus and the states of its modules back; the modules of `restored` are there by now. */
export function restoreProgram(
  program: Program,
  { program: part, bus, devices, tasks, modules }: RestoredProgram,
): void {
  const views = program.modules.map(
    ({ name }, index) => [name, part.frame - (part.callAges[index] ?? 0), part.wheels?.[index] ?? 0] as const,
  )
  const busFrame = part.frame - part.busAge
  program.devices.restore({ ...devices, frame: part.frame, views })
  program.bus.restore({ ...bus, frame: busFrame, time: part.busTime ?? timeOf(part, busFrame) })
  program.tasks.restore(tasks)
  program.inputs.restore(part.waiting ?? { next: [], later: [] })
  for (const module of program.modules) {
    const stored = modules.get(module.name)
    const calls = part.odd?.find(({ name }) => name === module.name)
    if (stored !== undefined) {
      module.state = stored.state
      module.exposed = stored.exposed
    }
    module.isExposedStale = calls?.isExposedStale ?? false
    module.missedFrames = calls?.missedFrames ?? 0
    module.missedInRow = calls?.missedInRow ?? 0
    module.isParked = calls?.isParked ?? false
  }
}

// Records are our own and of the format version the reader checked: that a part is the one meant is all that is looked at.

export function isProgramPart(value: unknown): value is ProgramPart {
  return isRecord(value) && value['kind'] === 'program'
}

export function isVersionsPart(value: unknown): value is VersionsPart {
  return isRecord(value) && value['kind'] === 'versions'
}

export function isModulePart(value: unknown): value is ModulePart {
  return isRecord(value) && value['kind'] === 'module'
}

function isGroupPart(value: unknown): value is GroupPart {
  return isRecord(value) && value['kind'] === 'group'
}

function isBusContents(value: unknown): value is BusContents {
  return isRecord(value) && Array.isArray(value['orphans'])
}

function isDevicesContents(value: unknown): value is DevicesContents {
  return isRecord(value) && Array.isArray(value['gamepads'])
}
