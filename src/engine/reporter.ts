// When events leave the engine: at once where something changed that people wait for, else in about ten batches a second by the
// clock, so that a page is never flooded by frames.

import type { EngineEvent } from '../protocol/events.ts'
import type { JournalEntry } from '../protocol/journal.ts'
import type { LogLine } from '../protocol/log.ts'
import type { Problem } from '../protocol/problem.ts'
import type { FrameTimes, ModuleInfo, Status } from '../protocol/program.ts'
import type { Milliseconds } from '../protocol/values.ts'
import type { Clock, Timers } from './host.ts'

const batchMs = 100

export interface ReporterOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly emit: (event: EngineEvent) => void
  readonly status: () => Status
  readonly modules: () => readonly ModuleInfo[]
  readonly problems: () => readonly Problem[]
  /** Those since the last call. */
  readonly drainFrames: () => readonly FrameTimes[]
  readonly drainLog: () => readonly LogLine[]
  readonly drainJournal: () => readonly JournalEntry[]
  /** Sends what was emitted, before the turn ends. */
  readonly sendNow: (() => void) | undefined
}

/** Emits the engine's recurring events. */
export class Reporter {
  readonly #options: ReporterOptions
  #batchAt: Milliseconds = -Infinity
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** After each frame. */
  frameRan(): void {
    if (this.#options.clock.now() - this.#batchAt >= batchMs) this.#batch()
  }

  /** Something is to be told with the next batch, also while paused: a line of the log. */
  touch(): void {
    if (this.#cancel !== undefined || this.#isClosed) return
    const { clock, timers } = this.#options
    this.#cancel = timers.callAt(Math.max(clock.now(), this.#batchAt + batchMs), () => {
      this.#cancel = undefined
      this.#batch()
    })
  }

  statusChanged(): void {
    if (!this.#isClosed) this.#options.emit({ type: 'status', status: this.#options.status() })
  }

  modulesChanged(): void {
    if (!this.#isClosed) this.#options.emit({ type: 'modules', modules: this.#options.modules() })
  }

  problemsChanged(): void {
    if (!this.#isClosed) this.#options.emit({ type: 'problems', problems: this.#options.problems() })
  }

  emit(event: EngineEvent): void {
    if (!this.#isClosed) this.#options.emit(event)
  }

  /** What entered is kept outside before any code that may not come to an end sees it (ML9). */
  sendJournal(): void {
    const entries = this.#options.drainJournal()
    if (entries.length === 0) return
    this.emit({ type: 'journal', entries })
    this.#options.sendNow?.()
  }

  close(): void {
    this.#cancel?.()
    this.#isClosed = true
  }

  #batch(): void {
    const { clock, emit, drainFrames, drainLog, drainJournal } = this.#options
    this.#batchAt = clock.now()
    this.#cancel?.()
    this.#cancel = undefined
    for (const times of drainFrames()) emit({ type: 'frames', times })
    const lines = drainLog()
    if (lines.length > 0) emit({ type: 'log', lines })
    const entries = drainJournal()
    if (entries.length > 0) emit({ type: 'journal', entries })
    this.statusChanged()
    this.modulesChanged()
  }
}
