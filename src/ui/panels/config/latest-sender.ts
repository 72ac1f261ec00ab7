// Sends values no faster than they are answered: while one is under way, only the newest per key waits.

export class LatestSender<Value> {
  readonly #deliver: (key: string, value: Value) => Promise<void>
  readonly #waiting = new Map<string, Value>()
  #isBusy = false

  /** `deliver` must not reject. */
  constructor(deliver: (key: string, value: Value) => Promise<void>) {
    this.#deliver = deliver
  }

  /** Something is under way. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  send(key: string, value: Value): void {
    this.#waiting.set(key, value)
    if (!this.#isBusy) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#isBusy = true
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) await this.#deliver(entry[0], entry[1])
    this.#isBusy = false
  }

  #take(): readonly [string, Value] | undefined {
    const [entry] = this.#waiting
    if (entry !== undefined) this.#waiting.delete(entry[0])
    return entry
  }
}
