// Device inputs that an engine accepted and no frame has taken yet: should the engine end before, the next one is told of them again. What
// a frame took is in the journal. Aimed ones (`atFrame`) are not kept here: they wait in the captures.

import type { DeviceInput } from '../protocol/input.ts'
import type { JournalEntry } from '../protocol/journal.ts'

/** More come of no device between two frames. */
const limit = 1000

export class UntakenInputs {
  #inputs: { readonly input: DeviceInput; readonly key: string }[] = []

  /** An engine answered that it has it. */
  accepted(input: DeviceInput): void {
    this.#inputs.push({ input, key: JSON.stringify(input) })
    if (this.#inputs.length > limit) this.#inputs.shift()
  }

  /** Frames take inputs in the order in which they came: with one, all before it are taken too. */
  entered(entries: readonly JournalEntry[]): void {
    if (this.#inputs.length === 0) return
    for (const { input } of entries) {
      if (input.kind !== 'device') continue
      const key = JSON.stringify(input.input)
      const index = this.#inputs.findIndex((waiting) => waiting.key === key)
      if (index >= 0) this.#inputs.splice(0, index + 1)
    }
  }

  list(): readonly DeviceInput[] {
    return this.#inputs.map(({ input }) => input)
  }
}
