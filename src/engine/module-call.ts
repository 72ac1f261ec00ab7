// One call of a module's `process`, and what dependents see after it: the same in the engine's thread (frame.ts) and in one beside it
// (src/worker/seated-module.ts). What a throw means is decided by who calls.

import { refusePromise } from './definition.ts'
import type { ModuleInstance } from './module-instance.ts'
import { copyPlain } from './plain-copy.ts'
import type { ClassKind } from './state-rules.ts'

/** Calls `process` on the module's state. Throws what it throws, and where it gives a promise. */
export function callProcess({ context, definition, state, config, resources }: ModuleInstance): void {
  context.state = state
  context.config = config
  context.resources = resources.value
  const result = definition.process(context)
  refusePromise(result, 'process', definition, 'it must do its work at once. Use `setup` for what is asynchronous.')
}

/** A copy, so that nobody can change what another sees; undefined where the module has no `expose`. Throws what that throws. */
export function exposedBy(module: ModuleInstance, classOf: (prototype: object) => ClassKind): unknown {
  const { expose } = module.definition
  if (expose === undefined) return undefined
  return copyPlain(expose(module.seen), { root: `expose of ${module.name}`, classOf })
}
