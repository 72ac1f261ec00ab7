// The part of a reload before its commit: evaluate → bring states over → validate → set up, for all its modules together. Calls
// only new code, on states it copies or does not change; what runs is untouched, and all it made can be thrown away.

import { CoppiceError } from '../protocol/errors.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { StateChange } from '../protocol/receipt.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { ClassRegistry } from './class-registry.ts'
import type { CodeBase } from './code-base.ts'
import { effectiveConfig, replaceBelow } from './config-layers.ts'
import type { Config, ConfigLayers, ReplacedLiveValue } from './config-layers.ts'
import type { CallTracker } from './call-tracker.ts'
import { isThenable, readDefinition, refusePromise } from './definition.ts'
import type { Definition } from './definition.ts'
import { dependencyOrder } from './dependency-order.ts'
import type { ModuleInstance } from './module-instance.ts'
import { copyPlain } from './plain-copy.ts'
import type { Program } from './program.ts'
import { createRandom } from './random.ts'
import type { ReceiptTimes } from './receipts.ts'
import { failingAs, ReloadFailure } from './reload-failure.ts'
import type { PreparedView, Rendering } from './rendering.ts'
import { Resources } from './resources.ts'
import { setupFingerprint } from './setup-fingerprint.ts'
import { handOverState } from './state-handover.ts'
import { checkState } from './state-rules.ts'
import { checkPattern } from './topic.ts'

/** A module as it shall be after the commit. */
export interface Target {
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  /** The running module whose state it takes. */
  readonly instance: ModuleInstance | undefined
  /** Its code is taken anew even where the text is the same. */
  readonly isForced: boolean
  /** A reset: the definition that runs, and the live configuration to keep; no instance. */
  readonly restarted?: { readonly definition: Definition; readonly live: Config }
}

/** A target with everything the commit needs. */
export interface PreparedModule {
  readonly target: Target
  readonly definition: Definition
  /** False where only the manifest's fields changed. */
  readonly isCodeNew: boolean
  readonly reach: ReadonlySet<ContentHash>
  layers: ConfigLayers
  config: Config
  replaced: readonly ReplacedLiveValue[]
  state: unknown
  changes: readonly StateChange[]
  resources: Resources
  areResourcesNew: boolean
  view: PreparedView | undefined
}

export interface PreparationParts {
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
  readonly rendering: Rendering
  readonly now: () => number
}

/** One attempt at one set of targets. `prepare`, then `settle` in the turn of the commit; or `discard`. */
export class Preparation {
  readonly targets: readonly Target[]
  modules: readonly PreparedModule[] = []
  /** Names, in the order they run. */
  order: readonly string[] = []
  readonly #parts: PreparationParts
  readonly #program: Program
  readonly #manifest: Manifest
  readonly #times: ReceiptTimes
  #stateRevision = -1

  constructor(
    parts: PreparationParts,
    program: Program,
    manifest: Manifest,
    targets: readonly Target[],
    times: ReceiptTimes,
  ) {
    this.#parts = parts
    this.#program = program
    this.#manifest = manifest
    this.targets = targets
    this.#times = times
  }

  /**
   * Throws `ReloadFailure`, or whatever `superseded` rejects with. Without anything asynchronous in `setup` it ends in the
   * turn in which the states were brought over.
   */
  async prepare(superseded: Promise<never>): Promise<void> {
    const { now } = this.#parts
    const started = now()
    const definitions = await Promise.race([this.#evaluate(), superseded])
    this.order = this.#orderOf(definitions)
    this.modules = this.targets.map((target, index) => this.#start(target, definitions[index]))
    this.#times.evaluate += now() - started
    this.#bringStates()
    const pending = this.#setUp()
    if (pending.length > 0) await Promise.race([settleAll(pending), superseded])
  }

  /** Brings the states over as they are now, if they changed since; and what old resources hold into the new ones. */
  settle(): void {
    if (this.#stateRevision !== this.#program.stateRevision) {
      this.#bringStates()
      for (const module of this.modules) {
        // A live change may have come while `setup` was awaited.
        const { layers, replaced } = layersOf(module.target, module.definition)
        module.layers = layers
        module.config = effectiveConfig(layers)
        module.replaced = replaced
      }
    }
    const started = this.#parts.now()
    for (const module of this.modules) {
      const { instance } = module.target
      const { restore } = module.definition
      const snapshot = instance?.definition.snapshot
      if (!module.areResourcesNew || instance === undefined || restore === undefined || snapshot === undefined) continue
      const { name } = module.target.manifest
      failingAs(name, 'setup', () => {
        const data = this.#parts.call.within(instance.name, 'snapshot', () => snapshot(instance.resources.value))
        this.#parts.call.within(name, 'restore', () => restore(module.resources.value, this.#copy(data)))
      })
    }
    this.#times.migrate += this.#parts.now() - started
  }

  /** Disposes what was set up. */
  discard(): void {
    for (const module of this.modules) {
      if (module.areResourcesNew) module.resources.dispose()
      if (module.view !== undefined)
        this.#parts.rendering.discardView(module.target.manifest.name, module.definition, module.view)
    }
  }

  async #evaluate(): Promise<readonly (Definition | undefined)[]> {
    const results = await Promise.allSettled(this.targets.map((target) => this.#definitionOf(target)))
    return results.map((result, index) => {
      if (result.status === 'fulfilled') return result.value
      throw new ReloadFailure(this.targets[index]?.manifest.name, 'evaluate', result.reason)
    })
  }

  async #definitionOf({ manifest, entry, instance, isForced, restarted }: Target): Promise<Definition> {
    if (restarted !== undefined) return restarted.definition
    if (instance !== undefined && instance.entry === entry && !isForced) return instance.definition
    const definition = readDefinition(await this.#parts.code.load(entry), manifest.path)
    for (const subscription of definition.subscribe) {
      const problem = checkPattern(typeof subscription === 'string' ? subscription : subscription.topic)
      if (problem !== undefined) throw new CoppiceError('load', `${manifest.path}: \`subscribe\`: ${problem}`)
    }
    return definition
  }

  #orderOf(definitions: readonly (Definition | undefined)[]): readonly string[] {
    const result = dependencyOrder(
      this.targets.map((target, index) => ({
        name: target.manifest.name,
        dependencies: definitions[index]?.dependencies ?? [],
      })),
    )
    switch (result.kind) {
      case 'ordered':
        return result.order
      case 'missing': {
        const message = `${result.module} depends on "${result.dependency}", which is not among the modules.`
        throw new ReloadFailure(result.module, 'evaluate', new CoppiceError('load', message))
      }
      case 'cycle': {
        // Guilty is one whose code changed: the others ran before.
        const changed = result.cycle.find((name) =>
          this.targets.some((target) => target.manifest.name === name && isChanged(target)),
        )
        const message = `modules depend on each other in a circle: ${result.cycle.join(' → ')}.`
        throw new ReloadFailure(changed ?? result.cycle[0], 'evaluate', new CoppiceError('load', message))
      }
    }
  }

  #start(target: Target, definition: Definition | undefined): PreparedModule {
    const { manifest, entry, instance } = target
    const { name } = manifest
    if (definition === undefined)
      throw new ReloadFailure(name, 'evaluate', new CoppiceError('internal', 'no definition'))
    const isCodeNew = isChanged(target)
    const { layers, replaced } = layersOf(target, definition)
    const config = effectiveConfig(layers)
    const { validateConfig } = definition
    if (validateConfig !== undefined) {
      const refusal = failingAs(name, 'validate', () =>
        this.#parts.call.within(name, 'validate-config', () => validateConfig(config)),
      )
      if (typeof refusal === 'string')
        throw new ReloadFailure(
          name,
          'validate',
          new CoppiceError('invalid-config', `configuration of ${name}: ${refusal}`),
        )
    }
    const reach = isCodeNew || instance === undefined ? this.#parts.code.reach(entry) : instance.reach
    return {
      target,
      definition,
      isCodeNew,
      reach,
      layers,
      config,
      replaced,
      state: undefined,
      changes: [],
      resources: instance?.resources ?? new Resources(''),
      areResourcesNew: false,
      view: undefined,
    }
  }

  #bringStates(): void {
    const { now } = this.#parts
    this.#program.placeCall()
    const isAgain = this.#stateRevision >= 0
    this.#stateRevision = this.#program.stateRevision
    const started = now()
    for (const module of this.modules) {
      if (module.target.instance === undefined) {
        if (!isAgain) this.#initialise(module)
      } else {
        this.#handOver(module)
      }
    }
    const migrated = now()
    this.#times.migrate += migrated - started
    for (const module of this.modules) this.#validate(module, isAgain)
    this.#times.validate += now() - migrated
  }

  #initialise(module: PreparedModule): void {
    const { name } = module.target.manifest
    const { seed } = this.#manifest
    const random = createRandom(seed, name, 'init', this.#program.frame)
    failingAs(name, 'evaluate', () => {
      const state = this.#parts.call.within(name, 'init', () =>
        module.definition.init({ config: module.config, random, saved: {} }),
      )
      refusePromise(
        state,
        'init',
        module.definition,
        'it must return the state at once. Use `setup` for what is asynchronous.',
      )
      module.state = state
    })
  }

  #handOver(module: PreparedModule): void {
    const { instance, manifest } = module.target
    if (instance === undefined) return
    if (!module.isCodeNew) {
      module.state = instance.state
      return
    }
    const { name } = manifest
    const handover = failingAs(name, 'migrate', () =>
      this.#parts.call.within(name, 'migrate', () =>
        handOverState({
          module: name,
          state: instance.state,
          stateVersion: instance.definition.stateVersion,
          definition: module.definition,
          copy: (value) => this.#copy(value),
        }),
      ),
    )
    module.state = handover.state
    module.changes = handover.changes
  }

  #validate(module: PreparedModule, isAgain: boolean): void {
    const { instance, manifest } = module.target
    const { name } = manifest
    const isMade = instance === undefined || module.state !== instance.state
    if (isMade && !(isAgain && instance === undefined)) {
      const refusal = checkState(module.state, {
        root: 'state',
        classOf: (prototype) => this.#parts.classes.kindOf(prototype),
      })
      if (refusal !== undefined) throw new ReloadFailure(name, 'validate', new CoppiceError('invalid-state', refusal))
    }
    const { validate } = module.definition
    if (validate === undefined || !module.isCodeNew) return
    const refusal = failingAs(name, 'validate', () =>
      this.#parts.call.within(name, 'validate', () => validate(module.state)),
    )
    if (typeof refusal === 'string')
      throw new ReloadFailure(
        name,
        'validate',
        new CoppiceError('invalid-state', `\`validate\` refuses the state: ${refusal}`),
      )
  }

  /** Sets up resources and views anew where they can't be handed over (ML6). Returns what is still under way. */
  #setUp(): Promise<void>[] {
    const pending: Promise<void>[] = []
    for (const module of this.modules) {
      const { target, definition } = module
      const { name } = target.manifest
      const fingerprint = setupFingerprint(definition.texts.setup, this.#parts.code.text(target.entry))
      const present = target.instance?.resources
      if (
        present === undefined ||
        (module.isCodeNew && present.fingerprint !== fingerprint) ||
        present.isAffectedBy(module.config)
      ) {
        module.resources = new Resources(fingerprint)
        module.areResourcesNew = true
        if (
          target.instance !== undefined &&
          (definition.setup !== undefined || target.instance.definition.setup !== undefined)
        ) {
          module.changes = [...module.changes, { module: name, kind: 'resources-rebuilt', path: '' }]
        }
        const made = this.#runSetup(module)
        if (made !== undefined) pending.push(made)
      }
      if (!module.isCodeNew || target.restarted !== undefined || definition.render === undefined) continue
      module.view = failingAs(name, 'setup', () =>
        this.#parts.rendering.prepareView(name, definition, this.#manifest.view),
      )
      if (module.view?.pending !== undefined) pending.push(asFailureOf(name, module.view.pending))
    }
    return pending
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
    return asFailureOf(
      name,
      Promise.resolve(made).then((value) => {
        resources.value = value
      }),
    )
  }

  #copy(value: unknown): unknown {
    return copyPlain(value, { root: 'state', classOf: (prototype) => this.#parts.classes.kindOf(prototype) })
  }
}

function layersOf({ instance, manifest, restarted }: Target, definition: Definition): ReturnType<typeof replaceBelow> {
  const { config } = definition
  if (restarted !== undefined)
    return { layers: { defaults: config, manifest: manifest.config, live: restarted.live }, replaced: [] }
  return replaceBelow(instance?.layers ?? { defaults: {}, manifest: {}, live: {} }, config, manifest.config)
}

function isChanged(target: Target): boolean {
  return target.isForced || target.instance?.entry !== target.entry
}

async function asFailureOf(module: string, pending: Promise<void>): Promise<void> {
  try {
    await pending
  } catch (error) {
    throw new ReloadFailure(module, 'setup', error)
  }
}

/** Waits for all, so that none is left running; then throws the first failure. */
async function settleAll(pending: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(pending)) {
    if (result.status === 'rejected') throw result.reason
  }
}
