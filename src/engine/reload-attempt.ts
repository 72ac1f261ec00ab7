// One try at one set of targets, up to its commit, and the receipts and problems it leaves. Which targets are tried, and what a
// failure means for the others, is decided by reload.ts.

import type { RefusedText, ReloadTrigger } from '../protocol/code.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { RehearsalResult } from '../protocol/rehearsal.ts'
import type { Receipt, ReloadPhase } from '../protocol/receipt.ts'
import type { Milliseconds, SourceError } from '../protocol/values.ts'
import type { ConfigNote } from '../protocol/config.ts'
import { initOnlyPaths, layerNotes, resetNotes } from './config-notes.ts'
import { RefusedConfig } from './config-refusal.ts'
import { commit } from './commit.ts'
import type { Committed, CommitParts } from './commit.ts'
import { Preparation } from './preparation.ts'
import type { PreparationParts } from './preparation.ts'
import type { Problems } from './problems.ts'
import type { Program } from './program.ts'
import { noTimes } from './receipts.ts'
import type { Receipts, ReceiptTimes } from './receipts.ts'
import { FoundElsewhere, ReloadFailure, Superseded } from './reload-failure.ts'
import type { Flight } from './reload-queue.ts'
import { isRenewed } from './reload-target.ts'
import type { PreparedModule, Target } from './reload-target.ts'
import { StateDiffers } from './state-handover.ts'

export interface ReloadParts extends PreparationParts, CommitParts {
  readonly problems: Problems
  readonly receipts: Receipts
  /** Tries the commit out elsewhere (ML4); undefined where that can't be done. */
  readonly rehearse?: (targets: readonly Target[], manifest: Manifest) => Promise<RehearsalResult> | undefined
  /** Once the messages that were there have been taken: a newer revision may be among them. */
  readonly giveWay: () => Promise<void>
  /** Calls back once, unless it is called off. */
  readonly later: (ms: Milliseconds, callback: () => void) => () => void
  /** The program that runs now. */
  readonly program: () => Program
  /** Right after a commit, in the same turn. */
  readonly committed: (result: Committed, prepared: readonly PreparedModule[]) => void
  readonly receiptAdded: (receipt: Receipt) => void
  /** At the end of a transaction that was committed. `isTried`: its new code is on trial. */
  readonly settled: (receipt: Receipt, result: Committed, prepared: readonly PreparedModule[], isTried: boolean) => void
}

/** What a receipt says of where its transaction came from. */
export interface Origin {
  readonly trigger: ReloadTrigger
  readonly title: string
  readonly changedFiles: readonly string[]
  readonly revision?: number
}

export type Attempt =
  | { readonly kind: 'committed'; readonly receipt: Receipt }
  | { readonly kind: 'superseded'; readonly receipt: Receipt }
  /** Nothing changed; the problem `load:<module>` is set (`isConfig`: `config:<module>`, its configuration alone is to blame), no receipt is written yet. */
  | ({ readonly kind: 'failed'; readonly module: string | undefined; readonly isConfig: boolean } & Rejection)

/** What a rejected receipt says of its cause. */
export type Rejection = Pick<Receipt, 'stateDifferences' | 'migrateStub'> & {
  readonly phase: ReloadPhase
  readonly error: SourceError
}

/** A setup, or a top level that awaits, is told of where it takes longer. */
const slowMs = 3000

/** The version left is not one to go back to. */
function isBack(trigger: ReloadTrigger): boolean {
  return trigger === 'undo' || trigger === 'hang'
}

/** Tries targets and keeps the records. */
export class ReloadAttempts {
  readonly #parts: ReloadParts

  readonly #refusals = new Map<string, ReloadFailure>()

  constructor(parts: ReloadParts) {
    this.#parts = parts
  }

  /** The text ended an engine as it was prepared: it is not tried again, unless a user asks for it. */
  refuse({ module, entry, phase, error }: RefusedText): void {
    this.#refusals.set(`${entry} ${module}`, new ReloadFailure(module, phase, new FoundElsewhere(error)))
  }

  /** Prepares and commits. `times` is added to. */
  async attempt(
    origin: Origin,
    times: ReceiptTimes,
    targets: readonly Target[],
    manifest: Manifest,
    flight: Flight,
  ): Promise<Attempt> {
    const { now } = this.#parts
    const started = now()
    const program = this.#parts.program()
    const preparation = new Preparation(this.#parts, program, manifest, targets, times)
    try {
      this.#throwRefused(targets)
      // What ran before needs no rehearsal.
      const rehearsal = isBack(origin.trigger) ? undefined : this.#parts.rehearse?.(targets, manifest)
      if (rehearsal !== undefined) await this.#rehearsed(rehearsal, times, flight)
      else await this.#parts.giveWay()
      if (flight.isSuperseded) throw new Superseded('a newer revision came')
      await this.#prepare(preparation, flight)
      if (flight.isSuperseded || this.#parts.program() !== program) throw new Superseded('a newer revision came')
      preparation.settle()
    } catch (error) {
      preparation.discard()
      program.placeCall()
      times.total = times.collect + times.fetch + now() - started
      if (error instanceof Superseded) {
        const modules = this.#changesOf(targets.filter(isRenewed).map((target) => target.manifest.name))
        return { kind: 'superseded', receipt: this.#receipt(origin, { modules, outcome: 'superseded', ms: times }) }
      }
      if (error instanceof ReloadFailure) return this.#failed(error, targets)
      throw error
    }
    const begun = now()
    const result = commit(this.#parts, program, preparation, manifest, isBack(origin.trigger))
    times.commit = now() - begun
    times.total = times.collect + times.fetch + now() - started
    this.#parts.committed(result, preparation.modules)
    const { stateChanges } = preparation
    const configNotes = this.#notesOf(preparation.modules)
    const receipt = this.#receipt(origin, {
      modules: result.changes,
      outcome: 'committed',
      ms: times,
      ...(stateChanges.length > 0 ? { stateChanges } : {}),
      ...(configNotes.length > 0 ? { configNotes } : {}),
    })
    this.#parts.settled(receipt, result, preparation.modules, !isBack(origin.trigger))
    return { kind: 'committed', receipt }
  }

  /** The receipt of a transaction that failed: nothing of `modules` changed. */
  reject(
    origin: Origin,
    modules: readonly string[],
    { phase, error, stateDifferences, migrateStub }: Rejection,
    times: ReceiptTimes = noTimes(),
  ): Receipt {
    return this.#receipt(origin, {
      modules: this.#changesOf(modules),
      outcome: 'rejected',
      phase,
      error,
      ...(stateDifferences === undefined ? {} : { stateDifferences }),
      ...(migrateStub === undefined ? {} : { migrateStub }),
      ms: times,
    })
  }

  /** What takes its time is waited for, but not in silence. */
  async #prepare(preparation: Preparation, flight: Flight): Promise<void> {
    const { problems, program, later } = this.#parts
    const told: string[] = []
    const cancel = later(slowMs, () => {
      for (const { module: name, what } of preparation.waitingFor) {
        const target = preparation.targets.find(({ manifest }) => manifest.name === name)
        const running = program().module(name)
        told.push(`load:${name}`)
        problems.set({
          id: `load:${name}`,
          source: 'load',
          severity: 'warning',
          module: name,
          message: `${what} has not come to an end for ${String(slowMs / 1000)} s. A save ends the wait`,
          ...(target === undefined ? {} : { file: target.manifest.path }),
          moment: program().moment,
          consequence: running === undefined ? 'the program waits for it' : `v${running.version} runs on until it does`,
        })
      }
    })
    try {
      await preparation.prepare(flight.superseded)
    } finally {
      cancel()
      for (const id of told) problems.clear(id)
    }
  }

  /** What the edit of a value did not do, told and logged. */
  #notesOf(modules: readonly PreparedModule[]): readonly ConfigNote[] {
    const { code, write } = this.#parts
    const notes = modules.flatMap(({ target, definition, reach, configChange }): readonly ConfigNote[] => {
      if (configChange === undefined) return []
      const { name } = target.manifest
      const { changed } = configChange
      const atReset =
        changed.length === 0 || target.isStateNew === true
          ? []
          : resetNotes(
              name,
              changed,
              initOnlyPaths(definition, reach, (hash) => code.text(hash)),
            )
      return [...layerNotes(name, configChange, target.configPlaces), ...atReset]
    })
    for (const { module, words } of notes) write(module, 'info', [words])
    return notes
  }

  async #rehearsed(rehearsal: Promise<RehearsalResult>, times: ReceiptTimes, flight: Flight): Promise<void> {
    const { now } = this.#parts
    const started = now()
    const result = await Promise.race([rehearsal, flight.superseded])
    if (result.kind === 'skipped') return
    times.rehearse += now() - started
    if (result.kind === 'failed') throw new ReloadFailure(result.module, result.phase, new FoundElsewhere(result.error))
  }

  #throwRefused(targets: readonly Target[]): void {
    for (const { entry, manifest, isForced, instance } of targets) {
      if (isForced || instance?.entry === entry) continue
      const refusal = this.#refusals.get(`${entry} ${manifest.name}`)
      if (refusal !== undefined) throw refusal
    }
  }

  #failed(failure: ReloadFailure, targets: readonly Target[]): Attempt {
    const { module, phase } = failure
    const target = targets.find(({ manifest }) => manifest.name === module)
    const { cause } = failure
    const isOfConfig = cause instanceof RefusedConfig
    const error =
      isOfConfig || cause instanceof FoundElsewhere
        ? cause.error
        : this.#parts.code.describe(cause, target?.entry, target?.manifest.path)
    const { problems, program } = this.#parts
    const running = module === undefined ? undefined : program().module(module)
    const isConfig = isOfConfig && target !== undefined && !isRenewed(target)
    problems.set({
      id: `${isConfig ? 'config' : 'load'}:${module ?? ''}`,
      source: isOfConfig ? 'config' : 'load',
      severity: 'error',
      ...(module === undefined ? {} : { module }),
      ...error,
      moment: program().moment,
      consequence: running === undefined ? 'not loaded' : `v${running.version} runs on`,
    })
    if (!(failure.cause instanceof StateDiffers)) return { kind: 'failed', module, isConfig, phase, error }
    const { differences: stateDifferences, migrateStub } = failure.cause
    return { kind: 'failed', module, isConfig, phase, error, stateDifferences, migrateStub }
  }

  #changesOf(names: readonly string[]): Receipt['modules'] {
    return names.map((name) => {
      const version = this.#parts.program().module(name)?.version
      return version === undefined ? { name } : { name, from: version }
    })
  }

  #receipt(origin: Origin, outcome: Pick<Receipt, 'modules' | 'outcome' | 'ms'> & Partial<Receipt>): Receipt {
    const ms = { ...outcome.ms }
    const receipt = this.#parts.receipts.add({ ...origin, ...outcome, ms, moment: this.#parts.program().moment })
    this.#parts.receiptAdded(receipt)
    return receipt
  }
}
