// How fast messages come in, module by module, over about the last second of engine time. For people only: no part of what the bus
// holds, and nothing computed depends on it.

import type { BusModuleInfo } from '../../protocol/bus.ts'
import type { BusPort } from './bus-port.ts'
import type { Mailbox } from './mailbox.ts'

const windowSeconds = 1

/** Counters as they stood when the window began, and what the window before was like. */
interface Window {
  readonly received: number
  readonly dropped: number
  readonly rateBefore: number
  readonly droppedBefore: boolean
}

export class QueueRates {
  #began: number | undefined
  readonly #windows = new Map<string, Window>()

  /** As each frame begins. */
  look(ports: Iterable<BusPort>, time: number): void {
    const seconds = time - (this.#began ?? Infinity)
    if (seconds >= 0 && seconds < windowSeconds) return
    for (const { name, mailbox } of ports) {
      const { received, dropped } = mailbox
      const before = seconds > 0 ? this.#windows.get(name) : undefined
      this.#windows.set(name, {
        received,
        dropped,
        rateBefore: before === undefined ? 0 : (received - before.received) / seconds,
        droppedBefore: before !== undefined && dropped > before.dropped,
      })
    }
    this.#began = time
  }

  /** `dropping`: something was dropped in this window or the one before. */
  of(name: string, mailbox: Mailbox): Pick<BusModuleInfo, 'rate' | 'dropping'> {
    const window = this.#windows.get(name)
    if (window === undefined) return { rate: 0, dropping: false }
    return { rate: window.rateBefore, dropping: window.droppedBefore || mailbox.dropped > window.dropped }
  }

  clear(): void {
    this.#began = undefined
    this.#windows.clear()
  }
}
