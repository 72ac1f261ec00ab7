// All code of one engine: the texts it was sent, the loader that evaluates them, and the number of each version. Texts stay
// here too, because a change of the manifest's `math` needs a new loader with other ambient names.

import type { CodeText } from '../protocol/code.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { ContentHash, SourceError, SourcePosition } from '../protocol/values.ts'
import type { Ambient } from './ambient.ts'
import { PromiseReturned } from './definition.ts'
import type { CodeLoader } from './host.ts'
import { isObject } from './reflection.ts'
import { StateDiffers } from './state-handover.ts'

export type MathKind = Manifest['math']

/** The engine's code. `makeLoader` makes a loader whose ambient has that kind of Math. */
export class CodeBase {
  readonly #makeLoader: (math: MathKind) => CodeLoader
  readonly #texts = new Map<ContentHash, CodeText>()
  readonly #numbers = new Map<string, Map<ContentHash, number>>()
  #math: MathKind = 'portable'
  #ambient: Ambient | undefined
  #loader: CodeLoader

  constructor(createLoader: (ambient: Ambient) => CodeLoader, createAmbient: (math: MathKind) => Ambient) {
    this.#makeLoader = (math) => {
      const ambient = createAmbient(math)
      this.#ambient = ambient
      return createLoader(ambient)
    }
    this.#loader = this.#makeLoader(this.#math)
  }

  get math(): MathKind {
    return this.#math
  }

  /** Of the dates that modules make; undefined where they are the realm's. */
  get datePrototype(): object | undefined {
    const index = this.#ambient?.names.indexOf('Date') ?? -1
    const shadow = this.#ambient?.values[index]
    const prototype: unknown = typeof shadow === 'function' ? shadow.prototype : undefined
    return isObject(prototype) ? prototype : undefined
  }

  /** With another kind than before, everything is evaluated again when it is next loaded. */
  setMath(math: MathKind): void {
    if (math === this.#math) return
    this.#math = math
    this.#loader = this.#makeLoader(math)
    this.#loader.add([...this.#texts.values()])
  }

  add(texts: readonly CodeText[]): void {
    for (const text of texts) this.#texts.set(text.hash, text)
    this.#loader.add(texts)
  }

  text(hash: ContentHash): CodeText | undefined {
    return this.#texts.get(hash)
  }

  /** All that an entry reaches. */
  textsOf(entry: ContentHash): readonly CodeText[] {
    return [...this.#loader.reach(entry)].map((hash) => this.#texts.get(hash)).filter((text) => text !== undefined)
  }

  load(entry: ContentHash): Promise<Readonly<Record<string, unknown>>> {
    return this.#loader.load(entry)
  }

  reach(entry: ContentHash): ReadonlySet<ContentHash> {
    return this.#loader.reach(entry)
  }

  release(keep: Iterable<ContentHash>): void {
    this.#loader.release(keep)
  }

  /** What a module's code threw, at its place in the source; at least the module's file is known. */
  describe(error: unknown, entry: ContentHash | undefined, path: string | undefined): SourceError {
    const described = this.#loader.describe(error)
    if (described.line !== undefined) return described
    const file = described.file ?? path
    const position =
      (error instanceof PromiseReturned || error instanceof StateDiffers) && entry !== undefined
        ? this.#loader.locate?.(entry, error.functionText)
        : undefined
    return { ...described, ...(file === undefined ? {} : { file }), ...position }
  }

  callSite(): SourcePosition | undefined {
    return this.#loader.callSite()
  }

  /** The numbers of versions are given anew. */
  forgetNumbers(): void {
    this.#numbers.clear()
  }

  /** Number of this text as a version of `module`: 1, 2, 3 … in order of first commit; a text that returns keeps its own. */
  versionOf(module: string, entry: ContentHash): number {
    let numbers = this.#numbers.get(module)
    if (numbers === undefined) {
      numbers = new Map()
      this.#numbers.set(module, numbers)
    }
    let number = numbers.get(entry)
    if (number === undefined) {
      number = numbers.size + 1
      numbers.set(entry, number)
    }
    return number
  }
}
