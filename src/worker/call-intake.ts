// How a thread beside the engine's gets its calls: after each it stands and waits for the next one, which saves the way through messages.
// While it stands it gets none; so it does not stand for long, and gives way to all that waits once after every call.
//
//   message `look` ─► calls sent so far ─► other messages ─► stands: a call ─┐   something else was sent, or nothing came: back to messages
//                                               ▲─────────────────────────────┘

import { type SeatId, seatsPerThread, threadSlots } from '../protocol/module-host.ts'

/** Longer than a frame at 60. */
const standsMs = 30

export interface CallIntakeOptions {
  /** Shared with the engine's thread. */
  readonly memory: SharedArrayBuffer
  readonly run: (seat: SeatId) => void
  /** It must not stand: something is under way that needs messages. */
  readonly isBusy: () => boolean
  /** Calls back once all messages that wait have been taken. */
  readonly later: (callback: () => void) => void
}

/** Of one thread. */
export class CallIntake {
  readonly #options: CallIntakeOptions
  readonly #control: Int32Array
  #taken = 0

  constructor(options: CallIntakeOptions) {
    this.#options = options
    this.#control = new Int32Array(options.memory)
  }

  /** Runs what was sent, then waits for more. */
  look(): void {
    if (this.#runSent()) this.#standLater()
  }

  #standLater(): void {
    this.#options.later(() => this.#stand())
  }

  #stand(): void {
    if (this.#options.isBusy()) return
    const control = this.#control
    Atomics.store(control, threadSlots.isStanding, 1)
    const seen = Atomics.load(control, threadSlots.wake)
    let hasRun = this.#runSent()
    if (!hasRun) {
      Atomics.wait(control, threadSlots.wake, seen, standsMs)
      hasRun = this.#runSent()
    }
    Atomics.store(control, threadSlots.isStanding, 0)
    // A call may have been sent while it still seemed to stand: no message tells of that one.
    if (this.#runSent() || hasRun) this.#standLater()
  }

  #runSent(): boolean {
    const control = this.#control
    const before = this.#taken
    while (this.#taken !== Atomics.load(control, threadSlots.sent)) {
      const seat = Atomics.load(control, threadSlots.seats + (this.#taken & (seatsPerThread - 1)))
      // As the memory counts: with 32 bits.
      this.#taken = (this.#taken + 1) | 0
      Atomics.store(control, threadSlots.isCalling, 1)
      Atomics.store(control, threadSlots.taken, this.#taken)
      this.#options.run(seat)
      Atomics.store(control, threadSlots.isCalling, 0)
    }
    return this.#taken !== before
  }
}
