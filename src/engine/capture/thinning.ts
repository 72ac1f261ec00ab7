// Which capture is dropped when room is needed: the farther back, the wider apart those that stay (HS2).

/** A stored capture: `ordinal` counts captures since the store was made. */
export interface Dated {
  readonly ordinal: number
  /** Someone needs it. */
  readonly isHeld: boolean
}

/**
 * Chooses the capture of greatest age for its order, the order being the largest power of two that divides its ordinal. So
 * every 2ᵏ-th is kept until it is 2ᵏ times as old as others are when they go: all of the last N stay, every second of the
 * last 2N, every fourth of the last 4N, and so on, N being what fits. The newest and held ones stay; the first of all goes
 * last. Cost of a choice: the number of orders, not of captures.
 */
export class Thinning<Capture extends Dated> {
  /** By order (as an exponent). */
  readonly #byOrder: Line<Capture>[] = []
  #newest: Capture | undefined

  /** The capture is the newest now. */
  add(capture: Capture): void {
    this.#newest = capture
    const order = orderOf(capture.ordinal)
    while (this.#byOrder.length <= order) this.#byOrder.push({ captures: [], start: 0 })
    this.#byOrder[order]?.captures.push(capture)
  }

  remove(capture: Capture): void {
    const line = this.#byOrder[orderOf(capture.ordinal)]
    if (line === undefined) return
    const { captures, start } = line
    const index = captures.indexOf(capture, start)
    if (index > start) captures.splice(index, 1)
    else if (index === start) {
      // The usual case: what is left of the start is cut off now and then.
      line.start++
      if (line.start > 64 && line.start * 2 > captures.length) {
        captures.splice(0, line.start)
        line.start = 0
      }
    }
  }

  /** The one to drop; undefined where all must stay. */
  next(): Capture | undefined {
    const newest = this.#newest
    let chosen: Capture | undefined
    let highest = -1
    let spacing = 0.5
    for (const line of this.#byOrder) {
      spacing *= 2
      const oldest = oldestFree(line, newest)
      if (oldest === undefined || newest === undefined) continue
      const rank = (newest.ordinal - oldest.ordinal) / spacing
      if (rank <= highest) continue
      highest = rank
      chosen = oldest
    }
    return chosen
  }
}

/** Captures of one order from `start` on, oldest first; those before it are gone. */
interface Line<Capture> {
  readonly captures: Capture[]
  start: number
}

function oldestFree<Capture extends Dated>(line: Line<Capture>, newest: Capture | undefined): Capture | undefined {
  for (let index = line.start; index < line.captures.length; index++) {
    const capture = line.captures[index]
    if (capture !== undefined && !capture.isHeld && capture !== newest) return capture
  }
  return undefined
}

/** Exponent of the largest power of two in the ordinal; more than any other for the first. */
function orderOf(ordinal: number): number {
  return ordinal === 0 ? 40 : 31 - Math.clz32(ordinal & -ordinal)
}
