// Resources and views of a reload that is prepared (ML6): handed over where nothing of them changed, else set up anew, from a copy of
// the state, while the old ones work on.

import type { Manifest } from '../protocol/manifest.ts'
import type { CallTracker } from './call-tracker.ts'
import type { CodeBase } from './code-base.ts'
import { isThenable } from './definition.ts'
import { failingAs, ReloadFailure } from './reload-failure.ts'
import type { PreparedModule } from './reload-target.ts'
import type { Rendering } from './rendering.ts'
import { Resources } from './resources.ts'
import { setupFingerprint } from './setup-fingerprint.ts'

export interface ResourcePreparationParts {
  readonly code: CodeBase
  readonly call: CallTracker
  /** Undefined where nothing is drawn: views are not set up. */
  readonly rendering: Rendering | undefined
}

/** Where the modules of a preparation have their resources from. */
export interface ResourceSteps {
  /** Gives each module its resources. Returns what is still under way. */
  setUp(modules: readonly PreparedModule[]): Promise<void>[]
  /** What old resources hold goes into the new ones: right before the commit. */
  restore(modules: readonly PreparedModule[]): void
  /** The preparation came to nothing. */
  discard(modules: readonly PreparedModule[]): void
  /** Modules whose setup is still under way. */
  readonly waitingFor?: ReadonlySet<string>
}

/** The resources of one preparation. */
export class ResourcePreparation implements ResourceSteps {
  readonly #parts: ResourcePreparationParts
  readonly #manifest: Manifest
  readonly #copy: (value: unknown) => unknown
  readonly waitingFor = new Set<string>()

  /** `copy` copies states. */
  constructor(parts: ResourcePreparationParts, manifest: Manifest, copy: (value: unknown) => unknown) {
    this.#parts = parts
    this.#manifest = manifest
    this.#copy = copy
  }

  /** Sets up anew what can't be handed over. Returns what is still under way. */
  setUp(modules: readonly PreparedModule[]): Promise<void>[] {
    const pending: Promise<void>[] = []
    for (const module of modules) {
      const { target, definition } = module
      const { name } = target.manifest
      const fingerprint = setupFingerprint(definition.texts.setup, this.#parts.code.text(target.entry))
      const present = target.instance?.resources
      if (
        present === undefined ||
        (target.isStateNew === true && definition.setup !== undefined) ||
        (module.isCodeNew && present.fingerprint !== fingerprint) ||
        present.isAffectedBy(module.config)
      ) {
        module.resources = new Resources(fingerprint)
        module.areResourcesNew = true
        const made = this.#runSetup(module)
        if (made !== undefined) pending.push(made)
      }
      const { rendering } = this.#parts
      if (!module.isCodeNew || target.restarted !== undefined || definition.render === undefined) continue
      module.view = failingAs(name, 'setup', () => rendering?.prepareView(name, definition, this.#manifest.view))
      if (module.view?.pending !== undefined) pending.push(this.#awaited(name, module.view.pending))
    }
    return pending
  }

  /** What old resources hold goes into the new ones: right before the commit. */
  restore(modules: readonly PreparedModule[]): void {
    for (const module of modules) {
      const { instance, isStateNew } = module.target
      const { restore } = module.definition
      // Resources of a state that begins anew begin anew with it.
      if (isStateNew === true) continue
      if (!module.areResourcesNew || restore === undefined) continue
      const { name } = module.target.manifest
      failingAs(name, 'setup', () => {
        const held = instance?.snapshot()
        if (held === undefined) return
        this.#parts.call.within(name, 'restore', () => restore(module.resources.value, this.#copy(held.data)))
      })
    }
  }

  /** Disposes what was set up. */
  discard(modules: readonly PreparedModule[]): void {
    for (const module of modules) {
      if (module.areResourcesNew) module.resources.dispose()
      if (module.view !== undefined)
        this.#parts.rendering?.discardView(module.target.manifest.name, module.definition, module.view)
    }
  }

  #runSetup(module: PreparedModule): Promise<void> | undefined {
    const { definition, resources } = module
    const { setup } = definition
    if (setup === undefined) return undefined
    const { name } = module.target.manifest
    const made = failingAs(name, 'setup', () =>
      this.#parts.call.within(name, 'setup', () =>
        setup({
          config: resources.observe(module.config),
          // A copy: what is rehearsed here must not touch the state that runs on meanwhile.
          state: this.#copy(module.state),
          signal: resources.signal,
          onDispose: resources.onDispose,
        }),
      ),
    )
    if (!isThenable(made)) {
      resources.value = made
      return undefined
    }
    return this.#awaited(
      name,
      Promise.resolve(made).then((value) => {
        resources.value = value
      }),
    )
  }

  async #awaited(module: string, pending: Promise<void>): Promise<void> {
    this.waitingFor.add(module)
    try {
      await pending
    } catch (error) {
      throw new ReloadFailure(module, 'setup', error)
    } finally {
      this.waitingFor.delete(module)
    }
  }
}
