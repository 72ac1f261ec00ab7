// Tells that an engine's worker hangs, and on what (ML9), from the memory in which it shows what it is at (protocol/pulse.ts). Looks from
// the page: only the page can end a worker, so one who looks from elsewhere would have to wait for it too.

import { callPhases, pulseNamesAt, pulseSlots, type CallPhase } from '../protocol/pulse.ts'
import type { Milliseconds } from '../protocol/values.ts'

/** What a worker that hangs was at. */
export interface Hang {
  readonly phase: CallPhase
  /** Undefined where no call of a module's was under way. */
  readonly module: string | undefined
  /** The file whose top level runs, where no call was under way. */
  readonly file: string | undefined
  readonly frame: number
  /** The frame had begun, and its modules had not all run. */
  readonly isFrameOpen: boolean
  /** Id of the newest command it had begun. */
  readonly command: number
  /** How long it was waited for. */
  readonly limitMs: Milliseconds
}

/** How often to look: a hang is found that much over the limit at most. */
export const lookEveryMs: Milliseconds = 50
/** What one look counts for at most: when it comes late the page was busy or asleep, and the worker may have been too. */
const longestLookMs = 750

/** Watches one worker. `look` is called every `lookEveryMs`. */
export class HangWatch {
  readonly #slots: Int32Array
  readonly #units: Uint16Array
  readonly #limitMs: Milliseconds
  #beat = -1
  #alive = -1
  #lastLook: Milliseconds = 0
  /** Without progress so far. */
  #waitedMs: Milliseconds = 0

  constructor(memory: SharedArrayBuffer | ArrayBuffer, limitMs: Milliseconds) {
    this.#slots = new Int32Array(memory)
    this.#units = new Uint16Array(memory)
    this.#limitMs = limitMs
  }

  /** `now`: of any clock that goes on while the page is asleep or not. */
  look(now: Milliseconds): Hang | undefined {
    const beat = Atomics.load(this.#slots, pulseSlots.beat)
    const alive = Atomics.load(this.#slots, pulseSlots.alive)
    const isStopped = this.#slot('isStopped') === 1
    const lookMs = Math.min(now - this.#lastLook, longestLookMs)
    this.#lastLook = now
    // Until it has shown a first sign of life it is being loaded.
    if (beat !== this.#beat || alive !== this.#alive || isStopped || alive === 0) {
      this.#beat = beat
      this.#alive = alive
      this.#waitedMs = 0
      return undefined
    }
    this.#waitedMs += lookMs
    const phase = callPhases[this.#slot('phase')] ?? 'outside'
    const loading = this.#slot('loading')
    const limitMs = this.#limitMs * patienceFor(phase, loading !== 0)
    if (this.#waitedMs < limitMs) return undefined
    const isLoading = phase === 'outside' && loading !== 0
    return {
      phase: isLoading ? 'load' : phase,
      module: phase === 'outside' ? undefined : this.#nameAt(this.#slot('module')),
      file: isLoading ? this.#nameAt(loading) : undefined,
      frame: this.#slot('frame'),
      isFrameOpen: this.#slot('isFrameOpen') === 1,
      command: this.#slot('command'),
      limitMs,
    }
  }

  #slot(name: keyof typeof pulseSlots): number {
    return Atomics.load(this.#slots, pulseSlots[name])
  }

  #nameAt(place: number): string | undefined {
    if (place < pulseNamesAt) return undefined
    const length = this.#units[place] ?? 0
    return String.fromCharCode(...this.#units.subarray(place + 1, place + 1 + length))
  }
}

/** In limits: what may wait for the world or the GPU gets more, and the engine's own work most. */
function patienceFor(phase: CallPhase, isLoading: boolean): number {
  switch (phase) {
    case 'setup':
    case 'view-setup':
    case 'dispose':
    case 'render':
    case 'load':
      return 2
    case 'outside':
      return isLoading ? 2 : 5
    default:
      return 1
  }
}
