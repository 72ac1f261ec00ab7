// The words and figures of a module's row.

import type { ModuleInfo } from '../../../protocol/program.ts'

/** Share of the frame's budget a module takes on average, 0 … ∞; one that runs every n-th frame counts for its part. */
export function budgetShare(module: Pick<ModuleInfo, 'averageMs' | 'hz'>, targetFps: number): number {
  const callsPerFrame = module.hz > 0 && targetFps > 0 ? Math.min(1, module.hz / targetFps) : 1
  return (module.averageMs * callsPerFrame * targetFps) / 1000
}

/** `v14 · sequential · 10 Hz · 3 tasks`: the rate only where it is not the frame rate, tasks where there are; a thread it does not have is said. */
export function moduleLine(
  module: Pick<ModuleInfo, 'version' | 'strategy' | 'hz' | 'tasks' | 'hostNote'>,
  targetFps: number,
): string {
  const rate = module.hz === targetFps || module.hz <= 0 ? [] : [`${Number(module.hz.toFixed(2))} Hz`]
  const strategy = module.hostNote === undefined ? module.strategy : `${module.strategy}, in the engine`
  return [versionWord(module), strategy, ...rate, ...taskWords(module)].join(' · ')
}

function taskWords({ tasks }: Pick<ModuleInfo, 'tasks'>): string[] {
  if (tasks === undefined) return []
  const present = tasks.waiting + tasks.running
  const failed = tasks.failed === 0 ? [] : [`${tasks.failed} failed`]
  return [`${present} ${present === 1 ? 'task' : 'tasks'}`, ...failed]
}

/** All there is to say of a module's tasks: for the tooltip. */
export function taskDetail({ tasks }: Pick<ModuleInfo, 'tasks'>): string | undefined {
  if (tasks === undefined) return undefined
  return `Tasks: ${tasks.running} running, ${tasks.waiting} waiting, ${tasks.failed} failed (the log says why)`
}

/** `v14` */
export function versionWord({ version }: Pick<ModuleInfo, 'version'>): string {
  return version > 0 ? `v${version}` : 'no version'
}

export interface ModuleMark {
  readonly tone: 'good' | 'attention' | 'error' | 'quiet'
  readonly word: string
  /** Said in the row; a module that simply runs needs no word there. */
  readonly isShown: boolean
}

/** Why it has no thread of its own, though its strategy says so: for the tooltip. */
export function hostDetail({ hostNote }: Pick<ModuleInfo, 'hostNote'>): string | undefined {
  return hostNote === undefined ? undefined : `Runs in the engine's thread: ${hostNote}`
}

/** The state of a module in one word. A call that takes longer than a frame makes that frame late, whatever thread runs it. */
export function moduleMark(
  module: Pick<ModuleInfo, 'status' | 'missedFrames' | 'health' | 'error' | 'averageMs'>,
  targetFps: number,
): ModuleMark {
  switch (module.status) {
    case 'failed':
      return { tone: 'error', word: 'failed', isShown: true }
    case 'trial':
      return { tone: 'attention', word: 'on trial', isShown: true }
    case 'loading':
      return { tone: 'quiet', word: 'loading', isShown: true }
    case 'running':
      if (module.error !== undefined)
        return {
          tone: 'error',
          word: module.missedFrames > 0 ? `missed ${module.missedFrames}` : 'error',
          isShown: true,
        }
      if (module.health.status !== 'ok')
        return {
          tone: module.health.status === 'error' ? 'error' : 'attention',
          word: module.health.message ?? module.health.status,
          isShown: true,
        }
      if (module.averageMs > 1000 / targetFps) return { tone: 'attention', word: 'overruns', isShown: true }
      return { tone: 'good', word: 'running', isShown: false }
  }
}
