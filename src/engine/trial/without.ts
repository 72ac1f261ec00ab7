// The present as it would be without some reloads: from the capture the oldest trial of them holds, by the recorded inputs, with every
// other reload done again where it was. The journal is rewritten, so that the past recorded is the one that leads to the present.

import type { JournalEntry } from '../../protocol/journal.ts'
import type { FrameOutputs } from '../../protocol/outputs.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { History } from '../journal/history.ts'
import type { MissedCall } from '../journal/simulation.ts'
import type { ContentHash, Moment } from '../../protocol/values.ts'
import type { Program } from '../program.ts'
import { heardBy } from './blame.ts'

/** A commit that is to be in the past no more. */
export interface LeftOut {
  /** Those it brought code or state for. `entry`: the code it brought; `before`: what ran before. */
  readonly modules: readonly {
    readonly name: string
    readonly entry?: ContentHash
    readonly before?: { readonly entry: ContentHash }
  }[]
  /** Of the commit in the journal. */
  readonly sequence: number
  /** The capture its past is computed from. */
  readonly base: Moment
  /** At whose end it was committed. */
  readonly moment: Moment
}

export interface ComputedWithout {
  readonly program: Program
  /** Calls that threw in this past and did not in the other. */
  readonly missed: readonly MissedCall[]
  /** What its frames would have let out. */
  readonly outputs: readonly FrameOutputs[]
  /** It is the past from here on: the journal says so. Gives the new sequence of entries that were made again, by their old one. */
  readonly adopt: () => ReadonlyMap<number, number>
  /** It is not: the living program's resources are as they were. */
  readonly giveBack: () => void
}

/** `thrower`: whose call threw in the other past. Undefined where it can't be computed, or not in time: nothing has changed then. */
export function computeWithout(
  history: History,
  present: Program,
  gone: readonly [oldest: LeftOut, ...LeftOut[]],
  thrower: string | undefined,
  at: 'end' | 'boundary',
): ComputedWithout | undefined {
  const [oldest] = gone
  const base = history.baseOf(oldest)
  if (base === undefined) return undefined
  const { timeline, frame } = present
  const recorded = history.journal.after(timeline, history.capture.sequenceOf(base))
  const entries = recorded
    .filter((entry) => !isVoid(entry, gone, thrower, present))
    .map((entry) => leadingBefore(entry, gone))
  // By frame: where a call throws, its frames are computed once more.
  const outputs = new Map<number, FrameOutputs>()
  const { result, giveBack } = history.compute(present, base, entries, {
    frame,
    at,
    frameEnded: (program) => {
      outputs.set(program.frame, { moment: program.moment, outputs: program.outputs.list(program.modules) })
    },
  })
  if (result.kind !== 'reached') {
    giveBack()
    return undefined
  }
  const { program, missed } = result
  const adopt = (): ReadonlyMap<number, number> => {
    const again = entries.filter(({ sequence }) => sequence > oldest.sequence)
    const decisions = missed.map((one): JournalEntry => ({
      sequence: 0,
      timeline,
      frame: frameNumber(one.frame),
      input: { kind: 'missed', module: one.module },
    }))
    const all = [...again, ...decisions].toSorted((left, right) => left.frame - right.frame)
    return history.journal.rewrite(timeline, frame, oldest.sequence - 1, all)
  }
  return { program, missed, outputs: [...outputs.values()], adopt, giveBack }
}

/** Entries that are not in the new past: the commits themselves, and calls missed because of them. */
function isVoid(
  { sequence, input }: JournalEntry,
  gone: readonly [oldest: LeftOut, ...LeftOut[]],
  thrower: string | undefined,
  present: Program,
): boolean {
  if (sequence < gone[0].sequence) return false
  if (gone.some((one) => one.sequence === sequence)) return true
  if (input.kind === 'unsent')
    return gone.some(
      ({ moment, modules }) => moment.frame === input.after && modules.some(({ name }) => name === input.module),
    )
  if (input.kind !== 'missed' && input.kind !== 'parked') return false
  if (input.module === thrower) return true
  const heard = heardBy(present, input.module, gone[0].moment.frame)
  return gone.some((one) => one.modules.some(({ name }) => heard.has(name)))
}

/** An undo that brought back what one of them brought leads to what ran before that. */
function leadingBefore(entry: JournalEntry, gone: readonly LeftOut[]): JournalEntry {
  const { input } = entry
  if (input.kind !== 'commit' || !input.isUndo) return entry
  const modules = input.modules.map((module) => {
    const { name } = module.manifest
    // A text may come more than once: of those before the undo the newest, of those before that …
    let { entry: code } = module
    for (const { sequence, modules: brought } of gone.toSorted((left, right) => right.sequence - left.sequence))
      if (sequence < entry.sequence)
        code = brought.find((one) => one.name === name && one.entry === code)?.before?.entry ?? code
    return { ...module, entry: code }
  })
  return { ...entry, input: { ...input, modules } }
}
