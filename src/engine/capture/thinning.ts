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
  /** By order (as an exponent), oldest first. */
  readonly #byOrder: Capture[][] = []
  #newest: Capture | undefined

  /** The capture is the newest now. */
  add(capture: Capture): void {
    this.#newest = capture
    const order = orderOf(capture.ordinal)
    while (this.#byOrder.length <= order) this.#byOrder.push([])
    this.#byOrder[order]?.push(capture)
  }

  remove(capture: Capture): void {
    const captures = this.#byOrder[orderOf(capture.ordinal)]
    const index = captures?.indexOf(capture) ?? -1
    if (index >= 0) captures?.splice(index, 1)
  }

  /** The one to drop; undefined where all must stay. */
  next(): Capture | undefined {
    const newest = this.#newest
    let chosen: Capture | undefined
    let highest = -1
    for (const [order, captures] of this.#byOrder.entries()) {
      const oldest = captures.find((capture) => !capture.isHeld && capture !== newest)
      if (oldest === undefined || newest === undefined) continue
      const rank = (newest.ordinal - oldest.ordinal) / 2 ** order
      if (rank <= highest) continue
      highest = rank
      chosen = oldest
    }
    return chosen
  }
}

/** Exponent of the largest power of two in the ordinal; more than any other for the first. */
function orderOf(ordinal: number): number {
  return ordinal === 0 ? 40 : 31 - Math.clz32(ordinal & -ordinal)
}
