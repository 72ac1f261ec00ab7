// Device input on its way into a program: waiting for the next frame, or for one it is aimed at. What has entered is the journal's.

import type { DeviceInput } from '../protocol/input.ts'
import type { FrameNumber } from '../protocol/values.ts'

/** What waits, as plain data, for captures. */
export interface WaitingInputs {
  readonly next: readonly DeviceInput[]
  readonly later: readonly (readonly [frame: number, inputs: readonly DeviceInput[]])[]
}

const nothing: readonly DeviceInput[] = []

/** The waiting inputs of one program. */
export class Inputs {
  #next: DeviceInput[] = []
  readonly #later = new Map<number, DeviceInput[]>()

  /** For the next frame, or for the start of `atFrame`. */
  add(input: DeviceInput, atFrame?: number): void {
    if (atFrame === undefined) {
      this.#next.push(input)
      return
    }
    const waiting = this.#later.get(atFrame)
    if (waiting === undefined) this.#later.set(atFrame, [input])
    else waiting.push(input)
  }

  /** Device inputs of `frame`, in order of arrival: first those aimed at it, then the others. */
  take(frame: FrameNumber): readonly DeviceInput[] {
    if (this.isEmpty) return nothing
    const aimed = this.#later.get(frame)
    this.#later.delete(frame)
    const taken = aimed === undefined ? this.#next : [...aimed, ...this.#next]
    this.#next = []
    return taken
  }

  get isEmpty(): boolean {
    return this.#next.length === 0 && this.#later.size === 0
  }

  contents(): WaitingInputs {
    return { next: [...this.#next], later: [...this.#later].map(([frame, inputs]) => [frame, [...inputs]]) }
  }

  restore({ next, later }: WaitingInputs): void {
    this.#next = [...next]
    this.#later.clear()
    for (const [frame, inputs] of later) this.#later.set(frame, [...inputs])
  }
}
