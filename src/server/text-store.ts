// The texts of one workspace by content hash: those of the present revision, and as many older ones as a size limit
// allows, for pages that ask for what they lost.

import { textsReached } from '../protocol/code.ts'
import type { CodeText } from '../protocol/code.ts'
import type { ContentHash } from '../protocol/values.ts'

/** In characters of text; sources maps count too. */
const sizeLimit = 64 * 1024 * 1024

const sizeOf = ({ text, map }: CodeText): number => text.length + (map?.length ?? 0)

export class TextStore {
  /** Oldest first. */
  readonly #texts = new Map<ContentHash, CodeText>()
  #size = 0

  /** Adds texts as the newest; what `entries` reach is not dropped. */
  add(texts: Iterable<CodeText>, entries: ReadonlySet<ContentHash>): void {
    for (const text of texts) {
      if (!this.#texts.delete(text.hash)) this.#size += sizeOf(text)
      this.#texts.set(text.hash, text)
    }
    if (this.#size <= sizeLimit) return
    const kept = new Set(this.reach([...entries]).map(({ hash }) => hash))
    for (const [hash, text] of this.#texts) {
      if (this.#size <= sizeLimit) return
      if (kept.has(hash)) continue
      this.#texts.delete(hash)
      this.#size -= sizeOf(text)
    }
  }

  get(hash: ContentHash): CodeText | undefined {
    return this.#texts.get(hash)
  }

  /** All texts that the entries reach, themselves included. */
  reach(entries: readonly ContentHash[]): readonly CodeText[] {
    return textsReached(this.#texts, entries)
  }
}
