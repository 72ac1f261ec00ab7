// What taking a reload back means for the engine around the program: which program is present, whose resources live, which receipt,
// problem and line of the log say so. When it happens is decided by trials.ts.

import type { EngineCore } from '../engine-core.ts'
import { reachOf } from '../commit.ts'
import type { Program } from '../program.ts'
import type { Resources } from '../resources.ts'
import { handDown } from './hand-down.ts'
import type { Trial, TrialFailure } from './trial.ts'
import { Trials } from './trials.ts'
import type { LeftOut } from './without.ts'

/** The trials of an engine. */
export function createTrials(core: EngineCore): Trials {
  return new Trials({
    history: core.history,
    call: core.call,
    describe: (module, error) => core.code.describe(error, module.entry, module.manifest.path),
    program: () => core.program,
    now: core.reloadParts.now,
    exchanged: ({ program, outputs }, gone) => {
      exchange(core, program, gone)
      return core.outputs.takenBack(gone.moment, outputs)
    },
    handDown: (trial, failure, sender) => {
      const { result, prepared, older } = handDown(core.program, trial, failure, core.history, core.reloadParts)
      core.history.shelf.restore(resourcesOf(core.program))
      core.committed(result, prepared)
      if (sender !== undefined) {
        const { frame } = trial.moment
        core.program.record({ kind: 'unsent', module: sender, after: frame })
        core.program.bus.takeBack(sender, frame)
      }
      for (const name of older) {
        const text =
          'Its state is that of before the reload: the newer one can not be brought back to the version before.'
        core.append(name, 'warning', text, undefined)
      }
    },
    rolledBack: (trial, failure, isComputed) => tell(core, trial, failure, isComputed),
    paused: (trial, failure) => {
      core.loop.pause()
      const consequence = `paused at the failing frame; resume or step takes it back to v${versionBefore(trial, failure)}`
      setProblem(core, failure, consequence)
    },
    settled: (oldest) => {
      for (const [module, resources] of core.history.shelf.takeRetired(oldest)) core.disposeOf(module, resources)
      core.releaseCode()
    },
  })
}

/** Another past leads to the present now: `next` is present from here on, where `core.program` was. */
function exchange(core: EngineCore, next: Program, gone: LeftOut): void {
  const left = core.program
  const { history } = core
  next.isComputed = false
  next.inputs.restore(left.inputs.contents())
  for (const module of next.modules) {
    const before = left.module(module.name)
    if (before?.entry === module.entry) module.future = before.future
    // What failed in the new past as well stays told.
    module.error =
      module.missedInRow > 0 && !gone.modules.some(({ name }) => name === module.name) ? before?.error : undefined
    if (module.error === undefined) core.problems.clear(`run:${module.name}`)
    if (gone.modules.some(({ name }) => name === module.name)) core.problems.clear(`state:${module.name}`)
  }
  const living = resourcesOf(next)
  history.shelf.restore(living)
  const replaced = left.modules.filter((module) => !living.has(module.resources))
  history.shelf.forget(new Set(replaced.map((module) => module.resources)))
  history.capture.dropAfter(gone.moment)
  core.program = next
  next.placeCall()
  core.classes.activate(reachOf(next.modules))
  history.versionsChanged(next, core.kept, core.trials.codeBefore())
  for (const module of replaced) core.disposeOf(module.name, module.resources)
  core.programChanged(new Map())
  // Those of its last frames went with the other past: whoever takes over before the next frame begins with this one.
  history.capture.capture(next)
  core.waiters.look(next, false)
  core.reloads.restart()
}

function tell(core: EngineCore, trial: Trial, failure: TrialFailure, isComputed: boolean): void {
  core.reloads.takenBack(new Map(trial.modules.map(({ name, entry }) => [name, entry])))
  const { error, module } = failure
  const before = versionBefore(trial, failure)
  const tried = trial.modules.find(({ name }) => name === module)
  // Where newer code runs, what failed is neither in the file nor in the program any more.
  if (tried === undefined || core.program.module(module)?.entry === tried.before.entry) {
    const since = isComputed
      ? `the frames since were computed again with it`
      : `from the state of frame ${core.program.frame}`
    setProblem(core, failure, `v${before} runs again, ${since}`)
  }
  const { file, line, column = 1 } = error
  const position = file === undefined || line === undefined ? undefined : { file, line, column }
  core.append(module, 'error', `Taken back to v${before}: ${error.message}`, position)
  const receipt = { ...trial.receipt, outcome: 'rolled-back' as const, phase: 'trial' as const, error }
  trial.receipt = receipt
  core.receipts.update(receipt)
  core.receiptTold(receipt)
  core.reporter.modulesChanged()
}

function setProblem(core: EngineCore, { module, error }: TrialFailure, consequence: string): void {
  core.problems.set({
    id: `load:${module}`,
    source: 'load',
    severity: 'error',
    module,
    ...error,
    moment: core.program.moment,
    consequence,
  })
  core.tellProblems()
}

function versionBefore(trial: Trial, failure: TrialFailure): string {
  return String(trial.modules.find(({ name }) => name === failure.module)?.from ?? '')
}

function resourcesOf(program: Program): ReadonlySet<Resources> {
  return new Set(program.modules.map((module) => module.resources))
}
