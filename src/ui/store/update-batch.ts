// What the client tells between two pictures of the page changes the store once: a save makes a dozen events, and drawing
// the page for each would keep the next one waiting.

import type { UiState, UiStore } from './ui-store.ts'

/** What changes, seen from the state as it then is. */
export type UiUpdate = (state: UiState) => Partial<UiState>

/** Runs `flush` once, before the next picture; returns how to cancel. */
export type FlushSchedule = (flush: () => void) => () => void

/** Pictures do not come where the page is hidden: then it is done a little later. */
const hiddenMs = 200

export const beforeNextPicture: FlushSchedule = (flush) => {
  const cancel = (): void => {
    cancelAnimationFrame(request)
    clearTimeout(timer)
  }
  const run = (): void => {
    cancel()
    flush()
  }
  const request = requestAnimationFrame(run)
  const timer = setTimeout(run, hiddenMs)
  return cancel
}

/** Resolves when no save is on its way: at once, or before a later picture. */
export function whenNotSaving(client: { readonly isSaving: boolean }): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (client.isSaving) beforeNextPicture(look)
      else resolve()
    }
    look()
  })
}

/** Gathers updates of the store, in order. */
export class UpdateBatch {
  readonly #store: UiStore
  readonly #schedule: FlushSchedule
  readonly #isHeld: () => boolean
  #updates: UiUpdate[] = []
  #cancel: (() => void) | undefined

  /** `isHeld`: the next picture brings nothing new, the one after it may. */
  constructor(store: UiStore, schedule: FlushSchedule, isHeld: () => boolean = () => false) {
    this.#store = store
    this.#schedule = schedule
    this.#isHeld = isHeld
  }

  add(update: UiUpdate): void {
    this.#updates.push(update)
    if (this.#cancel === undefined) this.#wait()
  }

  /** Applies what has gathered at once. */
  flush(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const updates = this.#updates
    if (updates.length === 0) return
    this.#updates = []
    this.#store.setState((before) => {
      let state = before
      for (const update of updates) state = { ...state, ...update(state) }
      return state
    })
  }

  #wait(): void {
    this.#cancel = this.#schedule(() => {
      if (this.#isHeld()) this.#wait()
      else this.flush()
    })
  }

  /** Forgets what has gathered. */
  dispose(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#updates = []
  }
}
