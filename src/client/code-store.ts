// All texts this page was ever sent, by content hash: they outlive the worker that runs them, so that a new worker can
// be brought to any version without asking the server.

import { textsReached } from '../protocol/code.ts'
import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { ContentHash } from '../protocol/values.ts'

export class CodeStore {
  readonly #texts = new Map<ContentHash, CodeText>()

  add(texts: readonly CodeText[]): void {
    for (const text of texts) this.#texts.set(text.hash, text)
  }

  all(): readonly CodeText[] {
    return [...this.#texts.values()]
  }

  /** What a server need not send again. */
  known(): readonly ContentHash[] {
    return [...this.#texts.keys()]
  }

  /** The texts an entry reaches, itself included, as far as they are here. */
  reach(entry: ContentHash): readonly CodeText[] {
    return textsReached(this.#texts, [entry])
  }

  /** The same revision with every text its modules need: for a worker that may lack some. */
  complete(revision: ProgramRevision): ProgramRevision {
    const texts = new Map(revision.texts.map((text) => [text.hash, text]))
    for (const code of revision.modules) {
      if ('entry' in code) for (const text of this.reach(code.entry)) texts.set(text.hash, text)
    }
    return { ...revision, texts: [...texts.values()] }
  }
}
