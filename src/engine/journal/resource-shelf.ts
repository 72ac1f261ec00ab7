// The resources of present and former versions, by the journal entry that brought them: what was set up can't be made again at once, so
// a program that is computed again in this thread borrows them, and those of a version that may come back are not disposed yet.

import type { CallTracker } from '../call-tracker.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { PreparedModule } from '../reload-target.ts'
import type { ResourceSteps } from '../resource-preparation.ts'
import { Resources } from '../resources.ts'

export interface Shelved {
  readonly name: string
  /** Of the entry since which the module has had them. */
  readonly since: number
  /** Undefined where they are gone. */
  readonly resources: Resources | undefined
}

interface Retired {
  readonly module: string
  /** Of the entry that took them out of the program. */
  readonly by: number
  readonly resources: Resources
}

export class ResourceShelf {
  #shelved: Shelved[] = []
  #retired: Retired[] = []

  /** Of that entry on, what these modules have. */
  note(sequence: number, modules: readonly ModuleInstance[]): void {
    for (const { name, resources } of modules) {
      if (this.at(name, sequence) !== resources) this.#shelved.push({ name, since: sequence, resources })
    }
  }

  /** What modules had in another engine before all that was noted here, of each the oldest first. */
  noteEarlier(shelved: readonly Shelved[]): void {
    this.#shelved = [...shelved, ...this.#shelved]
  }

  /** What the module had when that entry was the newest. */
  at(name: string, sequence: number): Resources | undefined {
    return this.#shelved.findLast((one) => one.name === name && one.since <= sequence)?.resources
  }

  /** Taken out of the program by that entry, to be disposed when nothing can bring them back. */
  retire(by: number, resources: Iterable<readonly [module: string, resources: Resources]>): void {
    for (const [module, one] of resources) this.#retired.push({ module, by, resources: one })
  }

  /** They are in the program again. */
  restore(resources: ReadonlySet<Resources>): void {
    this.#retired = this.#retired.filter((one) => !resources.has(one.resources))
  }

  /** Those that were retired before the oldest entry that can still be taken back. */
  takeRetired(oldest: number): readonly (readonly [module: string, resources: Resources])[] {
    const gone = this.#retired.filter(({ by }) => by < oldest)
    if (gone.length === 0) return []
    this.#retired = this.#retired.filter(({ by }) => by >= oldest)
    this.forget(new Set(gone.map(({ resources }) => resources)))
    return gone.map(({ module, resources }) => [module, resources])
  }

  /** They are of no use any more. */
  forget(resources: ReadonlySet<Resources>): void {
    this.#shelved = this.#shelved.filter((one) => one.resources === undefined || !resources.has(one.resources))
  }
}

/** Resources of a program computed again in the thread of the one they belong to. */
export class BorrowedResources {
  readonly #shelf: ResourceShelf
  readonly #call: CallTracker
  /** What the living program's hold at this moment, by whom to give it back to. */
  readonly #saved: { readonly module: ModuleInstance; readonly data: unknown }[] = []

  constructor(shelf: ResourceShelf, call: CallTracker, living: readonly ModuleInstance[]) {
    this.#shelf = shelf
    this.#call = call
    for (const module of living) {
      const { snapshot, restore } = module.definition
      if (snapshot === undefined || restore === undefined) continue
      const data = call.within(module.name, 'snapshot', () => snapshot(module.resources.value))
      this.#saved.push({ module, data })
    }
  }

  /** Throws `not-supported` where what the module had is gone. */
  steps(sequence: number): ResourceSteps {
    return {
      setUp: (modules) => {
        for (const module of modules) this.#lend(module, sequence)
        return []
      },
      // What new resources got from old ones is in them, or comes with a capture.
      restore: () => undefined,
      discard: () => undefined,
    }
  }

  /** The living program goes on as it was. */
  giveBack(): void {
    for (const { module, data } of this.#saved) {
      const { restore } = module.definition
      if (restore !== undefined) this.#call.within(module.name, 'restore', () => restore(module.resources.value, data))
    }
  }

  #lend(module: PreparedModule, sequence: number): void {
    const { name } = module.target.manifest
    const resources = this.#shelf.at(name, sequence)
    if (resources !== undefined) {
      module.areResourcesNew = module.target.instance?.resources !== resources
      module.resources = resources
    } else if (module.definition.setup !== undefined)
      throw new CoppiceError('not-supported', `what \`setup\` of ${name} made then is gone`)
    else module.resources = new Resources('')
  }
}
