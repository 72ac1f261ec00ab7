// Who of several pages on one workspace writes its saved data (WS5): the first that came; when it goes, the one that came after it.

/** One lease. */
export class WriterLease<Holder> {
  readonly #waiting = new Set<Holder>()

  /** The first to ask holds it. */
  ask(holder: Holder): boolean {
    this.#waiting.add(holder)
    return this.isHeldBy(holder)
  }

  isHeldBy(holder: Holder): boolean {
    const [first] = this.#waiting
    return first === holder
  }

  /** It asks no more. Gives the one that holds the lease now and did not before. */
  leave(holder: Holder): Holder | undefined {
    const wasHolder = this.isHeldBy(holder)
    this.#waiting.delete(holder)
    const [first] = this.#waiting
    return wasHolder ? first : undefined
  }
}
