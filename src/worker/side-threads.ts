// The threads in which modules run that are `threaded` (each one of its own) or `pool` (a few, shared).

import type { ModuleSeat, ModuleThreads } from '../engine/host.ts'
import { Seat } from './module-seat.ts'
import { SeatThread } from './seat-thread.ts'
import type { StartThread } from './side-thread.ts'

/** How many threads share tasks, and how many `pool` modules: the machine's cores but the engine's own, 8 at most. */
export function sideThreadCount(cores: number): number {
  return Math.min(8, Math.max(1, cores - 1))
}

export class SideThreads implements ModuleThreads {
  readonly #start: StartThread
  readonly #poolSize: number
  #pool: SeatThread[] = []
  readonly #own = new Set<SeatThread>()
  #lastSeat = 0

  /** `poolSize`: threads that `pool` modules share. */
  constructor(start: StartThread, poolSize: number) {
    this.#start = start
    this.#poolSize = poolSize
  }

  open(strategy: 'threaded' | 'pool'): ModuleSeat {
    const thread = strategy === 'threaded' ? this.#openOwn() : this.#leastLoaded()
    const id = ++this.#lastSeat
    const seat = new Seat(id, thread, () => {
      thread.seats.delete(id)
      if (strategy === 'pool') return
      this.#own.delete(thread)
      thread.terminate()
    })
    thread.seats.set(id, seat)
    return seat
  }

  /** Resolves when no seat is being prepared, in good or in bad. */
  async settled(): Promise<void> {
    for (const { seats } of [...this.#own, ...this.#pool]) for (const seat of seats.values()) await seat.settled
  }

  dispose(): void {
    for (const thread of [...this.#own, ...this.#pool]) thread.terminate()
    this.#own.clear()
    this.#pool = []
  }

  #openOwn(): SeatThread {
    const thread: SeatThread = new SeatThread(this.#start(), () => this.#own.delete(thread))
    this.#own.add(thread)
    return thread
  }

  #leastLoaded(): SeatThread {
    if (this.#pool.length < this.#poolSize) {
      const thread: SeatThread = new SeatThread(this.#start(), () => {
        this.#pool = this.#pool.filter((other) => other !== thread)
      })
      this.#pool.push(thread)
      return thread
    }
    return this.#pool.reduce((least, other) => (other.seats.size < least.seats.size ? other : least))
  }
}
