// Which of the reloads on trial a fault comes from (ML8): the past is computed again without one more of them at a time, the newest first,
// until the fault is in it no more; then those that can stay without bringing it back are acquitted.
//
//   fault ──► without the newest ──► and the one before ──► … ──► gone ──► with each again, the newest first ──► guilty
//                                                            ├──► there without any of them: all innocent
//                                                            └──► can't be computed: the next one that may have brought it

import type { Program } from '../program.ts'
import type { Trial, TrialFailure } from './trial.ts'
import type { ComputedWithout } from './without.ts'

/** Reloads, oldest first. */
export type Reloads = readonly [Trial, ...Trial[]]

export type Verdict = Guilty | { readonly kind: 'innocent' } | Unknown

/** The past can't be computed without `suspect`, or not in time; without those looked at before it the fault is there too. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly suspect: Trial
  /** The failure as it brings it, if it does. */
  readonly failure: TrialFailure
}

export interface Guilty {
  readonly kind: 'guilty'
  readonly gone: Reloads
  readonly computed: ComputedWithout
  /** The failure as this one of them brings it. */
  readonly failureOf: (trial: Trial) => TrialFailure
}

export interface Search {
  /** As `computeWithout`. */
  readonly without: (gone: Reloads) => ComputedWithout | undefined
  readonly now: () => number
}

/** A search that takes longer tries all at once, and looks no closer. */
const patienceMs = 250

/** Modules of which messages sent after `frame`, or exposed values, reach this one, itself too, also through others. */
export function heardBy(program: Program, name: string, frame: number): ReadonlySet<string> {
  const heard = new Set([name])
  for (const reader of heard) {
    const dependencies = program.module(reader)?.definition.dependencies ?? []
    for (const { name: sender } of program.modules)
      if (dependencies.includes(sender) || program.bus.hasMet(reader, sender, frame)) heard.add(sender)
  }
  return heard
}

/** All that may have brought it: the one that failed, then the newest first. A state goes by the module's own reloads. */
export function suspectsOf(
  trial: Trial,
  { module, thrown }: TrialFailure,
  trials: readonly Trial[],
  program: Program,
): readonly Trial[] {
  const isHeard = (other: Trial): boolean => {
    const heard = thrown === undefined ? new Set([module]) : heardBy(program, thrown.by, other.moment.frame)
    return other.modules.some(({ name }) => heard.has(name))
  }
  const others = trials.filter((other) => other !== trial && isHeard(other))
  return [trial, ...others.toReversed()]
}

/** The past computed last is as if it had not been, but where it is given. */
export function findGuilty(suspects: readonly Trial[], failure: TrialFailure, { without, now }: Search): Verdict {
  const started = now()
  const isLate = (): boolean => now() - started > patienceMs
  /** What it was in the last past that it was in. */
  let seen = failure
  /** By suspect: in the past that those before it are gone from. */
  const failures = new Map<Trial, TrialFailure>()
  const failureOf = (trial: Trial): TrialFailure => failures.get(trial) ?? failure
  const unknown = (suspect: Trial | undefined): Verdict =>
    suspect === undefined ? { kind: 'innocent' } : { kind: 'unknown', suspect, failure: failureOf(suspect) }
  /** The past without these, where the fault is not in it. */
  const healed = (gone: readonly Trial[]): { gone: Reloads; computed: ComputedWithout } | undefined | 'unknown' => {
    const [oldest, ...others] = gone.toSorted((left, right) => left.sequence - right.sequence)
    if (oldest === undefined) return 'unknown'
    const computed = without([oldest, ...others])
    if (computed === undefined) return 'unknown'
    const fault = faultIn(computed, failure)
    if (fault === undefined) return { gone: [oldest, ...others], computed }
    seen = fault
    computed.giveBack()
    return undefined
  }
  let cleared = 0
  for (
    let count = 1;
    count <= suspects.length;
    count = isLate() && count < suspects.length ? suspects.length : count + 1
  ) {
    const found = healed(suspects.slice(0, count))
    if (found === 'unknown') return unknown(suspects[cleared])
    if (found === undefined) {
      cleared = count
      const next = suspects[count]
      if (next !== undefined) failures.set(next, seen)
      continue
    }
    if (count === 1 || isLate()) return { kind: 'guilty', ...found, failureOf }
    found.computed.giveBack()
    let guilty: readonly Trial[] = found.gone
    for (const suspect of suspects.slice(0, count - 1)) {
      const rest = guilty.filter((one) => one !== suspect)
      const still = isLate() ? undefined : healed(rest)
      if (still === undefined || still === 'unknown') continue
      still.computed.giveBack()
      guilty = rest
    }
    const last = healed(guilty)
    return last === undefined || last === 'unknown' ? unknown(guilty.at(-1)) : { kind: 'guilty', ...last, failureOf }
  }
  return { kind: 'innocent' }
}

/** As it is in this past, where it is: in other words maybe, where other code runs. */
function faultIn({ program, missed }: ComputedWithout, failure: TrialFailure): TrialFailure | undefined {
  const { thrown, isIn } = failure
  if (thrown === undefined) return isIn?.(program.module(failure.module)?.seen) === true ? failure : undefined
  const module = program.module(thrown.by)
  // Of a parked one it is that of the frames before; what `expose` throws misses no frame.
  const call = missed.findLast(
    (one) => one.module === thrown.by && (one.frame === thrown.frame || module?.isParked === true),
  )
  const message = call?.message ?? module?.error?.message
  if (module === undefined || message === undefined) return undefined
  if (message === thrown.error.message) return failure
  const error = { message, file: module.manifest.path }
  return { ...failure, error, thrown: { ...thrown, error } }
}
