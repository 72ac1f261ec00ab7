// What can be done with the reloads so far: which are worth a row, which can be undone or redone, what their time went
// into, and which of them is why a module does not run what its file says. Pure.

import type { ModuleInfo } from '../../protocol/program.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { formatMs } from '../widgets/format.ts'

/** The opening of a program is no reload, unless it failed. */
export function isListed(receipt: Receipt): boolean {
  return receipt.trigger !== 'open' || receipt.outcome !== 'committed'
}

type RunningModule = Pick<ModuleInfo, 'name' | 'version' | 'status'>

/** True while the frames of its trial run: it can still be taken back by itself. */
export function isOnTrial(receipt: Receipt, modules: readonly RunningModule[]): boolean {
  return (
    receipt.outcome === 'committed' &&
    receipt.modules.some((change) => runningAs(change, modules)?.status === 'trial') &&
    receipt.modules.every((change) => change.to === undefined || runningAs(change, modules) !== undefined)
  )
}

/** Why a reload can't be undone now; undefined where it can. */
export function undoRefusal(receipt: Receipt, modules: readonly RunningModule[]): string | undefined {
  if (receipt.outcome !== 'committed') return 'it changed nothing'
  if (receipt.trigger === 'open' || receipt.modules.every((change) => change.from === undefined))
    return 'there was no version before'
  return undoneModules(receipt, modules).length > 0 ? undefined : 'another version runs by now'
}

/** Modules that an undo of this reload takes a version back: those that run the version it made. */
export function undoneModules(receipt: Receipt, modules: readonly RunningModule[]): readonly string[] {
  return receipt.modules
    .filter((change) => change.from !== undefined && change.from !== change.to)
    .filter((change) => runningAs(change, modules) !== undefined)
    .map((change) => change.name)
}

/** Why a reload, or a reset of a module, can't be undone together with what it did to the state; undefined where it can. */
export function stateUndoRefusal(
  receipt: Receipt,
  receipts: readonly Receipt[],
  modules: readonly RunningModule[],
): string | undefined {
  if (receipt.outcome !== 'committed') return 'it changed nothing'
  const own = receipt.modules.filter((change) => change.from !== undefined)
  if (receipt.trigger === 'open' || own.length === 0) return 'there was nothing before'
  if (!own.some((change) => runningAs(change, modules) !== undefined)) return 'another version runs by now'
  const newest = receipts.find(
    (other) =>
      other.outcome === 'committed' && other.modules.some(({ name }) => own.some((change) => change.name === name)),
  )
  return newest?.id === receipt.id ? undefined : 'something else was done to the module since'
}

/** It made the state of a module anew, on the code that ran. */
export function isReset({ stateChanges = [], modules }: Receipt): boolean {
  return stateChanges.some(({ kind }) => kind === 'reset') && modules.every(({ from, to }) => from === to)
}

/** The newest reload that can be undone, undos themselves left out: undoing one of those is a redo. */
export function newestUndoable(receipts: readonly Receipt[], modules: readonly RunningModule[]): Receipt | undefined {
  return receipts.find((receipt) => receipt.trigger !== 'undo' && undoRefusal(receipt, modules) === undefined)
}

/** The newest undo that still stands: its modules run what it brought back, and not what their files say. */
export function newestUndone(
  receipts: readonly Receipt[],
  modules: readonly RunningModule[],
  differingModules: readonly string[],
): Receipt | undefined {
  return receipts.find((receipt) => redoRefusal(receipt, modules, differingModules) === undefined)
}

/** Why an undo can't be taken back now; undefined where it can. */
export function redoRefusal(
  receipt: Receipt,
  modules: readonly RunningModule[],
  differingModules: readonly string[],
): string | undefined {
  if (receipt.trigger !== 'undo' || receipt.outcome !== 'committed') return 'it is no undo'
  const stands = receipt.modules.some(
    (change) => differingModules.includes(change.name) && runningAs(change, modules) !== undefined,
  )
  return stands ? undefined : 'the code it went back from runs again, or is gone'
}

/** Why an undo can't be taken back in the files too; undefined where it can, also where they were brought in line with it. */
export function fileRedoRefusal(receipt: Receipt, modules: readonly RunningModule[]): string | undefined {
  if (receipt.trigger !== 'undo' || receipt.outcome !== 'committed') return 'it is no undo'
  const stands = receipt.modules.some((change) => runningAs(change, modules) !== undefined)
  return stands ? undefined : 'another version runs by now'
}

function runningAs(change: Receipt['modules'][number], modules: readonly RunningModule[]): RunningModule | undefined {
  return modules.find((module) => module.name === change.name && module.version === change.to)
}

/** One part of a reload's time. */
export interface PhaseTime {
  readonly phase: string
  readonly ms: number
  /** Of the whole, 0 … 1. */
  readonly share: number
  /** `evaluate 0.20 ms`. */
  readonly words: string
}

const phases = ['collect', 'fetch', 'rehearse', 'evaluate', 'migrate', 'validate', 'commit'] as const

/** The phases that took time, in their order. `rest` is what no phase accounts for: waiting for the frame boundary, and the way. */
export function phaseTimes(ms: Receipt['ms']): readonly PhaseTime[] {
  const known = phases.map((phase) => ({ phase: phase as string, ms: ms[phase] }))
  const sum = known.reduce((total, part) => total + part.ms, 0)
  const whole = Math.max(sum, ms.total)
  if (whole <= 0) return []
  return [...known, { phase: 'rest', ms: whole - sum }]
    .filter((part) => part.ms > 0.0005)
    .map((part) => ({ ...part, share: part.ms / whole, words: `${part.phase} ${formatMs(part.ms)}` }))
}
