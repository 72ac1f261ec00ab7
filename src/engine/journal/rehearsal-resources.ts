// What `setup` made for rehearsals, kept from one to the next where a capture puts its contents back: a physics world is not built anew
// for every save. Belongs to no program that is present.

import type { CallTracker } from '../call-tracker.ts'
import type { Manifest } from '../../protocol/manifest.ts'
import type { Program } from '../program.ts'
import type { PreparedModule } from '../reload-target.ts'
import { ResourcePreparation } from '../resource-preparation.ts'
import type { ResourcePreparationParts, ResourceSteps } from '../resource-preparation.ts'
import type { Resources } from '../resources.ts'

export class RehearsalResources {
  readonly #kept = new Map<string, Resources>()

  /** Where the modules of one rehearsal have their resources from. `copy` copies states. */
  steps(parts: ResourcePreparationParts, manifest: Manifest, copy: (value: unknown) => unknown): ResourceSteps {
    const made = new ResourcePreparation(parts, manifest, copy)
    return {
      setUp: (modules) => {
        const missing = modules.filter((module) => !this.#lend(module))
        const pending = made.setUp(missing)
        for (const module of missing) if (isRestored(module)) this.#kept.set(keyOf(module), module.resources)
        return pending
      },
      restore: (modules) => made.restore(modules),
      discard: () => undefined,
    }
  }

  /** Disposes what is not kept of the program a rehearsal made. */
  end(call: CallTracker, program: Program | undefined): void {
    const kept = new Set(this.#kept.values())
    const entries = new Set(program?.modules.map((module) => `${module.entry} ${module.name}`))
    for (const [key, resources] of this.#kept) {
      if (program === undefined || entries.has(key)) continue
      this.#kept.delete(key)
      call.apart(() => resources.dispose())
    }
    for (const { name, resources } of program?.modules ?? [])
      if (!kept.has(resources)) call.apart(() => call.within(name, 'dispose', () => resources.dispose()))
  }

  /** Only what stands at the start of a rehearsal: a commit sets up anew, as it does in the living engine. */
  #lend(module: PreparedModule): boolean {
    if (module.target.instance !== undefined) return false
    const resources = this.#kept.get(keyOf(module))
    if (resources === undefined || resources.isAffectedBy(module.config)) return false
    module.resources = resources
    return true
  }
}

function isRestored({ definition, target }: PreparedModule): boolean {
  return target.instance === undefined && definition.snapshot !== undefined && definition.restore !== undefined
}

function keyOf({ target }: PreparedModule): string {
  return `${target.entry} ${target.manifest.name}`
}
