// One reload at a time: a newer revision supersedes the one under way, commands wait for it.

import type { Receipt } from '../protocol/receipt.ts'
import { Superseded } from './reload-failure.ts'

/** One transaction under way. */
export interface Flight {
  /** The revision it brings; undefined for a command's. */
  readonly revision: number | undefined
  /** Rejects with `Superseded`; to be raced with everything that is awaited. */
  readonly superseded: Promise<never>
  isSuperseded: boolean
  done: Promise<readonly Receipt[]>
}

/** Who has the reloads to itself. */
export class ReloadQueue {
  #flight: Flight | undefined
  #supersede: () => void = () => undefined

  get isBusy(): boolean {
    return this.#flight !== undefined
  }

  /** The transaction of that revision, where it is under way. */
  underWay(revision: number): Promise<readonly Receipt[]> | undefined {
    return this.#flight?.revision === revision && !this.#flight.isSuperseded ? this.#flight.done : undefined
  }

  /** Starts at once; what was under way ends as superseded at the next thing it awaits. */
  start(
    revision: number | undefined,
    body: (flight: Flight) => Promise<readonly Receipt[]>,
  ): Promise<readonly Receipt[]> {
    this.#supersede()
    let reject: (reason: Superseded) => void = () => undefined
    const superseded = new Promise<never>((_, rejectPromise) => {
      reject = rejectPromise
    })
    superseded.catch(() => undefined)
    const flight: Flight = { revision, superseded, isSuperseded: false, done: Promise.resolve([]) }
    this.#flight = flight
    this.#supersede = () => {
      flight.isSuperseded = true
      reject(new Superseded('a newer revision came'))
    }
    flight.done = body(flight).finally(() => {
      if (this.#flight !== flight) return
      this.#flight = undefined
      this.#supersede = () => undefined
    })
    return flight.done
  }

  /** Starts when nothing is under way any more. */
  async startAfter(body: (flight: Flight) => Promise<readonly Receipt[]>): Promise<readonly Receipt[]> {
    while (this.#flight !== undefined) await this.#flight.done.catch(() => undefined)
    return this.start(undefined, body)
  }
}
