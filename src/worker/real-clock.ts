// The engine's clock and timers in a browser: performance.now, and setTimeout against an absolute time. setTimeout counts
// whole milliseconds and is held back to 4 ms once it is set from within itself five times over, so the last stretch of
// under a millisecond, and calls that are due at once, go through a MessageChannel: its tasks come without delay and let
// commands in between.

import type { Clock, Timers } from '../engine/host.ts'

/** A stretch shorter than this is waited for by hops: setTimeout knows no smaller step. */
const hopBelowMs = 1

/** Call `dispose` when the worker's engine goes: an open channel keeps Node alive. */
export class RealClock implements Clock, Timers {
  readonly #channel = new MessageChannel()
  readonly #hops = new Map<number, () => void>()
  #nextHop = 0

  constructor() {
    this.#channel.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'number') return
      const callback = this.#hops.get(data)
      this.#hops.delete(data)
      callback?.()
    }
  }

  now(): number {
    return performance.now()
  }

  callAt(at: number, callback: () => void): () => void {
    let cancel: () => void
    const arrive = (): void => {
      if (performance.now() < at) arm()
      else callback()
    }
    const arm = (): void => {
      const remaining = at - performance.now()
      if (remaining < hopBelowMs) {
        cancel = this.#hop(arrive)
        return
      }
      const timer = setTimeout(() => {
        // Out of the timer's own nesting, so that high frame rates are not held back to 4 ms.
        cancel = this.#hop(arrive)
      }, Math.floor(remaining))
      cancel = () => {
        clearTimeout(timer)
      }
    }
    arm()
    return () => {
      cancel()
    }
  }

  dispose(): void {
    this.#hops.clear()
    this.#channel.port1.close()
  }

  #hop(callback: () => void): () => void {
    const id = this.#nextHop++
    this.#hops.set(id, callback)
    this.#channel.port2.postMessage(id)
    return () => {
      this.#hops.delete(id)
    }
  }
}
