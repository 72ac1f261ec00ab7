// How much memory one call of a module may take in arrays and buffers, where that is limited: new code that is tried out must not take all
// there is (ML4). Code says what it is about to take by `__coppice_size__`, which the dev server puts where arrays are made.

import type { CallPhase } from '../protocol/pulse.ts'
import { isRepeatable } from './current-call.ts'
import { isObject } from './reflection.ts'

/** A call that took more than it may. */
export interface Overrun {
  readonly module: string
  readonly error: RangeError
}

/** Counts what calls take; limits nothing until it is told to. */
export class AllocationLimit {
  #limit = Infinity
  #taken = 0
  /** The first since the limit was set. */
  overrun: Overrun | undefined

  /** From here on, until `lift`; bytes a call. */
  set(limit: number): void {
    this.#limit = limit
    this.overrun = undefined
  }

  lift(): void {
    this.#limit = Infinity
  }

  callBegan(): void {
    this.#taken = 0
  }

  /** The call takes so many bytes more. Throws a RangeError over the limit: nothing has been taken then. */
  take(bytes: number, module: string | undefined, phase: CallPhase): void {
    // What touches the world may have much to load.
    if (module === undefined || !isRepeatable(phase)) return
    this.#taken += bytes
    if (this.#taken <= this.#limit) return
    const most = megabytes(this.#limit)
    const error = new RangeError(
      `\`${phase}\` of ${module} takes ${megabytes(this.#taken)} of memory in one call. New code may take ${most}; where more is meant, take it in \`setup\`.`,
    )
    this.overrun ??= { module, error }
    throw error
  }
}

/** `__coppice_size__`: gives `size` back. */
export function createSizeCounter(take: (bytes: number) => void): (bytesPerElement: number, size: unknown) => unknown {
  return (bytesPerElement, size) => {
    const count = typeof size === 'number' ? size : lengthOf(size)
    if (count > 0) take(count * bytesPerElement)
    return size
  }
}

/** `412 MB`. */
export function megabytes(bytes: number): string {
  return `${String(Math.round(bytes / 1e6))} MB`
}

/** 0 for a buffer, of which a view takes nothing, and for what says no length. */
function lengthOf(value: unknown): number {
  if (!isObject(value) || value instanceof ArrayBuffer || !('length' in value)) return 0
  return typeof value.length === 'number' ? value.length : 0
}
