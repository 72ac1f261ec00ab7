// The threads in which modules run that are `threaded` (each one of its own) or `pool` (a few, shared), and the seats in them.

import type { ModuleSeat, ModuleThreads, SeatWatch } from '../engine/host.ts'
import { type PreparedAnswer, type SeatId, type SeatOrder, seatBytes, seatSlots } from '../protocol/module-host.ts'
import type { SideThread, StartThread } from './side-thread.ts'

interface Shared {
  readonly thread: SideThread
  readonly seats: Map<SeatId, Seat>
}

export class SideThreads implements ModuleThreads {
  readonly #start: StartThread
  readonly #poolSize: number
  readonly #pool: Shared[] = []
  readonly #own = new Set<Shared>()
  #lastSeat = 0

  /** `poolSize`: threads that `pool` modules share. */
  constructor(start: StartThread, poolSize: number) {
    this.#start = start
    this.#poolSize = poolSize
  }

  open(strategy: 'threaded' | 'pool'): ModuleSeat {
    const shared = strategy === 'threaded' ? this.#open(this.#own) : this.#leastLoaded()
    const id = ++this.#lastSeat
    const seat = new Seat(id, shared.thread, () => {
      shared.seats.delete(id)
      if (strategy === 'pool') return
      this.#own.delete(shared)
      shared.thread.terminate()
    })
    shared.seats.set(id, seat)
    return seat
  }

  /** Resolves when no seat is being prepared, in good or in bad. */
  async settled(): Promise<void> {
    for (const { seats } of [...this.#own, ...this.#pool]) for (const seat of seats.values()) await seat.settled
  }

  dispose(): void {
    for (const { thread } of [...this.#own, ...this.#pool]) thread.terminate()
    this.#own.clear()
    this.#pool.length = 0
  }

  #leastLoaded(): Shared {
    if (this.#pool.length < this.#poolSize) {
      const shared = this.#open()
      this.#pool.push(shared)
      return shared
    }
    return this.#pool.reduce((least, other) => (other.seats.size < least.seats.size ? other : least))
  }

  #open(own?: Set<Shared>): Shared {
    const shared: Shared = { thread: this.#start(), seats: new Map() }
    own?.add(shared)
    shared.thread.listen(
      (answer) => {
        if (answer.kind === 'prepared') shared.seats.get(answer.seat)?.prepared(answer)
      },
      (message) => {
        for (const seat of shared.seats.values()) seat.lost(message)
      },
    )
    return shared
  }
}

class Seat implements ModuleSeat {
  readonly #id: SeatId
  readonly #thread: SideThread
  readonly #closed: () => void
  readonly #shared = new SharedArrayBuffer(seatBytes)
  readonly #control = new Int32Array(this.#shared)
  #generation = 0
  #watch: SeatWatch | undefined
  #begun = 0
  /** When the newest preparation has ended. */
  settled: Promise<void> = Promise.resolve()
  #settle: () => void = () => undefined

  constructor(id: SeatId, thread: SideThread, closed: () => void) {
    this.#id = id
    this.#thread = thread
    this.#closed = closed
  }

  prepare(order: SeatOrder, watch: SeatWatch): void {
    this.#watch = watch
    const generation = ++this.#generation
    this.#settle()
    this.settled = new Promise((resolve) => {
      this.#settle = resolve
    })
    const texts = watch.texts()
    this.#thread.send({ kind: 'prepare', seat: this.#id, generation, order, texts, control: this.#shared })
  }

  call(call: number, state: number | undefined): void {
    this.#begun++
    this.#thread.send({ kind: 'call', seat: this.#id, call, state })
  }

  wait(): { readonly report: number; readonly state: number } {
    for (;;) {
      const done = Atomics.load(this.#control, seatSlots.done)
      if (done === this.#begun) break
      Atomics.wait(this.#control, seatSlots.done, done)
    }
    return {
      report: Atomics.load(this.#control, seatSlots.report),
      state: Atomics.load(this.#control, seatSlots.state),
    }
  }

  close(): void {
    this.#thread.send({ kind: 'close', seat: this.#id })
    this.#watch = undefined
    this.#settle()
    this.#closed()
  }

  prepared({ generation, result }: PreparedAnswer): void {
    if (generation !== this.#generation) return
    if (result.ok) this.#watch?.ready(result.memory)
    else this.#watch?.failed(result.message)
    this.#settle()
  }

  lost(message: string): void {
    this.#watch?.failed(`its thread ended: ${message}`)
    this.#settle()
  }
}
