// A module's place in a thread beside the engine's, as the engine's side holds it: its orders go there, its calls, and what came of them.

import type { ModuleSeat, SeatEnd, SeatWatch } from '../engine/host.ts'
import { type PreparedAnswer, type SeatId, type SeatOrder, seatBytes, seatSlots } from '../protocol/module-host.ts'
import type { SeatThread } from './seat-thread.ts'

/** Looks at `done` before standing still: a short call has ended by then. */
const spins = 400
/** While it waits, it looks this often whether the thread still is. */
const looksEveryMs = 100

export class Seat implements ModuleSeat {
  readonly id: SeatId
  readonly thread: SeatThread
  readonly #closed: () => void
  readonly #shared = new SharedArrayBuffer(seatBytes)
  readonly #control = new Int32Array(this.#shared)
  #generation = 0
  #watch: SeatWatch | undefined
  #begun = 0
  /** When the newest preparation has ended. */
  settled: Promise<void> = Promise.resolve()
  #settle: () => void = () => undefined

  constructor(id: SeatId, thread: SeatThread, closed: () => void) {
    this.id = id
    this.thread = thread
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
    const { memory: thread } = this.thread
    this.thread.send({ kind: 'prepare', seat: this.id, generation, order, texts, control: this.#shared, thread })
  }

  call(call: number, state: number | undefined): void {
    // As the memory counts: with 32 bits.
    this.#begun = (this.#begun + 1) | 0
    Atomics.store(this.#control, seatSlots.call, call)
    Atomics.store(this.#control, seatSlots.handed, state ?? 0)
    this.thread.call(this.id)
  }

  wait(): SeatEnd {
    const control = this.#control
    for (let i = 0; i < spins; i++) if (Atomics.load(control, seatSlots.done) === this.#begun) break
    for (;;) {
      const { gone } = this.thread
      const done = Atomics.load(control, seatSlots.done)
      if (done === this.#begun) break
      if (gone !== undefined)
        return { kind: 'gone', isWithin: Atomics.load(control, seatSlots.taken) === this.#begun, message: gone }
      if (Atomics.wait(control, seatSlots.done, done, looksEveryMs) === 'timed-out') this.thread.look()
    }
    return {
      kind: 'ended',
      report: Atomics.load(control, seatSlots.report),
      state: Atomics.load(control, seatSlots.state),
    }
  }

  sharesThread(other: ModuleSeat): boolean {
    return other instanceof Seat && other.thread === this.thread
  }

  close(): void {
    this.thread.send({ kind: 'close', seat: this.id })
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
    this.#watch?.lost(message)
    this.#settle()
  }
}
