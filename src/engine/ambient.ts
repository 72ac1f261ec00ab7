// The globals a module sees instead of the realm's, as the engine hands them to a code loader. A loader makes them the
// parameters of a function around each text, so no realm is patched and two engines can live side by side.

import type { ContentHash } from '../protocol/values.ts'
import type { ClassRegistry } from './class-registry.ts'
import { createShadowGlobals } from './shadow-globals.ts'
import type { ShadowOptions } from './shadow-globals.ts'

/** One top-level class of a workspace file: name, constructor, whether it has `#private` members. */
export type RegisteredClass = readonly [name: string, constructor: unknown, hasPrivateMembers: boolean]

/** Names and values that shadow the realm's globals in evaluated code. */
export interface Ambient {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
  /**
   * What a text's `__coppice_classes__(classes)` must call, bound by the loader to the text's file and hash. Not among
   * `names`, as it differs per text.
   */
  registerClasses(file: string, hash: ContentHash, classes: readonly RegisteredClass[]): void
}

/** The ambient of one engine with one kind of Math. */
export function createAmbient(options: ShadowOptions, classes: ClassRegistry): Ambient {
  const { names, values } = createShadowGlobals(options)
  return {
    names,
    values,
    registerClasses: (file, hash, registered) => classes.register(file, hash, registered),
  }
}
