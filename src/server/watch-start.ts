// From the reading of a workspace to the moment Vite's watcher follows all of its files: a change in between reaches no
// event. Until then, and once more after, the files are compared with what was read. Owns the timer, nothing else.

import { basename, dirname, join } from 'node:path'
import type { FSWatcher } from 'vite'

const firstMs = 50
const longestMs = 1_000
/** The watcher of a folder starts a moment after its files are listed as watched. */
const settleMs = 250
/** Files that the watcher is told to ignore are never followed: after so many looks no more are taken. */
const maxLooks = 20

/** Whether the watcher follows all of these files; `paths` are relative to the folder. */
export const followsAll = (watcher: FSWatcher, folder: string, paths: readonly string[]): boolean => {
  const watched = watcher.getWatched()
  const names = new Map<string, ReadonlySet<string>>()
  return paths.every((path) => {
    const file = join(folder, path)
    const parent = dirname(file)
    const known = names.get(parent) ?? new Set(watched[parent])
    names.set(parent, known)
    return known.has(basename(file))
  })
}

export class WatchStart {
  readonly #look: () => Promise<boolean>
  readonly #failed: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined

  /** `look` compares the files with what was read; true where the watcher followed them all before it did. */
  constructor(look: () => Promise<boolean>, failed: (error: unknown) => void) {
    this.#look = look
    this.#failed = failed
  }

  start(): void {
    this.#lookIn(firstMs, 1)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #lookIn(ms: number, count: number): void {
    const timer = setTimeout(() => {
      this.#look().then((isFollowed) => {
        if (this.#timer !== timer || count >= maxLooks) return
        if (!isFollowed) this.#lookIn(Math.min(ms * 1.5, longestMs), count + 1)
        else this.#lookIn(settleMs, maxLooks)
      }, this.#failed)
    }, ms)
    this.#timer = timer
  }
}
