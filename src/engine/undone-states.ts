// States that modules had when a reload of theirs was undone: what a redo can bring back. Of the newest undos only, and within a limit of bytes.

import type { ContentHash, FrameNumber } from '../protocol/values.ts'
import { CoppiceError } from '../protocol/errors.ts'
import { copyPlain } from './plain-copy.ts'
import type { Program } from './program.ts'
import { stateSize } from './state-size.ts'
import type { ClassKind } from './state-rules.ts'

/** What one undo took back. */
export interface UndoneReload {
  /** At whose end it was undone. */
  readonly frame: FrameNumber
  /** By module: the code that was left, and the state it had. */
  readonly modules: ReadonlyMap<string, { readonly entry: ContentHash; readonly state: unknown }>
}

/** As many as a module's code can be redone. */
const limit = 15
const mostBytes = 64e6

export class UndoneStates {
  readonly #classOf: (prototype: object) => ClassKind
  /** Oldest first. */
  #undone: readonly (UndoneReload & { readonly bytes: number })[] = []

  constructor(classOf: (prototype: object) => ClassKind) {
    this.#classOf = classOf
  }

  /** Before these modules of `program` go back. Gives the way to keep what they have now, for when they have. */
  note(program: Program, names: readonly string[]): () => void {
    const { frame } = program
    const modules = new Map<string, { readonly entry: ContentHash; readonly state: unknown }>()
    let bytes = 0
    for (const name of names) {
      const module = program.module(name)
      if (module === undefined) continue
      bytes += stateSize(module.seen, mostBytes)
      const state = bytes > mostBytes ? undefined : this.#copy(program, name)
      // All of what went together comes back together, or none.
      if (state === undefined) return () => undefined
      modules.set(name, { entry: module.entry, state })
    }
    return () => {
      this.#undone = [...this.#undone, { frame, modules, bytes }].slice(-limit)
      while (this.#undone.reduce((sum, one) => sum + one.bytes, 0) > mostBytes) this.#undone = this.#undone.slice(1)
    }
  }

  /** The newest that left this code of the module; undefined where it is not kept. Its states are copied by who takes them. */
  find(name: string, entry: ContentHash): UndoneReload | undefined {
    return this.#undone.findLast(({ modules }) => modules.get(name)?.entry === entry)
  }

  /** Undefined where it holds what no state may. */
  #copy(program: Program, name: string): unknown {
    try {
      return program.read(name, (seen) => copyPlain(seen, { classOf: this.#classOf }))
    } catch (error) {
      if (error instanceof CoppiceError) return undefined
      throw error
    }
  }
}
