// The part of a reload before its commit: evaluate → bring states over → validate → set up, for all its modules together. Calls
// only new code; what runs is untouched, and all it made can be thrown away.

import { CoppiceError } from '../protocol/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { SavedValues } from '../protocol/saved.ts'
import type { StateChange } from '../protocol/receipt.ts'
import { frameNumber } from '../protocol/values.ts'
import { effectiveConfig, fileLayers, replaceBelow } from './config-layers.ts'
import type { ChangedLayers, Config, ConfigLayers } from './config-layers.ts'
import { refuseConfig } from './config-refusal.ts'
import type { Definition } from './definition.ts'
import { loadDefinitions, orderOf } from './definition-loading.ts'
import type { Program } from './program.ts'
import type { ReceiptTimes } from './receipts.ts'
import { ReloadFailure } from './reload-failure.ts'
import { isRenewed } from './reload-target.ts'
import type { PreparedModule, Target } from './reload-target.ts'
import { ResourcePreparation } from './resource-preparation.ts'
import type { ResourcePreparationParts, ResourceSteps } from './resource-preparation.ts'
import { Resources } from './resources.ts'
import { nothingSaved } from './saved-data.ts'
import { StatePreparation } from './state-preparation.ts'
import type { StatePreparationParts } from './state-preparation.ts'

export interface PreparationParts extends StatePreparationParts, ResourcePreparationParts {
  /** What the module has saved so far. */
  readonly savedOf: (module: string) => SavedValues
}

/** One attempt at one set of targets. `prepare`, then `settle` in the turn of the commit; or `discard`. */
export class Preparation {
  readonly targets: readonly Target[]
  modules: readonly PreparedModule[] = []
  /** Names, in the order they run. */
  order: readonly string[] = []
  readonly #parts: PreparationParts
  readonly #times: ReceiptTimes
  readonly #program: Program
  readonly #states: StatePreparation
  readonly #resources: ResourceSteps
  readonly #evaluating = new Set<string>()

  constructor(
    parts: PreparationParts,
    program: Program,
    manifest: Manifest,
    targets: readonly Target[],
    times: ReceiptTimes,
    resources?: ResourceSteps,
  ) {
    this.#parts = parts
    this.targets = targets
    this.#times = times
    this.#program = program
    this.#states = new StatePreparation(parts, program, manifest, times)
    this.#resources = resources ?? new ResourcePreparation(parts, manifest, (value) => this.#states.copy(value))
  }

  /** What is still under way, by module, as words. */
  get waitingFor(): readonly { readonly module: string; readonly what: string }[] {
    const setups = [...(this.#resources.waitingFor ?? [])].map((module) => ({ module, what: `\`setup\` of ${module}` }))
    return [...this.#evaluating].map((module) => ({ module, what: `The top level of ${module}` })).concat(setups)
  }

  /** Of all modules, in order. */
  get stateChanges(): readonly StateChange[] {
    return this.modules.flatMap((module) =>
      module.stateChanges.concat(resetState(module), givenState(module), rebuiltResources(module)),
    )
  }

  /**
   * Throws `ReloadFailure`, or whatever `superseded` rejects with. Without anything asynchronous in `setup` it ends in the
   * turn in which the states were brought over, and leaves them so.
   */
  async prepare(superseded: Promise<never>): Promise<void> {
    const { now, code } = this.#parts
    const started = now()
    const definitions = await Promise.race([loadDefinitions(code, this.targets, this.#evaluating), superseded])
    this.#times.evaluate += now() - started
    const pending = this.prepareWith(definitions)
    if (pending.length === 0) return
    this.#states.revert()
    await Promise.race([settleAll(pending), superseded])
  }

  /** The same where the code is there already. Returns the setups that are still under way. */
  prepareWith(definitions: readonly (Definition | undefined)[]): readonly Promise<void>[] {
    this.order = orderOf(this.targets, definitions)
    this.modules = this.targets.map((target, index) => this.#start(target, definitions[index]))
    this.#states.bring(this.modules)
    return this.#resources.setUp(this.modules)
  }

  /** Brings the states over as they are now; and what old resources hold into the new ones. */
  settle(): void {
    if (this.#states.isCurrent) this.#states.apply()
    else {
      this.#states.bring(this.modules)
      for (const module of this.modules) {
        // A live change may have come while `setup` was awaited.
        const { layers, change } = layersOf(module.target, module.definition)
        module.layers = layers
        module.config = effectiveConfig(layers)
        module.configChange = change
      }
    }
    const started = this.#parts.now()
    this.#resources.restore(this.modules)
    this.#times.migrate += this.#parts.now() - started
  }

  /** Takes back what was done to states, and disposes what was set up. */
  discard(): void {
    this.#states.revert()
    this.#resources.discard(this.modules)
  }

  /** One whose state lives on is compared with what its `init` was told. */
  #savedFor({ manifest, instance, isStateNew, saved }: Target): SavedValues {
    if (instance !== undefined && isStateNew !== true) return instance.initStream?.saved ?? nothingSaved
    return saved ?? this.#parts.savedOf(manifest.name)
  }

  #start(target: Target, definition: Definition | undefined): PreparedModule {
    const { manifest, entry, instance } = target
    const { name } = manifest
    if (definition === undefined)
      throw new ReloadFailure(name, 'evaluate', new CoppiceError('internal', 'no definition'))
    const isCodeNew = isRenewed(target)
    const { layers, change } = layersOf(target, definition)
    const config = effectiveConfig(layers)
    const { validateConfig } = definition
    refuseConfig(
      target,
      layers,
      validateConfig &&
        ((values: Config) => this.#parts.call.within(name, 'validate-config', () => validateConfig(values))),
    )
    const reach = isCodeNew || instance === undefined ? this.#parts.code.reach(entry) : instance.reach
    return {
      target,
      definition,
      isCodeNew,
      reach,
      layers,
      config,
      configChange: change,
      state: undefined,
      initFrame: target.initFrame ?? (target.isStateNew === true ? frameNumber(0) : this.#program.frame),
      saved: this.#savedFor(target),
      initProfile: undefined,
      stateChanges: [],
      resources: instance?.resources ?? new Resources(''),
      areResourcesNew: false,
      view: undefined,
    }
  }
}

function layersOf(
  { instance, manifest, restarted }: Target,
  definition: Definition,
): { readonly layers: ConfigLayers; readonly change: ChangedLayers | undefined } {
  const below = { defaults: definition.config, ...fileLayers(manifest) }
  if (restarted !== undefined) return { layers: { ...below, live: restarted.live }, change: undefined }
  if (instance === undefined) return { layers: { ...below, live: {} }, change: undefined }
  const change = replaceBelow(instance.layers, below)
  return { layers: change.layers, change }
}

function resetState({ target: { isStateNew, manifest } }: PreparedModule): readonly StateChange[] {
  if (isStateNew !== true) return []
  const words = `Reset ${manifest.name}: its state is as \`init\` makes it`
  return [{ module: manifest.name, kind: 'reset', path: '', detail: words, words }]
}

function givenState({ target }: PreparedModule): readonly StateChange[] {
  const words = target.givenState?.words
  return words === undefined ? [] : [{ module: target.manifest.name, kind: 'taken-back', path: '', words }]
}

function rebuiltResources({ target, definition, areResourcesNew }: PreparedModule): readonly StateChange[] {
  const { instance, manifest } = target
  if (!areResourcesNew || instance === undefined) return []
  if (definition.setup === undefined && instance.definition.setup === undefined) return []
  return [{ module: manifest.name, kind: 'resources-rebuilt', path: '' }]
}

/** Waits for all, so that none is left running; then throws the first failure. */
async function settleAll(pending: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(pending)) {
    if (result.status === 'rejected') throw result.reason
  }
}
