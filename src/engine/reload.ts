// The reload transaction (ML1, ML2): brings the running program to a revision.
//
//   collect ► fetch ► (rehearse) ► evaluate ► migrate ► validate ► setup ► commit
//   └── server ──┘    └───────────── preparation.ts ──────────────┘   └ commit.ts
//        │                          │ a failure before commit                │
//        ▼                          ▼                                        ▼
//     rejected                  rejected: the text is held              committed ─► on trial ─► proven
//                               a newer revision: superseded                            └─► rolled back: the text is left out
//
// What a trial is, and what taking back means: trial/trials.ts.
// A held text does not block others: it is tried with them, and left out where it is guilty.

import type { ProgramRevision, RefusedText, ReloadTrigger } from '../protocol/code.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ContentHash } from '../protocol/values.ts'
import { HeldTexts } from './held-texts.ts'
import { ModuleReloads } from './module-reload.ts'
import { noTimes } from './receipts.ts'
import { ReloadAttempts } from './reload-attempt.ts'
import type { Attempt, Origin, ReloadParts } from './reload-attempt.ts'
import { planReload } from './reload-plan.ts'
import type { ReloadPlan } from './reload-plan.ts'
import { ReloadQueue } from './reload-queue.ts'
import type { Flight } from './reload-queue.ts'
import { isRenewed } from './reload-target.ts'
import type { Target } from './reload-target.ts'
import { isSameData } from './resources.ts'

/** All reloads of one engine, one at a time. */
export class Reloads {
  /** Transactions on single modules, by command. */
  readonly modules: ModuleReloads
  readonly #parts: ReloadParts
  readonly #attempts: ReloadAttempts
  readonly #queue = new ReloadQueue()
  readonly #held = new HeldTexts()
  #desired: ProgramRevision | undefined

  constructor(parts: ReloadParts) {
    this.#parts = parts
    this.#attempts = new ReloadAttempts(parts)
    this.modules = new ModuleReloads({
      parts,
      queue: this.#queue,
      attempts: this.#attempts,
      held: this.#held,
      desired: () => this.#desired,
    })
  }

  /** What the files say: the newest revision; undefined before the first. */
  get desired(): ProgramRevision | undefined {
    return this.#desired
  }

  /** What runs is not what the newest manifest says, and nothing is under way to bring it there. */
  get isManifestHeld(): boolean {
    const { manifest, modules } = this.#parts.program()
    const desired = this.#desired?.manifest
    if (manifest === undefined || desired === undefined || this.isBusy) return false
    const isListed = (name: string): boolean => desired.modules.some((module) => module.name === name)
    return !isSameData(manifest, desired) || !modules.every(({ name }) => isListed(name))
  }

  /** A transaction is under way. */
  get isBusy(): boolean {
    return this.#queue.isBusy
  }

  /** Taken out of the program by a command. */
  isUnloaded(name: string): boolean {
    return this.#held.isUnloaded(name)
  }

  /**
   * Brings the program to this revision; a transaction under way is superseded. Resolves with the receipts, none where nothing
   * differs from what runs. `refused`: a text of it that must not be tried.
   */
  apply(revision: ProgramRevision, refused?: RefusedText): Promise<readonly Receipt[]> {
    this.#parts.code.add(revision.texts)
    if (refused !== undefined) this.#attempts.refuse(refused)
    const present = this.#desired?.revision === revision.revision ? this.#queue.underWay(revision.revision) : undefined
    if (present !== undefined) return present
    this.#desired = revision
    return this.#queue.start(revision.revision, (flight) => this.#transact(revision, flight))
  }

  /** These texts were taken back, by module: left out until they change, or are asked for. */
  takenBack(texts: ReadonlyMap<string, ContentHash>): void {
    for (const code of this.#desired?.modules ?? []) {
      // A newer one may be on its way.
      if ('entry' in code && texts.get(code.module) === code.entry) this.#held.undo(code.module, code.entry)
    }
  }

  /** The program a transaction under way was prepared for is not present any more: it begins anew. */
  restart(): void {
    const revision = this.#desired
    if (!this.isBusy || revision === undefined) return
    this.#queue.start(revision.revision, (flight) => this.#transact(revision, flight)).catch(() => undefined)
  }

  /** What runs came from elsewhere: this is the revision it was brought to, as far as it runs. `undone`: modules brought back since. */
  adopt(revision: ProgramRevision, undone: ReadonlySet<string>): void {
    this.#desired = revision
    for (const code of revision.modules) {
      const running = this.#parts.program().module(code.module)?.entry
      if ('entry' in code && code.entry === running) continue
      if ('entry' in code && undone.has(code.module)) this.#held.undo(code.module, code.entry)
      else this.#held.reject(revision, [code.module])
    }
  }

  /** The desired revision once more: what runs was exchanged for something older. */
  reconsider(trigger: ReloadTrigger, title: string): Promise<readonly Receipt[]> {
    if (this.#desired === undefined) return Promise.resolve([])
    return this.apply({ ...this.#desired, trigger, title, changedFiles: [], texts: [] })
  }

  /** Runs `body` with the reloads to itself: a reset. Waits for what is under way; a revision supersedes it. */
  async exclusively(body: (superseded: Promise<never>) => Promise<void>): Promise<void> {
    await this.#queue.startAfter(async (flight) => {
      await body(flight.superseded)
      return []
    })
  }

  async #transact(revision: ProgramRevision, flight: Flight): Promise<readonly Receipt[]> {
    const program = this.#parts.program()
    const runningMath = program.manifest?.math ?? revision.manifest.math
    this.#parts.code.setMath(revision.manifest.math)
    this.#held.follow(revision)
    const plan = planReload(revision, program.modules, program.manifest, this.#held)
    const origin: Origin = {
      trigger: revision.trigger,
      title: revision.title,
      changedFiles: revision.changedFiles,
      revision: revision.revision,
    }
    this.#clearSettled(plan)

    const receipts: Receipt[] = []
    for (const broken of plan.broken) {
      const { name } = broken.manifest
      if (broken.isHeld) continue
      this.#held.reject(revision, [name])
      const others = broken.isRunning ? this.#changedNames(plan, new Set()) : []
      this.#held.reject(revision, others)
      const times = { ...noTimes(), ...revision.ms, total: revision.ms.collect + revision.ms.fetch }
      receipts.push(this.#attempts.reject(origin, [name, ...others], broken, times))
      if (broken.isRunning) {
        this.#parts.code.setMath(runningMath)
        return receipts
      }
    }
    const isForced = runningMath !== revision.manifest.math
    return [...receipts, ...(await this.#tryOut(plan, revision, origin, isForced, flight))]
  }

  /** Tries all together, then without those that were rejected before and are guilty again. */
  async #tryOut(
    plan: ReloadPlan,
    revision: ProgramRevision,
    origin: Origin,
    isForced: boolean,
    flight: Flight,
  ): Promise<readonly Receipt[]> {
    const isOpening = this.#parts.program().manifest === undefined
    const receipts: Receipt[] = []
    const excluded = new Set(
      plan.modules
        .filter((module) => this.#held.isUndone(module.manifest.name, module.entry))
        .map((module) => module.manifest.name),
    )
    const held = [
      ...plan.modules.filter((module) => module.isHeld).map((module) => module.manifest.name),
      ...plan.removed.filter((module) => module.isHeld).map((module) => module.name),
    ]
    for (;;) {
      const targets = this.#targets(plan, excluded, isForced)
      if (!this.#isDifferent(plan, targets, revision.manifest)) return receipts
      const times = { ...noTimes(), ...revision.ms }
      const attempt = await this.#attempts.attempt(origin, times, targets, revision.manifest, flight)
      if (attempt.kind === 'committed') this.#settle(plan, excluded)
      if (attempt.kind !== 'failed') return [...receipts, attempt.receipt]
      const { module: guilty } = attempt
      const refused = attempt.isConfig ? entryOf(plan, guilty) : undefined
      if (refused !== undefined && !this.#held.isConfigRejected(refused)) {
        // It runs on with the configuration it has, and the others with theirs.
        this.#held.rejectConfig(refused)
        receipts.push(this.#attempts.reject(origin, [refused.name], attempt, times))
        continue
      }
      const withoutThem = this.#whomToLeaveOut(attempt, plan, held, excluded, isOpening)
      if (withoutThem.length > 0) {
        for (const name of withoutThem) excluded.add(name)
        if (guilty !== undefined && !held.includes(guilty) && withoutThem.includes(guilty)) {
          // At opening, one that can't run must not keep the others from it.
          this.#held.reject(revision, [guilty])
          receipts.push(this.#attempts.reject(origin, [guilty], attempt, times))
        }
        continue
      }
      const changed = this.#changedNames(plan, excluded)
      this.#held.reject(revision, changed)
      for (const { name } of plan.removed) this.#held.rejectRemoval(name)
      this.#parts.code.setMath(this.#parts.program().manifest?.math ?? revision.manifest.math)
      return [...receipts, this.#attempts.reject(origin, changed, attempt, times)]
    }
  }

  /** None: the transaction is rejected. */
  #whomToLeaveOut(
    { module: guilty }: Extract<Attempt, { kind: 'failed' }>,
    plan: ReloadPlan,
    held: readonly string[],
    excluded: ReadonlySet<string>,
    isOpening: boolean,
  ): readonly string[] {
    if (guilty !== undefined && !excluded.has(guilty)) {
      const isNewcomer = plan.modules.some((module) => module.from === undefined && module.manifest.name === guilty)
      if (held.includes(guilty) || (isOpening && isNewcomer)) return [guilty]
    }
    // A fresh one may be guilty only of not fitting to one that is held.
    return held.filter((name) => !excluded.has(name))
  }

  /** The program as the plan wants it, those in `excluded` as they run now. */
  #targets(plan: ReloadPlan, excluded: ReadonlySet<string>, isForced: boolean): readonly Target[] {
    const program = this.#parts.program()
    const targets = new Map<string, Target>()
    const keep = (name: string): void => {
      const instance = program.module(name)
      if (instance !== undefined) {
        targets.set(name, { manifest: instance.manifest, entry: instance.entry, instance, isForced })
      }
    }
    for (const { name } of this.#desired?.manifest.modules ?? []) {
      const planned = plan.modules.find((module) => module.manifest.name === name)
      if (planned === undefined) {
        if (!this.#held.isUnloaded(name)) keep(name)
        continue
      }
      const { entry, from } = planned
      const instance = from === undefined ? undefined : program.module(from)
      const manifest = this.#held.isConfigRejected(planned.manifest)
        ? withConfigOf(planned.manifest, instance?.manifest)
        : planned.manifest
      const configPlaces = this.#desired?.configPlaces?.[name]
      const placed = configPlaces === undefined ? {} : { configPlaces }
      if (!excluded.has(name)) targets.set(name, { manifest, entry, instance, isForced, ...placed })
      else if (instance?.name === name) {
        // The code stays; what else the manifest says of the module does not wait for it.
        targets.set(name, {
          manifest: { ...manifest, path: instance.manifest.path },
          entry: instance.entry,
          instance,
          isForced,
          ...placed,
        })
      } else if (instance !== undefined) keep(instance.name)
    }
    for (const { name } of plan.removed) if (excluded.has(name)) keep(name)
    return [...targets.values()]
  }

  #isDifferent(plan: ReloadPlan, targets: readonly Target[], wanted: Manifest): boolean {
    const { modules, manifest } = this.#parts.program()
    if (modules.length !== targets.length || targets.some(isRenewed)) return true
    if (!plan.modules.some((module) => this.#held.isConfigRejected(module.manifest))) return plan.isManifestChanged
    // What differs may be the configuration that was refused alone.
    const isMoved = targets.some((target, index) => target.instance !== modules[index])
    const others = { ...wanted, modules: [] }
    return (
      isMoved ||
      !isSameData({ ...manifest, modules: [] }, others) ||
      targets.some((target) => !isSameData(target.manifest, target.instance?.manifest))
    )
  }

  /** What no longer differs from what runs is neither held nor a problem. */
  #clearSettled(plan: ReloadPlan): void {
    const { problems } = this.#parts
    const running = this.#parts.program()
    const wanted = new Set([...plan.modules, ...plan.broken].map((module) => module.manifest.name))
    for (const { manifest, isCodeChanged } of plan.modules) {
      if (!this.#held.isConfigRejected(manifest)) problems.clear(`config:${manifest.name}`)
      if (isCodeChanged) continue
      this.#held.settle(manifest.name)
      problems.clear(`load:${manifest.name}`)
    }
    // The server tells of what does not compile.
    for (const { manifest } of plan.broken) problems.clear(`load:${manifest.name}`)
    for (const { id, module } of problems.list()) {
      if (module !== undefined && !wanted.has(module) && running.module(module) === undefined) problems.clear(id)
    }
  }

  #settle(plan: ReloadPlan, excluded: ReadonlySet<string>): void {
    const { problems } = this.#parts
    for (const { manifest } of plan.modules) {
      if (!this.#held.isConfigRejected(manifest)) problems.clear(`config:${manifest.name}`)
      if (excluded.has(manifest.name)) continue
      this.#held.settle(manifest.name)
      problems.clear(`load:${manifest.name}`)
    }
    for (const { name } of plan.removed) {
      if (!excluded.has(name)) this.#held.settle(name)
    }
  }

  #changedNames(plan: ReloadPlan, excluded: ReadonlySet<string>): readonly string[] {
    const changed = plan.modules.filter((module) => module.isCodeChanged && !excluded.has(module.manifest.name))
    return [...changed.map((module) => module.manifest.name), ...plan.removed.map((module) => module.name)]
  }
}

/** What the manifest says of a module that can run. */
function entryOf(plan: ReloadPlan, name: string | undefined): ManifestModule | undefined {
  return plan.modules.find(({ manifest }) => manifest.name === name)?.manifest
}

/** The entry with the configuration that runs. */
function withConfigOf(
  { fileConfig: _refused, ...manifest }: ManifestModule,
  running: ManifestModule | undefined,
): ManifestModule {
  const { config, fileConfig } = running ?? { config: {} }
  return { ...manifest, config, ...(fileConfig === undefined ? {} : { fileConfig }) }
}
