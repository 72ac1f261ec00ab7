// What the modules of one program let out in its newest frame, held until that is decided: a call that throws leaves nothing of it,
// a frame that is computed again lets nothing out. What leaves is the gate's to say (output-gate.ts).

import type { Output } from '../protocol/outputs.ts'

const nothing: readonly Output[] = []

/** The outputs of one program's newest frame. */
export class Outputs {
  #byModule = new Map<string, Output[]>()
  #own: Output[] = []

  /** Before the frame's modules are called: what was not let go of is gone. */
  beginFrame(): void {
    if (this.#byModule.size > 0) this.#byModule = new Map()
    if (this.#own.length > 0) this.#own = []
  }

  /** Of the module that is called. */
  add(module: string, output: Output): void {
    const outputs = this.#byModule.get(module)
    if (outputs === undefined) this.#byModule.set(module, [output])
    else outputs.push(output)
  }

  /** The engine's own, and what follows from the frame as a whole; after the modules'. */
  addOwn(output: Output): void {
    this.#own.push(output)
  }

  /** The module's call threw: it was none. */
  discard(module: string): void {
    this.#byModule.delete(module)
  }

  /** All of the frame, modules in that order. */
  list(modules: readonly { readonly name: string }[]): readonly Output[] {
    if (this.#byModule.size === 0) return this.#own.length === 0 ? nothing : [...this.#own]
    return [...modules.flatMap(({ name }) => this.#byModule.get(name) ?? nothing), ...this.#own]
  }
}
