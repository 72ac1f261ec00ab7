// What entered a program, told as if the code and manifest of now had run from frame 0: reloads are left out, and names are those of now.
// What a user did stays: devices, messages, edits of state and live configuration, resets of single modules.

import type { CommittedModule, JournalEntry, JournalInput } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { ContentHash, TimelineId } from '../../protocol/values.ts'
import type { VersionsPart } from './program-parts.ts'

type Commit = Extract<JournalInput, { kind: 'commit' }>

/** One module through its renames. */
interface Lineage {
  entry: ContentHash
}

/**
 * `entries`: all that stands of one timeline, its first commit included. `present`: what code runs now. Decisions about calls are kept
 * where the code that made them is that of now; others are to be taken anew.
 */
export function asPresentCode(
  entries: readonly JournalEntry[],
  present: VersionsPart,
  timeline: TimelineId,
): readonly JournalEntry[] {
  let running = new Map<string, Lineage>()
  const told: { readonly entry: JournalEntry; readonly of: readonly Lineage[]; readonly ran?: ContentHash }[] = []
  for (const entry of entries) {
    const { input } = entry
    if (input.kind === 'commit') {
      running = afterCommit(running, input)
      const resets = input.modules.flatMap(({ isStateNew, manifest: { name } }) =>
        isStateNew === true ? (running.get(name) ?? []) : [],
      )
      if (resets.length > 0) told.push({ entry, of: resets })
    } else if ('module' in input) {
      const of = running.get(input.module)
      if (of !== undefined) told.push({ entry, of: [of], ran: of.entry })
    } else if (input.kind === 'device' || input.kind === 'publish') told.push({ entry, of: [] })
  }
  const names = new Map([...running].map(([name, lineage]) => [lineage, name]))
  const entryOf = (name: string): ContentHash | undefined =>
    present.modules.find(({ manifest }) => manifest.name === name)?.entry
  const rest = told.flatMap(({ entry, of, ran }): readonly JournalEntry[] => {
    const { input } = entry
    if (!('module' in input) && input.kind !== 'commit') return [entry]
    const [name, ...others] = of.flatMap((lineage) => names.get(lineage) ?? [])
    if (name === undefined) return []
    if (input.kind === 'commit') {
      const saved = new Map(input.modules.map((module) => [module.manifest.name, module.saved]))
      return [{ ...entry, input: commitOf(present, [name, ...others], saved) }]
    }
    const isDecision = input.kind === 'missed' || input.kind === 'parked'
    return isDecision && entryOf(name) !== ran ? [] : [{ ...entry, input: { ...input, module: name } }]
  })
  const opening = { sequence: 0, timeline, frame: frameNumber(1), input: openingOf(present, entries[0]?.input) }
  return [opening, ...rest]
}

/** How many times the code or manifest of the program changed since it was opened. */
export function reloadsIn(entries: readonly JournalEntry[]): number {
  const isReload = ({ input }: JournalEntry): boolean => input.kind === 'commit' && !isReset(input)
  return Math.max(0, entries.filter(isReload).length - 1)
}

/** It made the state of a module anew, on the code that ran. */
function isReset({ modules }: Commit): boolean {
  return modules.some(({ isStateNew }) => isStateNew === true) && !modules.some(({ isCodeNew }) => isCodeNew)
}

function afterCommit(running: ReadonlyMap<string, Lineage>, { modules }: Commit): Map<string, Lineage> {
  return new Map(
    modules.map(({ manifest: { name }, from, entry, isCodeNew }) => {
      const lineage = (from === undefined ? undefined : running.get(from)) ?? { entry }
      if (isCodeNew) lineage.entry = entry
      return [name, lineage]
    }),
  )
}

/** All modules made anew; live configuration is what the timeline began with. */
function openingOf({ manifest, modules }: VersionsPart, first: JournalInput | undefined): Commit {
  const before = first?.kind === 'commit' ? first.modules : []
  return {
    kind: 'commit',
    manifest,
    isUndo: false,
    modules: modules.map(({ manifest: own, entry }): CommittedModule => {
      const { live, saved } = before.find((module) => module.manifest.name === own.name) ?? {}
      const made = { manifest: own, entry, isCodeNew: true, areResourcesNew: true, initFrame: frameNumber(0) }
      return { ...made, ...(live === undefined ? {} : { live }), ...(saved === undefined ? {} : { saved }) }
    }),
  }
}

/** The states of `reset` are made by `init` again, the rest stays. */
function commitOf(
  { manifest, modules }: VersionsPart,
  reset: readonly string[],
  saved: ReadonlyMap<string, CommittedModule['saved']>,
): Commit {
  return {
    kind: 'commit',
    manifest,
    isUndo: false,
    modules: modules.map(({ manifest: own, entry }): CommittedModule => {
      const stays = { manifest: own, entry, from: own.name, isCodeNew: false, initFrame: frameNumber(0) }
      if (!reset.includes(own.name)) return { ...stays, areResourcesNew: false }
      const known = saved.get(own.name)
      return { ...stays, areResourcesNew: true, isStateNew: true, ...(known === undefined ? {} : { saved: known }) }
    }),
  }
}
