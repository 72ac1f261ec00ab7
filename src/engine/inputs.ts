// What enters a program from outside: device input waiting for its frame, and the record of all that entered, frame by
// frame. Everything that can change the future and is not computed by the program passes here (FL1).

import type { DeviceInput } from '../protocol/input.ts'
import type { DataPath, FrameNumber } from '../protocol/values.ts'

/** One thing that entered. Plain data. */
export type ProgramInput =
  | { readonly kind: 'device'; readonly input: DeviceInput }
  | { readonly kind: 'publish'; readonly topic: string; readonly data: unknown }
  | { readonly kind: 'state'; readonly module: string; readonly path: DataPath; readonly value: unknown }
  | { readonly kind: 'config'; readonly module: string; readonly changes: Readonly<Record<string, unknown>> }
  /** A commit: which version each module runs from this frame on. */
  | { readonly kind: 'versions'; readonly versions: Readonly<Record<string, number>> }
  /** The engine's own decision: the module threw and its frame does not count. */
  | { readonly kind: 'missed'; readonly module: string }

export interface RecordedInput {
  readonly frame: FrameNumber
  readonly input: ProgramInput
}

const recordLimit = 20_000
const nothing: readonly DeviceInput[] = []

/** The inputs of one program. */
export class Inputs {
  #next: DeviceInput[] = []
  readonly #later = new Map<number, DeviceInput[]>()
  #record: RecordedInput[] = []

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
    if (this.#next.length === 0 && this.#later.size === 0) return nothing
    const aimed = this.#later.get(frame)
    this.#later.delete(frame)
    const taken = aimed === undefined ? this.#next : [...aimed, ...this.#next]
    this.#next = []
    for (const input of taken) this.record(frame, { kind: 'device', input })
    return taken
  }

  /** Keeps the newest 20 000. */
  record(frame: FrameNumber, input: ProgramInput): void {
    this.#record.push({ frame, input })
    // Halved rather than shifted, so that a full record costs nothing per frame.
    if (this.#record.length >= recordLimit * 2) this.#record = this.#record.slice(-recordLimit)
  }

  /** What entered from `frame` on, oldest first. */
  recordedSince(frame: number): readonly RecordedInput[] {
    return this.#record.filter((recorded) => recorded.frame >= frame)
  }
}
