// What is wrong now, by stable id. A problem stands until its cause is gone; who sets one also clears it.

import type { Problem } from '../protocol/problem.ts'

/** The engine's own list; the server's problems of manifest and compilation are joined to it by the client. */
export class Problems {
  readonly #byId = new Map<string, Problem>()
  /** Climbs with every change: who shows the list compares it. */
  revision = 0

  set(problem: Problem): void {
    this.#byId.set(problem.id, problem)
    this.revision++
  }

  /** True where it stood. */
  clear(id: string): boolean {
    const stood = this.#byId.delete(id)
    if (stood) this.revision++
    return stood
  }

  /** All of one module: it left the program. */
  clearModule(module: string): void {
    for (const problem of this.list()) {
      if (problem.module === module) this.clear(problem.id)
    }
  }

  get(id: string): Problem | undefined {
    return this.#byId.get(id)
  }

  list(): readonly Problem[] {
    return [...this.#byId.values()]
  }
}
