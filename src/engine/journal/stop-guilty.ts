// What becomes of a module whose code ended an engine, or its own thread (ML9), in the engine that goes on: a version on trial gives
// way to the one before; else the call is not made any more, and the rest of the module lives on.

import type { GuiltyModule } from '../../protocol/journal.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import { trialFrames } from '../trial/trial.ts'

/** Resolves when the module will not end this engine in the same way. */
export async function stopGuilty(core: EngineCore, { module: name, phase, error }: GuiltyModule): Promise<void> {
  const module = core.program.module(name)
  // Asked from outside, and it is not asked again.
  if (module === undefined || phase === 'query') return
  const receipt = trialOf(core, module)
  const isBack = receipt !== undefined && (await core.reloads.modules.undo(name, 'hang')).outcome === 'committed'
  if (isBack) {
    const changed: Receipt = { ...receipt, outcome: 'rolled-back', phase: 'trial', error }
    core.receipts.update(changed)
    core.reporter.emit({ type: 'receipt', receipt: changed })
    core.waiters.receiptAdded(changed)
  } else if (phase === 'render' || phase === 'view-setup' || phase === 'dispose') module.isDrawingStopped = true
  else {
    park(core, module)
    module.isSilent = phase === 'health'
  }
  core.faults.stopped(module, error)
  core.reporter.modulesChanged()
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
    const change = modules.find(({ name }) => name === module.name)
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
