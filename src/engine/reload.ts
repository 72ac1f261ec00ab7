// The reload transaction (ML1, ML2): brings the running program to a revision, or one module to another version.
//
//   collect ► fetch ► (rehearse) ► evaluate ► migrate ► validate ► setup ► commit
//   └── server ──┘    └───────────── preparation.ts ──────────────┘   └ commit.ts
//        │                          │ a failure before commit                │
//        ▼                          ▼                                        ▼
//     rejected                  rejected: the text is held              committed
//                               a newer revision: superseded
//
// A held text does not block others: it is tried with them, and left out where it is guilty.

import type { ProgramRevision, ReloadTrigger } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { Receipt, ReloadPhase } from '../protocol/receipt.ts'
import type { ContentHash, SourceError } from '../protocol/values.ts'
import { commit } from './commit.ts'
import type { Committed, CommitParts } from './commit.ts'
import { Preparation } from './preparation.ts'
import type { PreparationParts, PreparedModule, Target } from './preparation.ts'
import type { Problems } from './problems.ts'
import type { Program } from './program.ts'
import { noTimes } from './receipts.ts'
import type { Receipts, ReceiptTimes } from './receipts.ts'
import { messageOf, ReloadFailure, Superseded } from './reload-failure.ts'
import { planReload, removalKey, textKey } from './reload-plan.ts'
import type { BrokenModule, ReloadPlan } from './reload-plan.ts'

export interface ReloadParts extends PreparationParts, CommitParts {
  readonly problems: Problems
  readonly receipts: Receipts
  /** The program that runs now. */
  readonly program: () => Program
  /** Right after a commit, in the same turn. */
  readonly committed: (result: Committed, prepared: readonly PreparedModule[]) => void
  readonly receiptAdded: (receipt: Receipt) => void
}

/** What a receipt says of where its transaction came from. */
interface Origin {
  readonly trigger: ReloadTrigger
  readonly title: string
  readonly changedFiles: readonly string[]
  readonly revision?: number
}

/** One transaction under way. */
interface Flight {
  readonly revision: number | undefined
  readonly superseded: Promise<never>
  readonly supersede: () => void
  isSuperseded: boolean
  done: Promise<readonly Receipt[]>
}

/** What an attempt came to. */
type Attempt =
  | { readonly kind: 'committed'; readonly receipt: Receipt }
  | { readonly kind: 'superseded'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly failure: ReloadFailure; readonly targets: readonly Target[] }

/** All reloads of one engine, one at a time. */
export class Reloads {
  readonly #parts: ReloadParts
  /** What the files say; undefined before the first revision. */
  #desired: ProgramRevision | undefined
  /** Texts that were rejected, by module. */
  readonly #held = new Map<string, string>()
  /** Texts a user went back from: not tried again until they change. */
  readonly #undone = new Map<string, string>()
  /** Taken out by a command; back with another entry in the manifest. */
  readonly #unloaded = new Map<string, ManifestModule>()
  #flight: Flight | undefined

  constructor(parts: ReloadParts) {
    this.#parts = parts
  }

  /** The newest revision. */
  get desired(): ProgramRevision | undefined {
    return this.#desired
  }

  /** A transaction is under way. */
  get isBusy(): boolean {
    return this.#flight !== undefined
  }

  /** Taken out of the program by a command. */
  isUnloaded(name: string): boolean {
    return this.#unloaded.has(name)
  }

  /** Brings the program to this revision; one under way is superseded. Resolves with the receipts, none where nothing differs. */
  apply(revision: ProgramRevision): Promise<readonly Receipt[]> {
    this.#parts.code.add(revision.texts)
    if (this.#flight?.revision === revision.revision && revision.revision === this.#desired?.revision) return this.#flight.done
    this.#flight?.supersede()
    this.#desired = revision
    return this.#start(revision.revision, (flight) => this.#applyRevision(revision, flight))
  }

  /** The desired revision once more: after what runs was exchanged from outside. */
  reconsider(trigger: ReloadTrigger, title: string): Promise<readonly Receipt[]> {
    return this.#desired === undefined ? Promise.resolve([]) : this.apply({ ...this.#desired, trigger, title, changedFiles: [], texts: [] })
  }

  /** Evaluates a module's present text afresh and swaps it in. */
  async reload(name: string): Promise<Receipt> {
    await this.#idle()
    this.#unloaded.delete(name)
    this.#held.delete(name)
    this.#undone.delete(name)
    const program = this.#parts.program()
    const running = program.module(name)
    const code = this.#desired?.modules.find((module) => module.module === name)
    const manifest = this.#desired?.manifest.modules.find((module) => module.name === name) ?? running?.manifest
    if (manifest === undefined) return this.#unknown(name)
    const origin: Origin = { trigger: 'command', title: `reload ${name}`, changedFiles: [] }
    if (code !== undefined && 'error' in code) {
      return this.#reject(origin, noTimes(), [name], code.phase, code.error)
    }
    const entry = code?.entry ?? running?.entry
    if (entry === undefined) return this.#unknown(name)
    this.#parts.code.release(program.modules.filter((module) => module !== running).map((module) => module.entry))
    const target: Target = { manifest, entry, instance: running, isForced: true }
    const targets = this.#present(program).map((present) => (present.instance === running ? target : present))
    return this.#runSingle(origin, running === undefined ? [...targets, target] : targets, name)
  }

  /** The version before. `nothing-to-undo` where there is none. */
  async undo(name: string): Promise<Receipt> {
    await this.#idle()
    const program = this.#parts.program()
    const running = program.requireModule(name)
    const entry = running.past.at(-1)
    if (entry === undefined) throw new CoppiceError('nothing-to-undo', `${name} has run no other version before this one.`)
    const left = running.entry
    const target: Target = { manifest: running.manifest, entry, instance: running, isForced: false }
    const targets = this.#present(program).map((present) => (present.instance === running ? target : present))
    const receipt = await this.#runSingle({ trigger: 'undo', title: `undo ${name}`, changedFiles: [] }, targets, name)
    if (receipt.outcome === 'committed') this.#undone.set(name, left)
    return receipt
  }

  /** Takes a module out of the program, until its entry in the manifest changes or it is reloaded. */
  async unload(name: string): Promise<Receipt> {
    await this.#idle()
    const program = this.#parts.program()
    const running = program.requireModule(name)
    const targets = this.#present(program).filter((present) => present.instance !== running)
    const receipt = await this.#runSingle({ trigger: 'command', title: `unload ${name}`, changedFiles: [] }, targets, name)
    if (receipt.outcome === 'committed') this.#unloaded.set(name, running.manifest)
    return receipt
  }

  /** Sets a module's resources up anew where its configuration no longer is what `setup` saw. */
  async rebuild(name: string): Promise<Receipt> {
    await this.#idle()
    const program = this.#parts.program()
    program.requireModule(name)
    return this.#runSingle({ trigger: 'command', title: `configuration of ${name}`, changedFiles: [] }, this.#present(program), name)
  }

  /** When no transaction is under way. */
  async #idle(): Promise<void> {
    while (this.#flight !== undefined) await this.#flight.done.catch(() => undefined)
  }

  /** Runs `body` with the reloads to itself: a reset. Waits for what is under way; a revision supersedes it. */
  async exclusively(body: (superseded: Promise<never>) => Promise<void>): Promise<void> {
    await this.#idle()
    await this.#start(undefined, async (flight) => {
      await body(flight.superseded)
      return []
    })
  }

  #start(revision: number | undefined, body: (flight: Flight) => Promise<readonly Receipt[]>): Promise<readonly Receipt[]> {
    let reject: (reason: Superseded) => void = () => undefined
    const superseded = new Promise<never>((_, rejectPromise) => { reject = rejectPromise })
    superseded.catch(() => undefined)
    const flight: Flight = {
      revision,
      superseded,
      supersede: () => {
        flight.isSuperseded = true
        reject(new Superseded('a newer revision came'))
      },
      isSuperseded: false,
      done: Promise.resolve([]),
    }
    this.#flight = flight
    flight.done = body(flight).finally(() => {
      if (this.#flight === flight) this.#flight = undefined
    })
    return flight.done
  }

  async #applyRevision(revision: ProgramRevision, flight: Flight): Promise<readonly Receipt[]> {
    const { code } = this.#parts
    this.#forgetUnloaded(revision)
    const mathBefore = code.math
    code.setMath(revision.manifest.math)
    const program = this.#parts.program()
    const isOpening = program.manifest === undefined
    const plan = planReload(revision, program.modules, program.manifest, this.#held, new Set(this.#unloaded.keys()))
    const origin: Origin = { trigger: revision.trigger, title: revision.title, changedFiles: revision.changedFiles, revision: revision.revision }
    const times = { ...noTimes(), collect: revision.ms.collect, fetch: revision.ms.fetch }
    this.#clearSettled(plan)

    const receipts: Receipt[] = []
    for (const broken of plan.broken) {
      if (broken.isRefusal) this.#refuseStrategy(broken)
      if (broken.isHeld) continue
      this.#hold(revision, [broken.manifest.name])
      if (broken.isRunning && !broken.isRefusal) {
        const changed = plan.modules.filter((module) => module.isCodeChanged).map((module) => module.manifest.name)
        this.#hold(revision, changed)
        return [this.#reject(origin, times, [broken.manifest.name, ...changed], broken.phase, broken.error)]
      }
      receipts.push(this.#reject(origin, noTimes(), [broken.manifest.name], broken.phase, broken.error))
    }

    const excluded = new Set(plan.modules.filter((module) => this.#undone.get(module.manifest.name) === module.entry).map((module) => module.manifest.name))
    let isWithoutHeld = false
    for (;;) {
      const targets = this.#targets(plan, excluded, code.math !== mathBefore)
      if (!this.#isDifferent(plan, targets)) return receipts
      const attempt = await this.#attempt(origin, { ...times }, targets, revision.manifest, flight)
      if (attempt.kind !== 'failed') {
        if (attempt.kind === 'committed') this.#afterCommit(plan, excluded)
        return [...receipts, attempt.receipt]
      }
      const { failure } = attempt
      const guilty = failure.module
      const isHeld = plan.modules.some((module) => module.isHeld && module.manifest.name === guilty)
      const isNewcomer = plan.modules.some((module) => module.from === undefined && module.manifest.name === guilty)
      this.#setLoadProblem(failure)
      if (guilty !== undefined && !excluded.has(guilty) && (isHeld || (isOpening && isNewcomer))) {
        excluded.add(guilty)
        if (!isHeld) {
          this.#hold(revision, [guilty])
          receipts.push(this.#reject(origin, times, [guilty], failure.phase, this.#describe(failure)))
        }
        continue
      }
      const others = [...plan.modules, ...plan.removed].filter((module) => module.isHeld).map((module) => ('name' in module ? module.name : module.manifest.name))
      if (!isWithoutHeld && others.some((name) => !excluded.has(name))) {
        isWithoutHeld = true
        for (const name of others) excluded.add(name)
        continue
      }
      this.#hold(revision, attempt.targets.filter((target) => target.instance?.entry !== target.entry).map((target) => target.manifest.name))
      for (const { name } of plan.removed) this.#held.set(name, removalKey)
      code.setMath(mathBefore)
      return [...receipts, this.#reject(origin, times, this.#changedNames(plan, excluded), failure.phase, this.#describe(failure))]
    }
  }

  /** One module's transaction, by a command. */
  async #runSingle(origin: Origin, targets: readonly Target[], name: string): Promise<Receipt> {
    const times = noTimes()
    const { manifest } = this.#parts.program()
    if (manifest === undefined) return this.#unknown(name)
    let receipt: Receipt | undefined
    await this.#start(undefined, async (flight) => {
      const attempt = await this.#attempt(origin, times, targets, manifest, flight)
      if (attempt.kind === 'failed') {
        this.#setLoadProblem(attempt.failure)
        receipt = this.#reject(origin, times, [name], attempt.failure.phase, this.#describe(attempt.failure))
      } else {
        receipt = attempt.receipt
        this.#parts.problems.clear(`load:${name}`)
      }
      return [receipt]
    })
    if (receipt === undefined) throw new CoppiceError('internal', 'the reload left no receipt')
    return receipt
  }

  async #attempt(origin: Origin, times: ReceiptTimes, targets: readonly Target[], manifest: Manifest, flight: Flight): Promise<Attempt> {
    const { now } = this.#parts
    const started = now()
    const program = this.#parts.program()
    const preparation = new Preparation(this.#parts, program, manifest, targets, times)
    try {
      await preparation.prepare(flight.superseded)
      if (flight.isSuperseded) throw new Superseded('a newer revision came')
      preparation.settle()
    } catch (error) {
      preparation.discard()
      times.total = times.collect + times.fetch + now() - started
      if (error instanceof Superseded) {
        const names = targets.filter((target) => target.instance?.entry !== target.entry).map((target) => target.manifest.name)
        return { kind: 'superseded', receipt: this.#receipt(origin, { modules: this.#namesWithVersions(names), outcome: 'superseded', ms: times }) }
      }
      if (error instanceof ReloadFailure) return { kind: 'failed', failure: error, targets }
      throw error
    }
    const begun = now()
    const result = commit(this.#parts, program, preparation, manifest, origin.trigger === 'undo')
    times.commit = now() - begun
    times.total = times.collect + times.fetch + now() - started
    this.#parts.committed(result, preparation.modules)
    const stateChanges = preparation.modules.flatMap((module) => module.changes)
    return {
      kind: 'committed',
      receipt: this.#receipt(origin, { modules: result.changes, outcome: 'committed', ms: times, ...(stateChanges.length > 0 ? { stateChanges } : {}) }),
    }
  }

  /** Every module as it runs. */
  #present(program: Program): Target[] {
    return program.modules.map((module) => ({ manifest: module.manifest, entry: module.entry, instance: module, isForced: false }))
  }

  /** The program as the plan wants it, those in `excluded` as they run now. */
  #targets(plan: ReloadPlan, excluded: ReadonlySet<string>, isForced: boolean): Target[] {
    const program = this.#parts.program()
    const targets = new Map<string, Target>()
    const keep = (name: string): void => {
      const instance = program.module(name)
      if (instance !== undefined) targets.set(name, { manifest: instance.manifest, entry: instance.entry, instance, isForced })
    }
    const order = this.#desired?.manifest.modules ?? []
    for (const { name } of order) {
      const planned = plan.modules.find((module) => module.manifest.name === name)
      const instance = planned?.from === undefined ? undefined : program.module(planned.from)
      if (planned !== undefined && !excluded.has(name)) targets.set(name, { manifest: planned.manifest, entry: planned.entry, instance, isForced })
      else if (planned === undefined) keep(name)
      else if (instance !== undefined && instance.name === name) {
        // The code stays as it runs; what the manifest says of it does not wait for it.
        targets.set(name, { manifest: { ...planned.manifest, path: instance.manifest.path }, entry: instance.entry, instance, isForced })
      } else if (instance !== undefined) keep(instance.name)
    }
    for (const { name } of plan.removed) if (excluded.has(name)) keep(name)
    // What was unloaded is in the manifest but not in the plan: `keep` finds no instance and leaves it out.
    return [...targets.values()]
  }

  #isDifferent(plan: ReloadPlan, targets: readonly Target[]): boolean {
    const { modules } = this.#parts.program()
    return plan.isManifestChanged || modules.length !== targets.length
      || targets.some((target) => target.instance === undefined || target.isForced || target.instance.entry !== target.entry)
  }

  /** What no longer differs from what runs is neither held nor a problem. */
  #clearSettled(plan: ReloadPlan): void {
    const { problems } = this.#parts
    const wanted = new Set([...plan.modules, ...plan.broken].map((module) => module.manifest.name))
    for (const module of plan.modules) {
      const { name } = module.manifest
      problems.clear(`manifest:${name}`)
      if (module.isCodeChanged) continue
      this.#held.delete(name)
      problems.clear(`load:${name}`)
    }
    for (const module of plan.broken) {
      if (!module.isRefusal) problems.clear(`load:${module.manifest.name}`)
    }
    for (const problem of problems.list()) {
      const { module } = problem
      if (module !== undefined && !wanted.has(module) && this.#parts.program().module(module) === undefined) problems.clear(problem.id)
    }
    for (const [name, entry] of this.#undone) {
      if (!plan.modules.some((module) => module.manifest.name === name && module.entry === entry)) this.#undone.delete(name)
    }
  }

  #afterCommit(plan: ReloadPlan, excluded: ReadonlySet<string>): void {
    for (const { manifest } of plan.modules) {
      if (excluded.has(manifest.name)) continue
      this.#held.delete(manifest.name)
      this.#parts.problems.clear(`load:${manifest.name}`)
    }
    for (const { name } of plan.removed) if (!excluded.has(name)) this.#held.delete(name)
  }

  #forgetUnloaded(revision: ProgramRevision): void {
    for (const [name, entry] of this.#unloaded) {
      const present = revision.manifest.modules.find((module) => module.name === name)
      const isAskedFor = revision.trigger === 'open' || revision.trigger === 'command'
      if (isAskedFor || present === undefined || JSON.stringify(present) !== JSON.stringify(entry)) this.#unloaded.delete(name)
    }
  }

  #hold(revision: ProgramRevision, names: readonly string[]): void {
    for (const name of names) {
      const code = revision.modules.find((module) => module.module === name)
      if (code !== undefined) this.#held.set(name, textKey(code))
    }
  }

  #changedNames(plan: ReloadPlan, excluded: ReadonlySet<string>): string[] {
    const changed = plan.modules.filter((module) => module.isCodeChanged && !excluded.has(module.manifest.name)).map((module) => module.manifest.name)
    return [...changed, ...plan.removed.map((module) => module.name)]
  }

  #refuseStrategy({ manifest, error, isRunning }: BrokenModule): void {
    this.#parts.problems.set({
      id: `manifest:${manifest.name}`,
      source: 'manifest',
      severity: 'error',
      module: manifest.name,
      ...error,
      consequence: isRunning ? `${manifest.name} runs on as it did` : `${manifest.name} is not loaded`,
    })
  }

  #setLoadProblem(failure: ReloadFailure): void {
    const { problems, program } = this.#parts
    const { module, phase } = failure
    if (phase === 'collect' || phase === 'fetch') return
    const running = module === undefined ? undefined : program().module(module)
    problems.set({
      id: `load:${module ?? ''}`,
      source: failure.cause instanceof CoppiceError && failure.cause.code === 'invalid-config' ? 'config' : 'load',
      severity: 'error',
      ...(module === undefined ? {} : { module }),
      ...this.#describe(failure),
      moment: program().moment,
      consequence: running === undefined ? 'not loaded' : `v${running.version} runs on`,
    })
  }

  #describe(failure: ReloadFailure): SourceError {
    if (failure.described !== undefined) return failure.described
    const path = this.#desired?.manifest.modules.find((module) => module.name === failure.module)?.path
    if (failure.cause instanceof CoppiceError) {
      return { message: failure.cause.message, ...(path === undefined ? {} : { file: path }) }
    }
    const described = this.#parts.code.describe(failure.cause)
    return described.file === undefined && path !== undefined ? { ...described, message: described.message || messageOf(failure.cause), file: path } : described
  }

  #reject(origin: Origin, times: ReceiptTimes, names: readonly string[], phase: ReloadPhase, error: SourceError): Receipt {
    times.total ||= times.collect + times.fetch
    return this.#receipt(origin, { modules: this.#namesWithVersions(names), outcome: 'rejected', phase, error, ms: times })
  }

  #namesWithVersions(names: readonly string[]): Receipt['modules'] {
    return names.map((name) => {
      const version = this.#parts.program().module(name)?.version
      return version === undefined ? { name } : { name, from: version }
    })
  }

  #receipt(origin: Origin, outcome: Pick<Receipt, 'modules' | 'outcome' | 'ms'> & Partial<Receipt>): Receipt {
    const receipt = this.#parts.receipts.add({ ...origin, ...outcome, ms: { ...outcome.ms }, moment: this.#parts.program().moment })
    this.#parts.receiptAdded(receipt)
    return receipt
  }

  #unknown(name: string): never {
    throw new CoppiceError('unknown-module', `There is no module "${name}".`)
  }
}

/** The entries whose evaluated code is still of use: what runs, and what an undo can bring back. */
export function entriesInUse(programs: readonly Program[]): ContentHash[] {
  return programs.flatMap((program) => program.modules.flatMap((module) => [module.entry, ...module.past]))
}
