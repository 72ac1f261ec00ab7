// The states of a reload that is prepared: made by `init`, or brought over from the version that runs (state-handover.ts), and
// validated. What is changed in running states is taken back whenever the engine's turn ends before the commit.

import { CoppiceError } from '../protocol/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { frameNumber } from '../protocol/values.ts'
import type { CallTracker } from './call-tracker.ts'
import type { ClassRegistry } from './class-registry.ts'
import type { CodeBase } from './code-base.ts'
import { PromiseReturned, refusePromise } from './definition.ts'
import { initOrigin, isSameOrigin, profileOf } from './init-profile.ts'
import type { InitProfile, InitStream } from './init-profile.ts'
import type { ModuleInstance } from './module-instance.ts'
import { copyPlain } from './plain-copy.ts'
import type { Program } from './program.ts'
import { createRandom } from './random.ts'
import type { ReceiptTimes } from './receipts.ts'
import { failingAs, messageOf, ReloadFailure } from './reload-failure.ts'
import type { PreparedModule } from './reload-target.ts'
import { forInit, nothingSaved } from './saved-data.ts'
import { handOverState } from './state-handover.ts'
import type { StateMerge } from './state-merge.ts'
import { checkState, StateChecker } from './state-rules.ts'
import type { StateRules } from './state-rules.ts'

export interface StatePreparationParts {
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
  readonly now: () => number
  /** Told of what each `init` makes; may throw. */
  readonly weigh?: (module: string, state: unknown) => void
}

/** Values looked at of what a new `init` gives beside a state that lives on. */
const sampleBudget = 4000

/** The states of one preparation. */
export class StatePreparation {
  readonly #parts: StatePreparationParts
  readonly #program: Program
  readonly #manifest: Manifest
  readonly #times: ReceiptTimes
  readonly #rules: StateRules
  readonly #classNames: (prototype: object) => string | undefined
  readonly #samples = new Map<PreparedModule, unknown>()
  #merges: StateMerge[] = []
  #stateRevision = -1

  constructor(parts: StatePreparationParts, program: Program, manifest: Manifest, times: ReceiptTimes) {
    this.#parts = parts
    this.#program = program
    this.#manifest = manifest
    this.#times = times
    this.#rules = { root: 'state', classOf: (prototype) => parts.classes.kindOf(prototype) }
    this.#classNames = (prototype) => parts.classes.nameOf(prototype)
  }

  /** False where states changed since they were brought over. */
  get isCurrent(): boolean {
    return this.#stateRevision === this.#program.stateRevision
  }

  /** Brings all states over as they are now, and validates them. Throws `ReloadFailure`; may be called again. */
  bring(modules: readonly PreparedModule[]): void {
    this.revert()
    this.#merges = []
    this.#program.placeCall()
    const isAgain = this.#stateRevision >= 0
    this.#stateRevision = this.#program.stateRevision
    this.#timed('migrate', () => {
      for (const module of modules) {
        const { instance, isStateNew } = module.target
        if (instance !== undefined && isStateNew !== true) this.#handOver(module, instance)
        else if (!isAgain) this.#initialise(module)
      }
    })
    this.#timed('validate', () => {
      for (const module of modules) this.#validate(module, isAgain)
    })
  }

  /** Running states are as `bring` left them: right before the commit. */
  apply(): void {
    this.#timed('migrate', () => {
      for (const merge of this.#merges) merge.apply()
    })
  }

  /** Running states are as they were. */
  revert(): void {
    for (const merge of this.#merges.toReversed()) merge.revert()
  }

  /** A copy that shares nothing with the state. */
  copy(value: unknown): unknown {
    return copyPlain(value, this.#rules)
  }

  /** Adds the time `body` takes to the receipt's, also where it throws. */
  #timed(part: 'migrate' | 'validate', body: () => void): void {
    const started = this.#parts.now()
    try {
      body()
    } finally {
      this.#times[part] += this.#parts.now() - started
    }
  }

  #initialise(module: PreparedModule): void {
    const { definition, config, initFrame: frame } = module
    const { name } = module.target.manifest
    const { call } = this.#parts
    if (module.target.isStateNew === true) Object.assign(call, { frame, timeSeconds: 0, seed: this.#manifest.seed })
    try {
      failingAs(name, 'evaluate', () => {
        module.state = this.#runInit(module, frame)
      })
    } finally {
      this.#program.placeCall()
    }
    const entry = this.#parts.code.text(module.target.entry)
    const origin = initOrigin(definition, entry, config, this.#streamOf(module, frame))
    module.initProfile = profileOf(module.state, origin, this.#classNames)
  }

  #handOver(module: PreparedModule, instance: ModuleInstance): void {
    const { givenState } = module.target
    if (!module.isCodeNew || givenState !== undefined) {
      module.state = givenState === undefined ? instance.seen : givenState.state
      module.initProfile = givenState === undefined ? instance.initProfile : this.#profileNewInit(module, instance)
      return
    }
    const { manifest } = module.target
    const { name } = manifest
    const after = this.#profileNewInit(module, instance)
    const handover = failingAs(name, 'migrate', () =>
      this.#parts.call.within(name, 'migrate', () =>
        handOverState({
          module: name,
          file: manifest.path,
          state: instance.state,
          stateVersion: instance.definition.stateVersion,
          before: instance.initProfile,
          history: instance.migrations,
          definition: module.definition,
          after,
          sample: this.#samples.get(module),
          classNames: this.#classNames,
          copy: (value, root) => copyPlain(value, { ...this.#rules, root }),
        }),
      ),
    )
    module.state = handover.state
    module.stateChanges = handover.changes
    if (handover.merge !== undefined) this.#merges.push(handover.merge)
  }

  /** Once per preparation, and only where the new `init` may give another shape: as at a reset, and without a trace. */
  #profileNewInit(module: PreparedModule, instance: ModuleInstance): InitProfile {
    if (this.#samples.has(module) && module.initProfile !== undefined) return module.initProfile
    const { definition, config, target } = module
    const { name } = target.manifest
    const frame = frameNumber(0)
    const entry = this.#parts.code.text(target.entry)
    const origin = initOrigin(definition, entry, config, this.#streamOf(module, frame))
    const known = instance.initProfile
    if (known !== undefined && isSameOrigin(known, origin)) {
      module.initProfile = known
      return known
    }
    const { call } = this.#parts
    let sample: unknown
    try {
      call.frame = frame
      call.timeSeconds = 0
      call.seed = this.#manifest.seed
      sample = call.muted(() => this.#runInit(module, frame))
    } catch (error) {
      throw new ReloadFailure(name, 'migrate', error instanceof PromiseReturned ? error : new InitFailure(error))
    } finally {
      this.#program.placeCall()
    }
    const refusal = new StateChecker(this.#rules).step(sample, sampleBudget)
    if (refusal !== undefined)
      throw new ReloadFailure(
        name,
        'validate',
        new CoppiceError('invalid-state', `\`init\` made a state where ${refusal}`),
      )
    this.#samples.set(module, sample)
    const profile = profileOf(sample, origin, this.#classNames)
    module.initProfile = profile
    return profile
  }

  #streamOf({ target, saved }: PreparedModule, frame: number): InitStream {
    const stream = { seed: this.#manifest.seed, module: target.manifest.name, frame }
    return saved === nothingSaved ? stream : { ...stream, saved }
  }

  #runInit(module: PreparedModule, frame: number): unknown {
    const { definition, config } = module
    const { name } = module.target.manifest
    const random = createRandom(this.#manifest.seed, name, 'init', frame)
    const saved = forInit(module.saved)
    const state = this.#parts.call.within(name, 'init', () => definition.init({ config, random, saved }))
    const advice = 'it must return the state at once. Use `setup` for what is asynchronous.'
    refusePromise(state, 'init', definition, advice)
    this.#parts.weigh?.(name, state)
    return state
  }

  #validate(module: PreparedModule, isAgain: boolean): void {
    const { instance, manifest } = module.target
    const { name } = manifest
    const isMade = instance === undefined || module.state !== instance.seen
    if (isMade && !(isAgain && (instance === undefined || module.target.isStateNew === true))) {
      const refusal = checkState(module.state, this.#rules)
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
}

/** The new `init` can't be run: what it threw, at its place, and why it ran at all. */
class InitFailure extends Error {
  override readonly name = 'Error'

  constructor(thrown: unknown) {
    super(`\`init\` fails, which a reload runs for the shape of the state: ${messageOf(thrown)}`, { cause: thrown })
    if (thrown instanceof Error && thrown.stack !== undefined) this.stack = thrown.stack
  }
}
