// What the server last saw in each file of a workspace: by its hash an echo of an own write is told from an edit by
// another program, and by its text an edit gets its title.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentHash } from '../protocol/values.ts'
import { hashOf } from './content-hash.ts'
import { bytesThere, statThere } from './source-bytes.ts'
import { decodeText } from './workspace-files.ts'

/** Larger texts are known by their hash only. */
const maxTitleBytes = 256 * 1024

const emptyHash = hashOf('')

/** Clocks of file systems tick slowly: a file read so soon after a write may be written again unnoticed. */
const clockTickMs = 50

interface KnownContent {
  readonly hash: ContentHash
  readonly text: string | undefined
  /** Equal for a file nobody has touched; undefined where that can't be told. */
  readonly stamp: string | undefined
}

/** What became of a file since it was last looked at. */
export interface SeenChange {
  readonly path: string
  readonly kind: 'created' | 'changed' | 'deleted'
  readonly hash?: ContentHash
  readonly before: string | undefined
  readonly after: string | undefined
}

export class KnownContents {
  readonly #folder: string
  readonly #contents = new Map<string, KnownContent>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Looks at the file on disk and remembers it; undefined where it is as it was. */
  async look(path: string): Promise<SeenChange | undefined> {
    const known = this.#contents.get(path)
    const stamp = this.#stamp(path)
    const bytes = await this.#readWhole(path, known)
    if (bytes === undefined) {
      if (known === undefined) return undefined
      this.#contents.delete(path)
      return { path, kind: 'deleted', before: known.text, after: undefined }
    }
    const hash = hashOf(bytes)
    if (known?.hash === hash) {
      this.#contents.set(path, { ...known, stamp })
      return undefined
    }
    const after = bytes.length > maxTitleBytes ? undefined : decodeText(bytes)
    this.#contents.set(path, { hash, text: after, stamp })
    return { path, kind: known === undefined ? 'created' : 'changed', hash, before: known?.text, after: after ?? '' }
  }

  /** Which of these files, and of those last seen, are not on disk as they were last seen. Remembers nothing. */
  async differing(paths: readonly string[]): Promise<readonly string[]> {
    const all = [...new Set([...paths, ...this.#contents.keys()])]
    const isOther = await Promise.all(
      all.map(async (path) => {
        const known = this.#contents.get(path)
        const stamp = this.#stamp(path)
        if (known !== undefined && stamp !== undefined && known.stamp === stamp) return false
        const bytes = await readFile(join(this.#folder, path)).catch(() => undefined)
        return (bytes === undefined ? undefined : hashOf(bytes)) !== known?.hash
      }),
    )
    return all.filter((_path, index) => isOther[index])
  }

  #stamp(path: string): string | undefined {
    const found = statThere(join(this.#folder, path))
    if (found === undefined || Date.now() - found.mtimeMs < clockTickMs) return undefined
    return `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`
  }

  /** Most programs empty a file before they write it: a text that just became empty is given a moment to be written. */
  async #readWhole(path: string, known: KnownContent | undefined): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt++) {
      const bytes = bytesThere(join(this.#folder, path))
      const isHalfWritten = bytes?.length === 0 && known !== undefined && known.hash !== emptyHash
      if (!isHalfWritten || attempt === 4) return bytes
      await new Promise((resolve) => {
        setTimeout(resolve, 5 * attempt)
      })
    }
  }

  /** Undefined: there was no such file. */
  hash(path: string): ContentHash | undefined {
    return this.#contents.get(path)?.hash
  }

  /** The text last seen. */
  text(path: string): string | undefined {
    return this.#contents.get(path)?.text
  }
}
