// Knows the classes declared at the top level of workspace files, and keeps instances working over a reload (ML7): when a
// newer version of a class becomes the active one, the prototypes before it are emptied and linked to the newest, so that
// every instance finds the new methods without a walk over the state. A class is known by file and name.

import type { ContentHash } from '../protocol/values.ts'
import type { RegisteredClass } from './ambient.ts'

type Kind = 'known' | 'private' | 'unknown'

interface ClassVersion {
  readonly key: string
  readonly name: string
  readonly prototype: object
  readonly hasPrivateMembers: boolean
  /** As they were at registration: what emptying takes away, and an undo brings back. */
  readonly parent: object | null
  readonly members: PropertyDescriptorMap
}

/** Everything of the classes of one engine. Nothing here grows with the state. */
export class ClassRegistry {
  readonly #byPrototype = new WeakMap<object, ClassVersion>()
  /** By hash of the text that declared them. */
  readonly #byText = new Map<ContentHash, readonly ClassVersion[]>()
  /** The class that instances of `file#Name` follow now. */
  readonly #active = new Map<string, ClassVersion>()
  /** All prototypes ever active under a key, so that old instances follow every later reload. */
  readonly #history = new Map<string, Set<ClassVersion>>()

  /** Called while a text is evaluated; changes nothing of what runs until `activate`. */
  register(file: string, hash: ContentHash, classes: readonly RegisteredClass[]): void {
    const versions: ClassVersion[] = []
    for (const [name, constructor, hasPrivateMembers] of classes) {
      if (typeof constructor !== 'function') continue
      const prototype: unknown = constructor.prototype
      if (typeof prototype !== 'object' || prototype === null) continue
      const version: ClassVersion = {
        key: `${file}#${name}`,
        name,
        prototype,
        hasPrivateMembers,
        parent: parentOf(prototype),
        members: Object.getOwnPropertyDescriptors(prototype),
      }
      this.#byPrototype.set(prototype, version)
      versions.push(version)
    }
    this.#byText.set(hash, versions)
  }

  /** Whether instances with this prototype may be in state. */
  kindOf(prototype: object): Kind {
    const version = this.#byPrototype.get(prototype)
    if (version === undefined) return 'unknown'
    return version.hasPrivateMembers ? 'private' : 'known'
  }

  /** Class name of instances with this prototype; undefined where it is not registered. */
  nameOf(prototype: object): string | undefined {
    return this.#byPrototype.get(prototype)?.name
  }

  /**
   * Makes the classes of these texts the active ones: the commit. `texts` is everything the running modules reach. Work is
   * proportional to the number of classes that changed, plus one look-up per text.
   */
  activate(texts: Iterable<ContentHash>): void {
    const next = new Map<string, ClassVersion>()
    for (const hash of texts) {
      for (const version of this.#byText.get(hash) ?? []) next.set(version.key, version)
    }
    const before = [...this.#active]
    for (const [key, version] of next) {
      if (this.#active.get(key) === version) continue
      this.#active.set(key, version)
      this.#follow(key, version)
    }
    for (const [key, version] of before) {
      if (next.has(key)) continue
      this.#active.delete(key)
      const successors = [...next.values()].filter((candidate) => candidate.name === version.name)
      const [successor] = successors
      if (successor === undefined || successors.length > 1) continue
      this.#moveHistory(key, successor)
    }
  }

  /** Old prototypes under `key` now lead to `newest`. */
  #follow(key: string, newest: ClassVersion): void {
    const history = this.#history.get(key) ?? new Set<ClassVersion>()
    this.#history.set(key, history)
    history.delete(newest)
    refill(newest)
    for (const old of history) relink(old, newest)
    history.add(newest)
  }

  /** The class moved to another file: its instances follow it there. */
  #moveHistory(key: string, successor: ClassVersion): void {
    const moved = this.#history.get(key)
    if (moved === undefined) return
    const history = this.#history.get(successor.key) ?? new Set<ClassVersion>()
    this.#history.set(successor.key, history)
    for (const old of moved) {
      if (old === successor) continue
      relink(old, successor)
      history.add(old)
    }
    this.#history.delete(key)
  }
}

function parentOf(prototype: object): object | null {
  const parent: unknown = Object.getPrototypeOf(prototype)
  return typeof parent === 'object' ? parent : null
}

function empty(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) Reflect.deleteProperty(prototype, key)
}

/** A prototype that was emptied before gets its own members back: an undo. */
function refill(version: ClassVersion): void {
  if (Object.getPrototypeOf(version.prototype) !== version.parent) Reflect.setPrototypeOf(version.prototype, version.parent)
  for (const key of Reflect.ownKeys(version.members)) {
    if (Object.hasOwn(version.prototype, key)) continue
    const member = Object.getOwnPropertyDescriptor(version.members, key)?.value as PropertyDescriptor | undefined
    if (member !== undefined) Reflect.defineProperty(version.prototype, key, member)
  }
}

function relink(old: ClassVersion, newest: ClassVersion): void {
  empty(old.prototype)
  Reflect.setPrototypeOf(old.prototype, newest.prototype)
}
