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

/** So long answers take that are asked for as a batch of events comes (pace.ts). */
const answersMs = 8

/** As `beforeNextPicture`, once those answers are likely there, so that one picture shows both. */
export const beforeAnsweredPicture: FlushSchedule = (flush) => {
  const timer = setTimeout(() => {
    cancel = beforeNextPicture(flush)
  }, answersMs)
  let cancel = (): void => clearTimeout(timer)
  return () => cancel()
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

export interface UpdateBatchOptions {
  /** When news is shown. */
  readonly soon: FlushSchedule
  /** When what recurs is shown, where no news comes before. */
  readonly later: FlushSchedule
  /** The next picture brings nothing new, the one after it may. */
  readonly isHeld: () => boolean
}

/** Gathers updates of the store, in order. */
export class UpdateBatch {
  readonly #store: UiStore
  readonly #options: UpdateBatchOptions
  #updates: UiUpdate[] = []
  #cancel: (() => void) | undefined
  #isSoon = false

  constructor(store: UiStore, options: UpdateBatchOptions) {
    this.#store = store
    this.#options = options
  }

  /** News: shown as soon as can be. */
  add(update: UiUpdate): void {
    this.#updates.push(update)
    if (!this.#isSoon) this.#wait('soon')
  }

  /** What comes again and again while the program runs. */
  addRecurring(update: UiUpdate): void {
    this.#updates.push(update)
    if (this.#cancel === undefined) this.#wait('later')
  }

  /** As `addRecurring`, for what is kept outside the store. */
  show(effect: () => void): void {
    this.addRecurring(() => {
      effect()
      return {}
    })
  }

  /** Applies what has gathered at once. */
  flush(): void {
    this.#unschedule()
    const updates = this.#updates
    if (updates.length === 0) return
    this.#updates = []
    this.#store.setState((before) => {
      let state = before
      for (const update of updates) state = { ...state, ...update(state) }
      return state
    })
  }

  /** Forgets what has gathered. */
  dispose(): void {
    this.#unschedule()
    this.#updates = []
  }

  #wait(when: 'soon' | 'later'): void {
    this.#cancel?.()
    this.#isSoon = when === 'soon'
    this.#cancel = this.#options[when](() => {
      if (this.#options.isHeld()) this.#wait('soon')
      else this.flush()
    })
  }

  #unschedule(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#isSoon = false
  }
}
