// The shape that a module's state is meant for, made again where only the state came along: `init` is run as it was, and what it gives is
// looked at and dropped.

import type { CallTracker } from '../call-tracker.ts'
import type { ClassRegistry } from '../class-registry.ts'
import type { CodeBase } from '../code-base.ts'
import { effectiveConfig } from '../config-layers.ts'
import { initOrigin, profileOf } from '../init-profile.ts'
import type { InitProfile } from '../init-profile.ts'
import type { ModuleInstance } from '../module-instance.ts'
import { createRandom } from '../random.ts'
import { forInit, nothingSaved } from '../saved-data.ts'

interface ProfileParts {
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
}

/** The profile of the `init` a module's state is meant for; undefined where that is not known or `init` throws. */
export function rebuildProfile(
  { code, classes, call }: ProfileParts,
  { name, entry, definition, layers, initStream }: ModuleInstance,
): InitProfile | undefined {
  if (initStream === undefined) return undefined
  const config = effectiveConfig(layers)
  const origin = initOrigin(definition, code.text(entry), config, initStream)
  const { seed, module, frame } = initStream
  try {
    const random = createRandom(seed, module, 'init', frame)
    const saved = forInit(initStream.saved ?? nothingSaved)
    const sample = call.muted(() => call.within(name, 'init', () => definition.init({ config, random, saved })))
    return profileOf(sample, origin, (prototype) => classes.nameOf(prototype))
  } catch {
    // Then its shape is not known: a reload checks the whole state against the new one.
    return undefined
  }
}
