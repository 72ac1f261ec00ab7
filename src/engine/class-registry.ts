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
  members: readonly (readonly [key: PropertyKey, member: PropertyDescriptor])[]
}

/** Everything of the classes of one engine. Nothing here grows with the state. */
export class ClassRegistry {
  readonly #byPrototype = new WeakMap<object, ClassVersion>()
  /** By hash of the text that declared them. */
  readonly #byText = new Map<ContentHash, readonly ClassVersion[]>()
  /** The class that instances of `file#Name` follow now. */
  readonly #active = new Map<string, ClassVersion>()
  /** All that were ever active under a key, so that old instances follow every later reload; gone when no instance is left. */
  readonly #history = new Map<string, WeakRef<ClassVersion>[]>()

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
        members: membersOf(prototype),
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

  /** `file#Name` of instances with this prototype, for `prototypeOf`; undefined where it is not registered. */
  keyOf(prototype: object): string | undefined {
    return this.#byPrototype.get(prototype)?.key
  }

  /** What instances of a class are made from now; one whose file is gone is found by its name, where only one has it. */
  prototypeOf(key: string): object | undefined {
    const active = this.#active.get(key)
    if (active !== undefined) return active.prototype
    const name = key.slice(key.lastIndexOf('#') + 1)
    const [only, ...others] = [...this.#active.values()].filter((version) => version.name === name)
    return others.length === 0 ? only?.prototype : undefined
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

  /** Forgets the classes of texts that can't be made active again; their instances stay linked to the newest. */
  release(keep: ReadonlySet<ContentHash>): void {
    for (const [hash, versions] of this.#byText) {
      if (keep.has(hash)) continue
      this.#byText.delete(hash)
      for (const version of versions) version.members = []
    }
  }

  /** Old prototypes under `key` now lead to `newest`. */
  #follow(key: string, newest: ClassVersion): void {
    refill(newest)
    const history = this.#living(key).filter((old) => old !== newest)
    for (const old of history) relink(old, newest)
    this.#history.set(
      key,
      [...history, newest].map((version) => new WeakRef(version)),
    )
  }

  /** The class moved to another file: its instances follow it there. */
  #moveHistory(key: string, successor: ClassVersion): void {
    const moved = this.#living(key).filter((old) => old !== successor)
    for (const old of moved) relink(old, successor)
    const history = new Set([...this.#living(successor.key), ...moved])
    this.#history.set(
      successor.key,
      [...history].map((version) => new WeakRef(version)),
    )
    this.#history.delete(key)
  }

  #living(key: string): ClassVersion[] {
    return (this.#history.get(key) ?? [])
      .map((reference) => reference.deref())
      .filter((version) => version !== undefined)
  }
}

function parentOf(prototype: object): object | null {
  const parent: unknown = Object.getPrototypeOf(prototype)
  return typeof parent === 'object' ? parent : null
}

function membersOf(prototype: object): [PropertyKey, PropertyDescriptor][] {
  const members: [PropertyKey, PropertyDescriptor][] = []
  for (const key of Reflect.ownKeys(prototype)) {
    const member = Reflect.getOwnPropertyDescriptor(prototype, key)
    if (member !== undefined) members.push([key, member])
  }
  return members
}

/** A prototype that was emptied before gets its own members back: an undo. */
function refill(version: ClassVersion): void {
  if (Object.getPrototypeOf(version.prototype) !== version.parent)
    Reflect.setPrototypeOf(version.prototype, version.parent)
  for (const [key, member] of version.members) {
    if (!Object.hasOwn(version.prototype, key)) Reflect.defineProperty(version.prototype, key, member)
  }
}

function relink(old: ClassVersion, newest: ClassVersion): void {
  for (const key of Reflect.ownKeys(old.prototype)) Reflect.deleteProperty(old.prototype, key)
  Reflect.setPrototypeOf(old.prototype, newest.prototype)
}
