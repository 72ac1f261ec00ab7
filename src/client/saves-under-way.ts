// Saves on their way from the page to their first frame. They go through the page's thread twice: who draws the page waits for them,
// as a chart can come a little later and new code should not.

import type { Milliseconds } from '../protocol/values.ts'

/** The page is drawn all the same where saves take longer, or follow each other without a gap. */
const waitedForMs = 200

export class SavesUnderWay {
  readonly #now: () => Milliseconds
  #count = 0
  /** Since when there has been one all the time. */
  #since: Milliseconds = 0

  constructor(now: () => Milliseconds) {
    this.#now = now
  }

  /** There is one, and it is worth the wait. */
  get isWaitedFor(): boolean {
    return this.#count > 0 && this.#now() - this.#since < waitedForMs
  }

  /** Counts `save` until it settles. */
  async follow<Result>(save: Promise<Result>): Promise<Result> {
    if (this.#count === 0) this.#since = this.#now()
    this.#count += 1
    try {
      return await save
    } finally {
      this.#count -= 1
    }
  }
}
