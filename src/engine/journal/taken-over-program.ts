// Another engine's program computed in this one (ML9), of what outlives that engine: captures, texts and journal. What runs then is the concern
// of take-over.ts; what ran before reloads on trial, of restarted-trials.ts.
//
//   captures ──► versions of the newest complete record ──► evaluate ──► set up, restore ──► compute to the moment

import { CoppiceError } from '../../protocol/errors.ts'
import type { TakeOver, JournalEntry } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { ContentHash, TimelineId } from '../../protocol/values.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import type { RestoreClasses } from '../capture/graph-unpacker.ts'
import type { CodeBase } from '../code-base.ts'
import { readDefinition } from '../definition.ts'
import type { Definition } from '../definition.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import { ResourcePreparation } from '../resource-preparation.ts'
import { completeRecordUpTo, sequenceOf } from './frame-capture.ts'
import { rebuildProfile } from './init-again.ts'
import { standing } from './journal.ts'
import { isVersionsPart, partNames, readProgram } from './program-parts.ts'
import type { VersionsPart } from './program-parts.ts'
import { runSimulation, Simulation } from './simulation.ts'
import type { SimulationParts, SimulationTarget } from './simulation.ts'

export interface TakeOverParts extends Omit<SimulationParts, 'definitionOf' | 'resources'> {
  readonly restoreClasses: RestoreClasses
  /** As in `runSimulation`. */
  readonly inTime?: (pending: Promise<unknown>) => Promise<boolean>
}

export interface TakenOver {
  readonly program: Program
  /** Calls that are not made, as what they leave in a state can't be read. */
  readonly missed: readonly JournalEntry[]
}

/** The program as its engine had it, without entries after `upTo`. Throws `not-supported` where it can't be computed, saying why. */
export async function computeTakenOver(
  source: TakeOver,
  parts: TakeOverParts,
  at: SimulationTarget['at'],
  upTo = Infinity,
): Promise<TakenOver> {
  const { code, call, classes } = parts
  const { manifest } = source.revision
  code.setMath(manifest.math)
  code.add(source.texts)
  code.add(source.revision.texts)
  const reader = new CaptureReader(source.captures, parts.restoreClasses)
  const timeline = source.timeline ?? reader.newest()?.moment.timeline
  if (timeline === undefined) throw impossible('there is no capture')
  const moment = { timeline, frame: frameNumber(source.frame ?? Infinity) }
  const newest = reader.newestUpTo(moment)
  const base = completeRecordUpTo(reader, moment, upTo)
  if (newest === undefined || base === undefined) throw impossible('there is no complete capture')
  const versionsOf = (): VersionsPart | undefined => {
    const value = reader.read(base, [partNames.versions])?.[0]?.value
    return isVersionsPart(value) ? value : undefined
  }
  const versions = versionsOf()
  if (versions === undefined) throw impossible('the capture was dropped')
  const entries = standing(source.entries, timeline).filter(({ sequence }) => sequence <= upTo)
  const included = sequenceOf(reader, base)
  const definitions = await loadVersions(
    code,
    versions,
    entries.filter(({ sequence }) => sequence > included),
  )
  const steps = new ResourcePreparation({ code, call, rendering: undefined }, manifest, (value) =>
    copyPlain(value, { classOf: (prototype) => classes.kindOf(prototype) }),
  )
  const frame = Math.max(newest.moment.frame, source.reached ?? 0)
  const missed = unreadableCalls(source.guilty, timeline, base.moment.frame, at === 'start' ? frame - 1 : frame)
  const simulation = new Simulation(
    {
      ...parts,
      definitionOf: (module, entry) => definitions.get(`${entry} ${module}`),
      resources: () => steps,
    },
    {
      timeline,
      versions: versionsOf,
      read: () => {
        const read = reader.read(base)
        return read === undefined ? undefined : readProgram(read, base.moment.frame)
      },
      entries: [...entries, ...missed],
    },
  )
  const result = await runSimulation(simulation, { frame, at }, call, parts.inTime)
  if (result.kind !== 'reached') throw impossible(result.kind === 'impossible' ? result.message : result.kind)
  if (at === 'boundary') {
    for (const entry of entries)
      if (entry.frame > frame && entry.input.kind === 'device') result.program.inputs.add(entry.input.input)
  }
  for (const module of result.program.modules) module.initProfile ??= rebuildProfile(parts, module)
  return { program: result.program, missed }
}

/** Where reading its state hung: the calls since the capture, which made it so. The capture could be read. */
function unreadableCalls(
  guilty: TakeOver['guilty'],
  timeline: TimelineId,
  first: number,
  last: number,
): readonly JournalEntry[] {
  if (guilty?.phase !== 'capture') return []
  const input = { kind: 'missed', module: guilty.module } as const
  return Array.from({ length: last - first + 1 }, (_, index) => {
    return { sequence: Number.MAX_SAFE_INTEGER, timeline, frame: frameNumber(first + index), input }
  })
}

/** All code the capture and the commits after it run, and what an undo can go back to as far as it can be evaluated. */
export async function loadVersions(
  code: CodeBase,
  versions: VersionsPart,
  entries: TakeOver['entries'],
): Promise<ReadonlyMap<string, Definition>> {
  const definitions = new Map<string, Definition>()
  const load = async (module: string, path: string, entry: ContentHash): Promise<void> => {
    definitions.set(`${entry} ${module}`, readDefinition(await code.load(entry), path))
  }
  for (const { manifest, entry, past } of versions.modules) {
    for (const before of past) {
      if (code.text(before) !== undefined) await load(manifest.name, manifest.path, before).catch(() => undefined)
    }
    await load(manifest.name, manifest.path, entry)
  }
  for (const { input } of entries) {
    if (input.kind !== 'commit') continue
    for (const { manifest, entry, isCodeNew } of input.modules) {
      if (isCodeNew && code.text(entry) !== undefined && !definitions.has(`${entry} ${manifest.name}`))
        await load(manifest.name, manifest.path, entry).catch(() => undefined)
    }
  }
  return definitions
}

function impossible(why: string): CoppiceError {
  return new CoppiceError('not-supported', `The program can't be taken over: ${why}.`)
}
