// What becomes of a module whose code ended an engine, or its own thread (ML9), in the engine that goes on: a version on trial gives
// way to the one before; else the call is not made any more, and the rest of the module lives on.

import type { GuiltyModule } from '../../protocol/journal.ts'
import type { ModuleChange, Receipt } from '../../protocol/receipt.ts'
import type { SourceError } from '../../protocol/values.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import { trialFrames } from '../trial/trial.ts'

/** Resolves when the module will not end this engine in the same way. */
export async function stopGuilty(core: EngineCore, { module: name, phase, error }: GuiltyModule): Promise<void> {
  const module = core.program.module(name)
  // Asked from outside, and it is not asked again.
  if (module === undefined || phase === 'query') return
  const isBack = await takeBack(core, module, error)
  const isDrawing = phase === 'render' || phase === 'view-setup' || phase === 'dispose'
  if (!isBack && isDrawing) module.isDrawingStopped = true
  if (!isBack && !isDrawing) {
    park(core, module)
    module.isSilent = phase === 'health'
  }
  core.faults.stopped(module, error)
  core.reporter.modulesChanged()
}

/** False where its version is on trial no more. One that came back from such a hang, and hangs too: no version on trial is good. */
async function takeBack(core: EngineCore, module: ModuleInstance, error: SourceError): Promise<boolean> {
  const { receipts, reloads, reporter, waiters } = core
  const newest = receipts.list().findLast((one) => one.outcome === 'committed' && changeOf(one, module) !== undefined)
  let isBack = false
  for (;;) {
    const receipt = trialOf(core, module)
    if (receipt === undefined || (await reloads.modules.undo(module.name, 'hang')).outcome !== 'committed')
      return isBack
    isBack = true
    const changed: Receipt = { ...receipt, outcome: 'rolled-back', phase: 'trial', error }
    receipts.update(changed)
    reporter.emit({ type: 'receipt', receipt: changed })
    waiters.receiptAdded(changed)
    if (newest?.trigger !== 'hang') return true
  }
}

/** As `stopGuilty`, right after the frame: the module is not called again before that is done. */
export async function stopGuiltyOfThread(core: EngineCore, guilty: GuiltyModule): Promise<void> {
  const module = core.program.module(guilty.module)
  if (module === undefined) return
  park(core, module)
  // Its reload is taken back when the user goes on.
  if (core.trials.isOnTrial(module.name)) core.faults.stopped(module, guilty.error)
  else await stopGuilty(core, guilty)
  core.tellProblems()
}

function park(core: EngineCore, module: ModuleInstance): void {
  if (module.isParked) return
  core.program.record({ kind: 'parked', module: module.name })
  module.isParked = true
}

/** The receipt of the module's newest version, where it is new enough to be taken back. */
function trialOf({ receipts, program }: EngineCore, module: ModuleInstance): Receipt | undefined {
  if (module.past.length === 0) return undefined
  return receipts.list().findLast(({ outcome, trigger, modules, moment }) => {
    const change = changeOf({ modules }, module)
    if (outcome !== 'committed' || trigger === 'undo' || trigger === 'hang') return false
    return (
      change?.to === module.version &&
      change.from !== undefined &&
      change.from !== change.to &&
      moment.timeline === program.timeline &&
      program.frame - moment.frame <= trialFrames
    )
  })
}

function changeOf({ modules }: Pick<Receipt, 'modules'>, { name }: ModuleInstance): ModuleChange | undefined {
  return modules.find((change) => change.name === name)
}
