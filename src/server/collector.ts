// ML2: changes on disk gather until none arrives for 10 ms, then go on together. Owns the timer, nothing else.

/** What gathered: paths relative to the workspace, and since when. */
export interface GatheredChanges {
  readonly paths: readonly string[]
  /** Bundled packages changed: everything may have. */
  readonly hasPackages: boolean
  /** `performance.now()` of the first change. */
  readonly since: number
}

/** So long none must arrive. */
export const quietMs = 10

export class Collector {
  readonly #flush: (changes: GatheredChanges) => void
  readonly #paths = new Set<string>()
  #hasPackages = false
  #since: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(flush: (changes: GatheredChanges) => void) {
    this.#flush = flush
  }

  noteFile(path: string): void {
    this.#paths.add(path)
    this.#wait()
  }

  notePackages(): void {
    this.#hasPackages = true
    this.#wait()
  }

  /** Takes what has gathered so far: a save covers it too. Undefined where there is nothing. */
  take(): GatheredChanges | undefined {
    clearTimeout(this.#timer)
    if (this.#since === undefined) return undefined
    const changes = { paths: [...this.#paths], hasPackages: this.#hasPackages, since: this.#since }
    this.#paths.clear()
    this.#hasPackages = false
    this.#since = undefined
    return changes
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#since = undefined
  }

  #wait(): void {
    this.#since ??= performance.now()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const changes = this.take()
      if (changes !== undefined) this.#flush(changes)
    }, quietMs)
  }
}
