// A reload taken back without computing its past again: the versions before go on with the state of the failing frame's start, brought
// back to them as any state is brought from version to version; where that is refused, with the state of before the reload.

import { commit } from '../commit.ts'
import type { Committed, CommitParts } from '../commit.ts'
import type { History } from '../journal/history.ts'
import { Preparation } from '../preparation.ts'
import type { PreparationParts } from '../preparation.ts'
import type { Program } from '../program.ts'
import { noTimes } from '../receipts.ts'
import { failingAs, ReloadFailure } from '../reload-failure.ts'
import type { PreparedModule, Target } from '../reload-target.ts'
import { ResourcePreparation } from '../resource-preparation.ts'
import type { ResourceSteps } from '../resource-preparation.ts'
import type { Trial, TrialFailure } from './trial.ts'

export interface HandedDown {
  readonly result: Committed
  readonly prepared: readonly PreparedModule[]
  /** Modules whose state is that of before the reload. */
  readonly older: readonly string[]
}

/**
 * Commits the versions before on `program`. A state that the failure is in, or that none may hold, is first made what it was at the frame's
 * start. Throws where none of the ways is open.
 */
export function handDown(
  program: Program,
  trial: Trial,
  failure: TrialFailure,
  history: History,
  parts: PreparationParts & CommitParts,
): HandedDown {
  const names = trial.runs(program)
  try {
    const spoilt = names.filter((name) => takeSpoiltBack(program, name, failure, history))
    return commitBack(program, trial, history, parts, new Map(), spoilt.length > 0)
  } catch (error) {
    if (!(error instanceof ReloadFailure)) throw error
    const found = history.baseOf(trial)
    const states = found === undefined ? undefined : history.capture.read(found)?.modules
    if (states === undefined) throw error
    const given = new Map(names.map((name) => [name, { state: states.get(name)?.state }]))
    return commitBack(program, trial, history, parts, given, false)
  }
}

/** True where its state was spoilt, and is that of the frame's start now; throws where that was spoilt too, or is not known. */
function takeSpoiltBack(program: Program, name: string, failure: TrialFailure, history: History): boolean {
  const module = program.module(name)
  const spoilt = (): string | undefined => {
    const isIn = name === failure.module && failure.isIn?.(module?.seen) === true
    return isIn ? failure.error.message : history.refusalOf(module?.seen)
  }
  const why = spoilt()
  if (why === undefined || module === undefined) return false
  const isBack = failingAs(name, 'setup', () => history.takeBack(module, program))
  if (isBack && spoilt() === undefined) return true
  throw new ReloadFailure(name, 'validate', new Error(why))
}

function commitBack(
  program: Program,
  trial: Trial,
  history: History,
  parts: PreparationParts & CommitParts,
  given: ReadonlyMap<string, { readonly state: unknown }>,
  isSpoilt: boolean,
): HandedDown {
  const { manifest } = program
  if (manifest === undefined) throw new ReloadFailure(undefined, 'commit', new Error('no program'))
  // Newer code of the others stays.
  const returning = new Set(trial.runs(program))
  const targets: Target[] = program.modules.map((module) => {
    const entry = returning.has(module.name) ? module.past.at(-1) : undefined
    const givenState = given.get(module.name)
    return {
      manifest: module.manifest,
      entry: entry ?? module.entry,
      instance: module,
      isForced: false,
      ...(givenState === undefined ? {} : { givenState }),
    }
  })
  const definitions = targets.map(({ instance, entry, manifest: { name } }) =>
    instance?.entry === entry ? instance.definition : history.definitionOf(name, entry),
  )
  const copying = new ResourcePreparation({ ...parts, rendering: undefined }, manifest, (value) => value)
  const resources: ResourceSteps = {
    setUp: (modules) => {
      for (const module of modules) {
        if (!returning.has(module.target.manifest.name)) continue
        const before = trial.modules.find(({ name }) => name === module.target.manifest.name)?.resources
        if (before === undefined || before === module.target.instance?.resources) continue
        module.resources = before
        module.areResourcesNew = true
      }
      return []
    },
    restore: (modules) => copying.restore(modules),
    discard: () => undefined,
  }
  const preparation = new Preparation(parts, program, manifest, targets, noTimes(), resources)
  try {
    void preparation.prepareWith(definitions)
    preparation.settle()
  } catch (error) {
    preparation.discard()
    throw error
  }
  const result = commit(parts, program, preparation, manifest, true, isSpoilt)
  return { result, prepared: preparation.modules, older: [...given.keys()] }
}
