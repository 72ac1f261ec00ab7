// What of a running program is kept outside its worker, so that another one can go on with it: journal, receipts, log, problems, how it
// was shown. Captures are in shared memory, texts in the code store.

import type { ProgramRevision } from '../protocol/code.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { GuiltyModule, JournalEntry, TakeOver } from '../protocol/journal.ts'
import type { LogLine } from '../protocol/log.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Status } from '../protocol/program.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { SavedData, SavedEntry } from '../protocol/saved.ts'
import type { FrameNumber, Moment } from '../protocol/values.ts'
import type { CodeStore } from './code-store.ts'
import { UntakenInputs } from './untaken-inputs.ts'

/** Entries that are no commits; a capture is never as old as the oldest of them. */
const maxEntries = 20_000
const maxLines = 5000
const maxReceipts = 500

/** One program, from the start of its first worker to `forget`. */
export class KeptProgram {
  /** The engine's own, or the newest copy of them. */
  captures: SharedArrayBuffer | ArrayBuffer | undefined
  /** The newest that was applied, whatever became of it. */
  revision: ProgramRevision | undefined
  status: Status | undefined
  readonly hidden = new Set<string>()
  readonly untaken = new UntakenInputs()
  /** What modules find as `saved`. */
  saved: SavedData = {}
  #entries: JournalEntry[] = []
  readonly #receipts = new Map<number, Receipt>()
  readonly #lines = new Map<number, LogLine>()
  #problems: readonly Problem[] = []
  #outputsLeft: Moment | undefined

  get receipts(): readonly Receipt[] {
    return [...this.#receipts.values()]
  }

  told(event: EngineEvent): void {
    switch (event.type) {
      case 'journal':
        this.#entries.push(...event.entries)
        this.untaken.entered(event.entries)
        if (this.#entries.length > maxEntries * 2) this.#entries = withoutOldest(this.#entries)
        return
      case 'captures':
        this.captures = event.captures
        return
      case 'receipt':
        this.#receipts.set(event.receipt.id, event.receipt)
        dropOldest(this.#receipts, maxReceipts)
        return
      case 'log':
        for (const line of event.lines) this.#lines.set(line.id, line)
        dropOldest(this.#lines, maxLines)
        return
      case 'problems':
        this.#problems = event.problems
        return
      case 'outputs':
        this.#outputsLeft = event.moment
        for (const output of event.outputs) if (output.kind === 'save') this.saved = withSaved(this.saved, output)
        return
      case 'status':
        this.status = event.status
        return
      default:
    }
  }

  /** What another worker needs to go on; undefined where nothing can be gone on with. `frame`: the last that began. */
  takeOver(
    store: CodeStore,
    at: 'start' | 'boundary',
    guilty: GuiltyModule | undefined,
    frame: FrameNumber,
  ): TakeOver | undefined {
    const { captures, revision, status } = this
    if (captures === undefined || revision === undefined || status === undefined) return undefined
    return {
      revision: { ...store.complete(revision) },
      texts: store.all(),
      captures,
      ...(captures instanceof ArrayBuffer ? { reached: frame } : {}),
      entries: [...this.#entries],
      receipts: this.receipts,
      problems: this.#problems,
      log: [...this.#lines.values()],
      timeline: status.timeline,
      saved: this.saved,
      speed: status.speed,
      ...(status.resetFrom === undefined ? {} : { resetFrom: status.resetFrom }),
      at,
      isRunning: status.running,
      ...(guilty === undefined ? {} : { guilty }),
      ...(this.#outputsLeft === undefined ? {} : { outputsLeft: this.#outputsLeft }),
    }
  }
}

function withSaved(saved: SavedData, { module, key, data }: SavedEntry): SavedData {
  return { ...saved, [module]: { ...saved[module], [key]: data } }
}

function withoutOldest(entries: readonly JournalEntry[]): JournalEntry[] {
  const from = entries.length - maxEntries
  return entries.filter(({ input }, index) => index >= from || input.kind === 'commit')
}

function dropOldest(map: Map<number, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
