// A thread beside the engine's in which modules have their seats: how calls get there, and whether it still is there.
//
//   call ─► `sent` climbs ─► it stands and is woken; else: message `look`
//   gone: it told so (an error), it is known to have ended, or it takes no call up though it is in none

import { type SeatId, seatsPerThread, threadBytes, threadSlots } from '../protocol/module-host.ts'
import type { Seat } from './module-seat.ts'
import type { SideRequest, SideThread } from './side-thread.ts'

/** Looks without a call taken up, after which it is taken for gone: before who watches the engine takes that for hung. */
const looksLimit = 5

export class SeatThread {
  readonly seats = new Map<SeatId, Seat>()
  readonly memory = new SharedArrayBuffer(threadBytes)
  readonly #thread: SideThread
  readonly #lost: () => void
  readonly #control = new Int32Array(this.memory)
  #gone: string | undefined
  #looks = 0
  #takenBefore = 0

  /** `lost`: it is gone, and nobody wants it gone. */
  constructor(thread: SideThread, lost: () => void) {
    this.#thread = thread
    this.#lost = lost
    thread.listen(
      (answer) => {
        if (answer.kind === 'prepared') this.seats.get(answer.seat)?.prepared(answer)
      },
      (message) => this.#fail(message),
    )
  }

  /** Why it does nothing any more; undefined: as far as is known, it does. */
  get gone(): string | undefined {
    return this.#gone
  }

  send(message: SideRequest): void {
    this.#thread.send(message)
    Atomics.add(this.#control, threadSlots.wake, 1)
    Atomics.notify(this.#control, threadSlots.wake)
  }

  /** A call of this seat is to be taken up. */
  call(seat: SeatId): void {
    const control = this.#control
    const sent = Atomics.load(control, threadSlots.sent)
    Atomics.store(control, threadSlots.seats + (sent & (seatsPerThread - 1)), seat)
    Atomics.add(control, threadSlots.sent, 1)
    Atomics.add(control, threadSlots.wake, 1)
    if (Atomics.load(control, threadSlots.isStanding) === 1) Atomics.notify(control, threadSlots.wake)
    else this.#thread.send({ kind: 'look' })
  }

  /** By who waits for a call of it, a few times a second. */
  look(): void {
    const control = this.#control
    const ended = this.#thread.whyEnded()
    const taken = Atomics.load(control, threadSlots.taken)
    const isIdle = taken === this.#takenBefore && Atomics.load(control, threadSlots.isCalling) === 0
    this.#takenBefore = taken
    this.#looks = isIdle ? this.#looks + 1 : 0
    if (ended !== undefined) this.#fail(ended)
    else if (this.#looks >= looksLimit) this.#fail('it takes no calls any more')
  }

  terminate(): void {
    this.#gone ??= 'it was ended'
    this.#thread.terminate()
  }

  #fail(message: string): void {
    if (this.#gone !== undefined) return
    this.#gone = message
    this.#thread.terminate()
    this.#lost()
    // A frame may be under way, whose calls wait for others of its seats.
    queueMicrotask(() => {
      for (const seat of this.seats.values()) seat.lost(message)
    })
  }
}
