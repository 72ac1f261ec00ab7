// The present as it would be without a reload: from the capture its trial holds, by the recorded inputs, with every other reload done
// again where it was. The journal is rewritten, so that the past recorded is the one that leads to the present.

import type { JournalEntry } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { History } from '../journal/history.ts'
import type { MissedCall } from '../journal/simulation.ts'
import type { Program } from '../program.ts'
import type { Trial, TrialFailure } from './trial.ts'

export interface ComputedWithout {
  readonly program: Program
  /** Calls that threw in this past and did not in the other. */
  readonly missed: readonly MissedCall[]
  /** The new journal sequence of entries that were made again, by their old one. */
  readonly sequences: ReadonlyMap<number, number>
  /** The living program's resources are as they were; the journal too. */
  readonly giveBack: () => void
}

/** Undefined where it can't be computed, or not in time: nothing has changed then. */
export function computeWithout(
  history: History,
  present: Program,
  trial: Trial,
  failure: TrialFailure,
  at: 'end' | 'boundary',
): ComputedWithout | undefined {
  const base = history.capture.find(trial.base)
  if (base === undefined) return undefined
  const { timeline, frame } = present
  const recorded = history.journal.after(timeline, history.capture.sequenceOf(base))
  const entries = recorded.filter((entry) => !isVoid(entry, trial, failure, present))
  const { result, giveBack } = history.compute(present, base, entries, { frame, at })
  if (result.kind !== 'reached') {
    giveBack()
    return undefined
  }
  const { program, missed } = result
  const isNewlyMissed =
    failure.reader !== undefined && missed.some((one) => one.module === failure.reader && one.frame === frame)
  let sequences: ReadonlyMap<number, number> = new Map()
  if (!isNewlyMissed) {
    const again = entries.filter(({ sequence }) => sequence > trial.sequence)
    const decisions = missed.map((one): JournalEntry => ({
      sequence: 0,
      timeline,
      frame: frameNumber(one.frame),
      input: { kind: 'missed', module: one.module },
    }))
    const all = [...again, ...decisions].toSorted((left, right) => left.frame - right.frame)
    sequences = history.journal.rewrite(timeline, frame, trial.sequence - 1, all)
  }
  return { program, missed, sequences, giveBack }
}

/** Entries that are not in the new past: the commit itself, and calls missed because of it. */
function isVoid({ sequence, input }: JournalEntry, trial: Trial, failure: TrialFailure, present: Program): boolean {
  if (sequence < trial.sequence) return false
  if (sequence === trial.sequence) return true
  if (input.kind !== 'missed' && input.kind !== 'parked') return false
  if (trial.has(input.module) || input.module === failure.reader) return true
  const dependencies = present.module(input.module)?.definition.dependencies ?? []
  return trial.modules.some(({ name }) => dependencies.includes(name) || present.bus.hasRead(input.module, name))
}
