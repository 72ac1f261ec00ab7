// How often each part of a program is captured, so that all captures together stay within a share of the frame's time (HS1). Times
// decide it, so it differs from run to run; nothing that is computed depends on it.

import type { Milliseconds } from '../../protocol/values.ts'

interface Paced {
  /** Running average of one capture. */
  ms: Milliseconds
  /** Captured in frames that are multiples of it: a power of two, so that all parts meet in one frame again and again. */
  period: number
}

const longestPeriod = 1024
const framesPerDecision = 16

/** Periods of the parts of one program. */
export class CapturePacing {
  readonly #share: number
  readonly #parts = new Map<string, Paced>()
  #frames = 0

  /** `share`: of the frame's time, 0.05 for 5 %. */
  constructor(share: number) {
    this.#share = share
  }

  /** 1: captured in every frame. */
  periodOf(part: string): number {
    return this.#parts.get(part)?.period ?? 1
  }

  /** A capture of the part took so long. */
  measured(part: string, ms: Milliseconds): void {
    const paced = this.#parts.get(part)
    if (paced === undefined) this.#parts.set(part, { ms, period: 1 })
    // One that is seldom captured is believed sooner.
    else paced.ms += (ms - paced.ms) / (paced.period > 8 ? 2 : 8)
  }

  forget(part: string): void {
    this.#parts.delete(part)
  }

  /** After each frame; decides anew now and then. */
  frameEnded(frameMs: Milliseconds): void {
    if (++this.#frames % framesPerDecision === 0 || this.#frames === 1) this.#decide(frameMs * this.#share)
  }

  #decide(budgetMs: Milliseconds): void {
    let total = 0
    for (const paced of this.#parts.values()) {
      paced.period = 1
      total += paced.ms
    }
    while (total > budgetMs) {
      let dearest: Paced | undefined
      for (const paced of this.#parts.values()) {
        if (paced.period === longestPeriod || paced.ms === 0) continue
        if (dearest === undefined || paced.ms / paced.period > dearest.ms / dearest.period) dearest = paced
      }
      if (dearest === undefined) return
      total -= dearest.ms / dearest.period / 2
      dearest.period *= 2
    }
  }
}
