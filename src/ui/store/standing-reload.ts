// Why what runs is not what the files say, in the words of the banner over the editor. Pure.

import type { Problem } from '../../protocol/problem.ts'
import type { Receipt, ReloadPhase } from '../../protocol/receipt.ts'
import type { SourceError } from '../../protocol/values.ts'
import type { UiState } from './ui-store.ts'
import { formatCount, formatPlural } from '../widgets/format.ts'

const manifestFile = 'engine.json'

/**
 * The reloads that left the program other than its files: for each module with other code its newest one, where that was
 * refused, taken back, or undone; for `engine.json` the newest that was refused for it. Newest first.
 */
export function standingReloads(
  receipts: readonly Receipt[],
  { differingModules, differingPaths }: Pick<UiState, 'differingModules' | 'differingPaths'>,
): readonly Receipt[] {
  const found = new Set<Receipt>()
  for (const name of differingModules) {
    const newest = receipts.find(
      (receipt) =>
        receipt.outcome !== 'superseded' &&
        !isWayBack(receipt) &&
        receipt.modules.some((change) => change.name === name),
    )
    if (newest !== undefined && (newest.outcome !== 'committed' || newest.trigger === 'undo')) found.add(newest)
  }
  if (differingPaths.includes(manifestFile)) {
    const newest = receipts.find(
      ({ outcome, changedFiles }) => outcome !== 'superseded' && changedFiles.includes(manifestFile),
    )
    if (newest?.outcome === 'rejected') found.add(newest)
  }
  return [...found].toSorted((a, b) => b.id - a.id)
}

/** What is wrong with `engine.json` itself, so that an older one is in force; undefined where it can be read. */
export function unreadManifest(problems: readonly Problem[]): Problem | undefined {
  return problems.find(
    ({ source, severity, module, file }) =>
      source === 'manifest' && severity === 'error' && module === undefined && file === manifestFile,
  )
}

/** After a hang the version before is brought back by a commit of its own: the reload that hung is what is to be told. */
function isWayBack(receipt: Receipt): boolean {
  return receipt.trigger === 'hang' && receipt.outcome === 'committed'
}

/** The engine's problem with the code of a reload: of the first of its modules that has one. */
export function problemOf(receipt: Receipt, problems: readonly Problem[]): Problem | undefined {
  const ids = receipt.modules.map((change) => `load:${change.name}`)
  return problems.find((problem) => ids.includes(problem.id))
}

/** Modules whose new code failed its trial at the frame the program is paused at: nothing is taken back yet. */
export function pausedFailure(state: Pick<UiState, 'status' | 'problems' | 'modules'>): Problem | undefined {
  if (state.status?.paused !== true || state.status.pausesOnFailure !== true) return undefined
  return state.problems.find(
    (problem) =>
      problem.id.startsWith('load:') &&
      state.modules.some((module) => module.name === problem.module && module.status === 'trial'),
  )
}

export interface StandingWords {
  /** An undo was asked for; the others are failures. */
  readonly tone: 'error' | 'attention'
  /** `tank v13` */
  readonly subject: string
  /** `threw at frame 18 120` */
  readonly event: string
  readonly place: Pick<SourceError, 'file' | 'line' | 'column'> | undefined
  /** The error's own words. */
  readonly cause: string | undefined
  /** `v12 runs on with the state of that frame.` */
  readonly runs: string
  readonly advice: string
}

/** What happened, where, what runs now, what to do. `problem` is what the engine says of its failing module. */
export function standingWords(receipt: Receipt, problem?: Pick<Problem, 'moment' | 'consequence'>): StandingWords {
  const names = receipt.modules.map((change) => change.name)
  const subject = names.join(', ')
  const runs = runningWords(receipt)
  const place = receipt.error?.file === undefined ? undefined : receipt.error
  const cause = receipt.error?.message
  if (receipt.outcome === 'committed')
    return {
      tone: 'attention',
      subject,
      event: `went back to ${receipt.modules.map((change) => versionOf(change.to)).join(', ')}`,
      place: undefined,
      cause: undefined,
      runs: `The saved ${names.length === 1 ? 'file holds' : 'files hold'} another text.`,
      advice: 'Save to run it.',
    }
  if (receipt.outcome === 'rolled-back')
    return {
      tone: 'error',
      subject: receipt.modules.map((change) => `${change.name} ${versionOf(change.to)}`).join(', '),
      event: problem?.moment === undefined ? 'failed on trial' : `failed at frame ${formatCount(problem.moment.frame)}`,
      place,
      cause,
      runs: problem?.consequence === undefined ? runs : `${problem.consequence}.`,
      advice: 'Fix and save.',
    }
  const isOfManifest = receipt.changedFiles.length === 1 && receipt.changedFiles[0] === manifestFile
  const refused = isOfManifest
    ? ({ tone: 'error', subject: manifestFile, place, runs: 'The program runs on as it was.' } as const)
    : ({ tone: 'error', subject, place, runs } as const)
  const [difference, ...more] = receipt.stateDifferences ?? []
  if (difference === undefined)
    return {
      ...refused,
      event: isOfManifest ? 'was refused' : rejectionWords(receipt.phase),
      cause,
      advice: 'Fix and save.',
    }
  // What to do is offered beside it.
  const what = difference.path === '' ? 'the state' : difference.path
  const others = more.length === 0 ? '' : `, and ${formatPlural(more.length, 'more difference')}`
  return {
    ...refused,
    event: 'was refused: its state does not fit',
    cause: `${what} is ${difference.from}, the new code wants ${difference.to}${others}`,
    advice: '',
  }
}

function runningWords(receipt: Receipt): string {
  const running = receipt.modules.filter((change) => change.from !== undefined)
  const [only] = running
  if (only === undefined) return receipt.modules.length === 1 ? 'It does not run.' : 'They do not run.'
  const state = receipt.outcome === 'rolled-back' ? ' with the state it had' : ', untouched'
  if (receipt.modules.length === 1) return `${versionOf(only.from)} runs on${state}.`
  const list = running.map((change) => `${change.name} ${versionOf(change.from)}`).join(', ')
  return `${list} ${running.length === 1 ? 'runs' : 'run'} on${state}.`
}

function versionOf(version: number | undefined): string {
  return version === undefined ? 'no version' : `v${version}`
}

function rejectionWords(phase: ReloadPhase | undefined): string {
  switch (phase) {
    case 'collect':
      return 'could not be read'
    case 'fetch':
      return 'does not compile'
    case 'rehearse':
      return 'failed in rehearsal'
    case 'setup':
      return 'was refused: its setup failed'
    case 'evaluate':
      return 'was refused as it was loaded'
    case 'migrate':
    case 'validate':
    case 'commit':
    case 'trial':
    case undefined:
      return 'was refused'
  }
}
