// All reloads on trial (ML8), looked at after each frame; and what becomes of one that fails.
//
//   committed ─► on trial ──120 frames, 10 calls each, one look for NaN through all──► proven: what it replaced is disposed
//                   │ throws · `validate` refuses · a new NaN · a reader throws for the first time
//                   ├──(setting)──► paused at the failing frame ──resume, step──┐   a newer version of the module: replaced
//                   ▼                                                           ▼
//        without.ts: from the commit's capture, the recorded inputs, without it ──► its past never was: rolled back
//                   │                                └── it fails there too: blame.ts finds another one, or nobody is to blame
//                   │ takes over 250 ms, or can't be computed
//                   ▼
//        hand-down.ts: the version before goes on with the state of the failing frame's start ──► rolled back
//
// Trials are stacked: one that is taken back is left out of the past, and the reloads after it are done again in the new past, where
// they may fail in turn. A module's newest trial answers for it.

import type { TrialLeft } from '../../protocol/program.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { ContentHash, SourceError } from '../../protocol/values.ts'
import type { CallTracker } from '../call-tracker.ts'
import type { Committed } from '../commit.ts'
import type { Definition } from '../definition.ts'
import type { History } from '../journal/history.ts'
import type { MissedCall } from '../journal/simulation.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import type { PreparedModule } from '../reload-target.ts'
import { findGuilty, heardBy, suspectsOf } from './blame.ts'
import type { Guilty } from './blame.ts'
import { fieldsWithNaN, NaNLook } from './nan-look.ts'
import { isOfReader, Trial } from './trial.ts'
import type { TrialFailure, TrialModule, TrialParts } from './trial.ts'
import { computeWithout } from './without.ts'
import type { ComputedWithout, LeftOut } from './without.ts'

export interface TrialsParts {
  readonly history: History
  readonly call: CallTracker
  readonly describe: (module: ModuleInstance, error: unknown) => SourceError
  readonly program: () => Program
  readonly now: () => number
  /** Another past leads to the present now: its program takes the place of the one that is present. Gives what had left by the other. */
  readonly exchanged: (computed: ComputedWithout, gone: LeftOut) => NonNullable<Receipt['alreadySent']>
  /**
   * Commits the versions before on the present program; throws where their state can't be known. `sender`: of it, what was sent since and
   * not read is taken back.
   */
  readonly handDown: (trial: Trial, failure: TrialFailure, sender: string | undefined) => void
  /** A reload is taken back: receipt, problem and log. `isComputed`: the past since was computed without it. */
  readonly rolledBack: (trial: Trial, failure: TrialFailure, isComputed: boolean) => void
  /** Stops at this frame, the failed version still in place: told of. */
  readonly paused: (trial: Trial, failure: TrialFailure) => void
  /** No trial can bring back what was retired before that journal entry. */
  readonly settled: (oldest: number) => void
}

/** Trials at a time: of more saves in two seconds the oldest count as proven. */
const limit = 64

/** The trials of one engine. */
export class Trials {
  /** Setting: a failing trial pauses the program instead of being taken back at once. */
  pauseOnFailure = false
  readonly #parts: TrialsParts
  /** Oldest first. */
  #trials: Trial[] = []
  #pending: { readonly trial: Trial; readonly failure: TrialFailure } | undefined

  constructor(parts: TrialsParts) {
    this.#parts = parts
  }

  /** Frames from now on may be taken back. */
  get areOpen(): boolean {
    return this.#trials.length > 0
  }

  isOnTrial(module: string): boolean {
    return this.#trials.some((trial) => trial.has(module))
  }

  /** What is left of its trial; of the newest, where there are several. */
  leftOf(module: string): TrialLeft | undefined {
    return this.#trials.findLast((trial) => trial.has(module))?.leftOf(module, this.#parts.program())
  }

  /** Code that may come back, by module. */
  *codeBefore(): Iterable<readonly [module: string, entry: ContentHash, definition: Definition]> {
    for (const { modules } of this.#trials)
      for (const { name, before } of modules) yield [name, before.entry, before.definition]
  }

  /** After any commit: nothing that only a finished trial needed is kept. */
  settle(): void {
    this.#parts.settled(Math.min(...this.#trials.map(({ sequence }) => sequence)))
  }

  /** These modules run older code again, by an undo: they are on trial no more. */
  leave(modules: readonly string[]): void {
    for (const trial of this.#trials) {
      trial.leave(modules)
      if (trial.modules.length === 0) this.#end(trial)
    }
  }

  /** After a commit that can be taken back. Modules that came with it have no version before, and are on no trial. */
  begin(
    receipt: Receipt,
    { before: codeBefore, oldResources, changes }: Committed,
    prepared: readonly PreparedModule[],
  ): void {
    const { history, program } = this.#parts
    const present = program()
    const modules: TrialModule[] = []
    for (const { target, isCodeNew } of prepared) {
      const { name } = target.manifest
      const module = present.module(name)
      const from = changes.find((change) => change.name === name)?.from
      const before = codeBefore.get(name)
      if (!isCodeNew || before === undefined || from === undefined || module === undefined) continue
      const resources = oldResources.find(([owner]) => owner === name)?.[1] ?? module.resources
      const callsBefore = module.calls
      const wasRefused = module.stateRefusal !== undefined
      const { hasNoRoom: hadNoRoom } = module
      const look = new NaNLook()
      modules.push({
        name,
        from,
        entry: module.entry,
        before,
        resources,
        look,
        knownNaNs: undefined,
        callsBefore,
        wasRefused,
        hadNoRoom,
      })
    }
    if (this.#pending !== undefined && modules.some(({ name }) => this.#pending?.trial.has(name)))
      this.#pending = undefined
    const base = history.capture.lastComplete
    const { moment } = present
    if (modules.length === 0 || base?.timeline !== moment.timeline || !history.capture.store.hold(base)) return
    this.#trials.push(new Trial({ receipt, modules, sequence: history.commitSequence, moment, base }, present))
    for (const { name } of modules) this.#keepWayBack(name, present)
    present.bus.watch(true)
    const [oldest] = this.#trials
    if (this.#trials.length > limit && oldest !== undefined) this.#end(oldest)
  }

  /** Of many versions on trial, the one they all lead back to stays among those that can be gone back to. */
  #keepWayBack(name: string, program: Program): void {
    const module = program.module(name)
    const entry = this.#trials.find((trial) => trial.has(name))?.modules.find((one) => one.name === name)?.before.entry
    if (module === undefined || entry === undefined || module.past.includes(entry)) return
    module.past = [entry, ...module.past.slice(1)]
  }

  /** One that began in another engine; its base is in the captures here. */
  restart(trial: Trial): void {
    const { history, program } = this.#parts
    if (!history.capture.store.hold(trial.base)) return
    this.#trials.push(trial)
    program().bus.watch(true)
  }

  /** The program that is present from here on. */
  frameEnded(program: Program): Program {
    if (this.#trials.length === 0) return program
    const { call, describe } = this.#parts
    const parts: TrialParts = {
      call,
      describe,
      isOnTrial: (module) => this.isOnTrial(module),
      nansBefore: (trial, module) => this.#nansBefore(trial, module),
      refusalOf: (state) => this.#parts.history.refusalOf(state),
    }
    const taken = new Set<string>()
    // The newest first: it answers for its modules.
    for (const trial of this.#trials.toReversed()) {
      const own = new Set(trial.modules.map(({ name }) => name).filter((name) => !taken.has(name)))
      for (const name of own) taken.add(name)
      const found = trial.frameEnded(program, own, parts)
      if (found === true) this.#proven(trial)
      else if (found !== false && this.#failed(trial, found)) break
    }
    return this.#parts.program()
  }

  /** Resume or step: a failed trial the program was paused at is taken back now. */
  settlePending(): void {
    const pending = this.#pending
    this.#pending = undefined
    if (pending !== undefined && this.#trials.includes(pending.trial))
      this.#takeBack(pending.trial, pending.failure, 'boundary')
  }

  /**
   * The present as if that commit had never been, on trial or not; undefined where it can't be computed in time, and nothing has
   * changed. `found` is told of it right before it is present.
   */
  without(
    gone: LeftOut,
    found: (next: Program) => void,
  ): { readonly sent: NonNullable<Receipt['alreadySent']> } | undefined {
    const { history, program, exchanged } = this.#parts
    const trial = this.#trials.find(({ sequence }) => sequence === gone.sequence)
    const computed = computeWithout(history, program(), [trial ?? gone], undefined, 'boundary')
    if (computed === undefined) return undefined
    if (trial !== undefined) this.#end(trial)
    this.#moveOthers(gone, computed)
    found(computed.program)
    const sent = exchanged(computed, gone)
    computed.program.bus.watch(this.#trials.length > 0)
    this.#checkOthers(computed.missed)
    return { sent }
  }

  /** Another program is present: what was on trial stays as it is. */
  clear(): void {
    for (const trial of this.#trials) this.#end(trial)
    this.#pending = undefined
  }

  #failed(trial: Trial, failure: TrialFailure): boolean {
    if (this.pauseOnFailure && !isOfReader(failure)) {
      this.#pending = { trial, failure }
      this.#parts.paused(trial, failure)
      return true
    }
    return this.#takeBack(trial, failure, 'end')
  }

  /** False where the reload is not to blame. */
  #takeBack(trial: Trial, failure: TrialFailure, at: 'end' | 'boundary'): boolean {
    const { history, program, now } = this.#parts
    const present = program()
    const suspects = suspectsOf(trial, failure, this.#trials, present)
    const verdict = findGuilty(suspects, failure, {
      without: (gone) => computeWithout(history, present, gone, failure.thrown?.by, at),
      now,
    })
    if (verdict.kind === 'guilty') return this.#exchange(verdict)
    if (verdict.kind === 'unknown' && this.#handDown(verdict.suspect, verdict.failure, suspects)) return true
    for (const suspect of suspects) suspect.acquit(failure, present)
    return false
  }

  /** `gone` may be to blame, and the past can't be computed without it. False where there is nothing of it to take back. */
  #handDown(gone: Trial, failure: TrialFailure, suspects: readonly Trial[]): boolean {
    const { handDown, rolledBack, program } = this.#parts
    const present = program()
    const its = this.#asIts(gone, failure)
    // Where newer code runs in its place, what it sent is what is left of it.
    const sender = isOfReader(its) ? its.module : undefined
    if (gone.runs(present).length === 0 && sender === undefined) return false
    // Those looked at before it are not to blame; of the others the same throw, coming again, is heard of anew.
    for (const [index, other] of suspects.entries())
      if (index < suspects.indexOf(gone) || (other !== gone && failure.thrown !== undefined))
        other.acquit(failure, present)
    handDown(gone, its, sender)
    this.#end(gone)
    // What came back by it has not run since: it has to stand its whole trial.
    for (const other of this.#trials) if (gone.modules.some(({ name }) => other.has(name))) other.beginAgain(program())
    rolledBack(gone, its, false)
    return true
  }

  #asIts(trial: Trial, failure: TrialFailure): TrialFailure {
    const heard = heardBy(this.#parts.program(), failure.thrown?.by ?? failure.module, trial.moment.frame)
    return trial.asIts(failure, heard)
  }

  /** `gone`, oldest first, are in the past no more. */
  #exchange({ gone, computed, failureOf }: Guilty): true {
    const { exchanged, rolledBack } = this.#parts
    const [oldest] = gone
    const failures = gone.map((trial) => [trial, this.#asIts(trial, failureOf(trial))] as const)
    for (const trial of gone) this.#end(trial)
    this.#moveOthers(oldest, computed)
    const sent = exchanged(computed, oldest)
    if (sent.length > 0) oldest.receipt = { ...oldest.receipt, alreadySent: sent }
    computed.program.bus.watch(this.#trials.length > 0)
    for (const [trial, its] of failures.toReversed()) rolledBack(trial, its, true)
    this.#checkOthers(computed.missed)
    return true
  }

  /** Reloads after the one taken back were done again: a capture of the old past serves them no more. */
  #moveOthers(gone: LeftOut, { program, adopt }: ComputedWithout): void {
    const sequences = adopt()
    const { store } = this.#parts.history.capture
    for (const trial of this.#trials) {
      trial.beginAgain(program)
      if (trial.sequence < gone.sequence) continue
      trial.sequence = sequences.get(trial.sequence) ?? trial.sequence
      store.release(trial.base)
      trial.base = gone.base
      store.hold(trial.base)
    }
  }

  /** In the new past, another trial may have failed: the newest first. */
  #checkOthers(missed: readonly MissedCall[]): void {
    for (const trial of this.#trials.toReversed()) {
      for (const call of missed) {
        const failure = trial.blameFor(call, this.#parts.program(), (module) => this.isOnTrial(module))
        if (failure !== undefined && this.#takeBack(trial, failure, 'end')) return
      }
    }
  }

  /** What its modules ran before comes back no more. */
  #proven(trial: Trial): void {
    const names = trial.modules.map(({ name }) => name)
    for (const older of this.#trials.filter(({ sequence }) => sequence < trial.sequence)) {
      older.leave(names)
      if (older.modules.length === 0) this.#end(older)
    }
    this.#end(trial)
  }

  #end(trial: Trial): void {
    const { history, program } = this.#parts
    this.#trials = this.#trials.filter((other) => other !== trial)
    history.capture.store.release(trial.base)
    if (this.#trials.length === 0) program().bus.watch(false)
    this.settle()
  }

  #nansBefore(trial: Trial, module: string): ReadonlySet<string> {
    const { capture } = this.#parts.history
    const found = this.#parts.history.baseOf(trial)
    return fieldsWithNaN(found === undefined ? undefined : capture.read(found)?.modules.get(module)?.state)
  }
}
