// The record of all that entered the engine's programs (HS2), newest entries last. Only what is kept stands here: inputs are
// applied by apply-input.ts, frames computed again by simulation.ts.
//
//   commands, commits, devices, missed calls ──record──► entries ──since(sequence)──► page (for another worker)
//                                                           └──after(moment)──► Simulation in this thread

import type { JournalEntry, JournalInput } from '../../protocol/journal.ts'
import type { FrameNumber, TimelineId } from '../../protocol/values.ts'

const limit = 200_000

/** All entries of one engine, up to the newest 200 000. */
export class Journal {
  #entries: JournalEntry[] = []
  #sequence = 0
  #drained = 0

  /** Of the newest entry; 0 before the first. */
  get sequence(): number {
    return this.#sequence
  }

  /** Continues the numbering of a journal that was kept elsewhere. */
  adopt(entries: readonly JournalEntry[]): void {
    this.#entries = [...entries]
    this.#sequence = entries.at(-1)?.sequence ?? 0
    this.#drained = this.#sequence
  }

  /** `frame`: the one that follows, for what enters at a boundary. */
  record(timeline: TimelineId, frame: FrameNumber, input: JournalInput): JournalEntry {
    this.#sequence++
    const entry = { sequence: this.#sequence, timeline, frame, input }
    this.#entries.push(entry)
    // Cut by half rather than shifted, so that a full journal costs nothing per frame.
    if (this.#entries.length >= limit * 2) this.#entries = this.#entries.slice(-limit)
    return entry
  }

  /** What came after that sequence, void entries included, at most `limit` of it: for who keeps a copy. */
  since(sequence: number, limit = Infinity): readonly JournalEntry[] {
    const first = indexAfter(this.#entries, sequence)
    return this.#entries.slice(first, first + limit)
  }

  /** What came since the last call. */
  drain(): readonly JournalEntry[] {
    if (this.#drained === this.#sequence) return []
    const entries = this.since(this.#drained)
    this.#drained = this.#sequence
    return entries
  }

  /** What holds of a timeline after that sequence, in order. */
  after(timeline: TimelineId, sequence: number): readonly JournalEntry[] {
    return standing(this.since(sequence), timeline)
  }

  /**
   * What entered a timeline after `sequence` is void, and `entries` take its place: the recorded past was computed again with other
   * decisions. Gives the new sequence of each, by its old one.
   */
  rewrite(
    timeline: TimelineId,
    frame: FrameNumber,
    sequence: number,
    entries: readonly JournalEntry[],
  ): ReadonlyMap<number, number> {
    this.record(timeline, frame, { kind: 'rewound', after: sequence })
    return new Map(entries.map((entry) => [entry.sequence, this.record(timeline, entry.frame, entry.input).sequence]))
  }
}

/** Of one timeline, without what was made void. */
export function standing(entries: readonly JournalEntry[], timeline: TimelineId): readonly JournalEntry[] {
  const kept: JournalEntry[] = []
  for (const entry of entries) {
    if (entry.timeline !== timeline) continue
    if (entry.input.kind === 'rewound') {
      const { after } = entry.input
      while ((kept.at(-1)?.sequence ?? 0) > after) kept.pop()
    } else kept.push(entry)
  }
  return kept
}

/** Index of the first entry with a greater sequence. */
function indexAfter(entries: readonly JournalEntry[], sequence: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle]?.sequence ?? 0) <= sequence) low = middle + 1
    else high = middle
  }
  return low
}
