// What a capture of a program is made of: which parts it has, how they are taken from a running program, and how a program gets
// them back. Written frame by frame by frame-capture.ts, read by simulation.ts in any thread.
//
//   program   where it is in time, what waits, missed calls; `stale`: parts of this record that are older than its frame
//   versions  manifest, entry hashes, live configuration     bus, devices   their contents
//   module:<name>   state, what dependents see, snapshot of resources

import type { Manifest, ManifestModule } from '../../protocol/manifest.ts'
import type { ContentHash } from '../../protocol/values.ts'
import type { BusContents } from '../bus.ts'
import type { RestoredPart } from '../capture/capture-reader.ts'
import type { Config } from '../config-layers.ts'
import { isRecord } from '../definition.ts'
import type { DevicesContents } from '../devices.ts'
import type { InitStream } from '../init-profile.ts'
import type { WaitingInputs } from '../inputs.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program, ProgramTime } from '../program.ts'

export const partNames = { program: 'program', versions: 'versions', bus: 'bus', devices: 'devices' } as const

/** Name of a module's part. */
export function modulePartName(module: string): string {
  return `module:${module}`
}

/** In every record anew, and small. */
export interface ProgramPart {
  readonly kind: 'program'
  /** Of the newest journal entry that is in this record. */
  readonly sequence: number
  readonly time: ProgramTime
  readonly busFrame: number
  readonly busTime: number
  readonly views: DevicesContents['views']
  readonly waiting: WaitingInputs
  /** Names of parts that are not of this moment. */
  readonly stale: readonly string[]
  readonly modules: readonly ModuleCalls[]
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

/** A record, read. */
export interface RestoredProgram {
  readonly program: ProgramPart
  readonly versions: VersionsPart
  readonly bus: BusContents
  readonly devices: DevicesContents
  readonly modules: ReadonlyMap<string, ModulePart>
}

export function programPart(program: Program, sequence: number, stale: readonly string[]): ProgramPart {
  return {
    kind: 'program',
    sequence,
    time: program.placeInTime(),
    busFrame: program.bus.frame,
    busTime: program.bus.time,
    views: program.devices.viewsContents(),
    waiting: program.inputs.contents(),
    stale,
    modules: program.modules.map((module) => ({
      name: module.name,
      missedFrames: module.missedFrames,
      missedInRow: module.missedInRow,
      isParked: module.isParked,
      isExposedStale: module.isExposedStale,
    })),
  }
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
  const { state, exposed } = module
  return snapshot === undefined
    ? { kind: 'module', state, exposed }
    : { kind: 'module', state, exposed, snapshot: snapshot.data }
}

/** Undefined where a part is missing. */
export function readProgram(parts: readonly RestoredPart[]): RestoredProgram | undefined {
  const byName = new Map(parts.map((part) => [part.name, part.value]))
  const program = byName.get(partNames.program)
  const versions = byName.get(partNames.versions)
  const bus = byName.get(partNames.bus)
  const devices = byName.get(partNames.devices)
  if (!isProgramPart(program) || !isVersionsPart(versions) || !isBusContents(bus) || !isDevicesContents(devices))
    return undefined
  const modules = new Map<string, ModulePart>()
  for (const { manifest } of versions.modules) {
    const part = byName.get(modulePartName(manifest.name))
    if (isModulePart(part)) modules.set(manifest.name, part)
  }
  return { program, versions, bus, devices, modules }
}

/** Puts time, devices, bus and the states of its modules back; the modules of `restored` are there by now. */
export function restoreProgram(program: Program, { program: part, bus, devices, modules }: RestoredProgram): void {
  program.devices.restore({ ...devices, frame: part.time.frame, views: part.views })
  program.bus.restore({ ...bus, frame: part.busFrame, time: part.busTime })
  program.inputs.restore(part.waiting)
  for (const calls of part.modules) {
    const module = program.module(calls.name)
    const stored = modules.get(calls.name)
    if (module === undefined || stored === undefined) continue
    module.state = stored.state
    module.exposed = stored.exposed
    module.isExposedStale = calls.isExposedStale
    module.missedFrames = calls.missedFrames
    module.missedInRow = calls.missedInRow
    module.isParked = calls.isParked
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

function isBusContents(value: unknown): value is BusContents {
  return isRecord(value) && Array.isArray(value['orphans'])
}

function isDevicesContents(value: unknown): value is DevicesContents {
  return isRecord(value) && Array.isArray(value['gamepads'])
}
