// The words and figures of a module's row.

import type { ModuleInfo } from '../../../protocol/program.ts'
import { formatMs } from '../../widgets/format.ts'

const longTrialSeconds = 5

/** It runs in the engine's thread: the tooltip says why. */
const notThere = { sequential: 'sequential', threaded: 'not threaded', pool: 'not in the pool' } as const

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
  const strategy = module.hostNote === undefined ? module.strategy : notThere[module.strategy]
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

/** Seconds of engine time a trial goes on at least; 0 where there is none. */
function trialSeconds({ trial, hz }: Pick<ModuleInfo, 'trial' | 'hz'>, targetFps: number): number {
  if (trial === undefined || targetFps <= 0) return 0
  return Math.max(trial.frames / targetFps, hz > 0 ? trial.calls / hz : 0)
}

/** One that takes longer than any other does: a module that runs seldom. */
function trialWord(seconds: number): string {
  return seconds > longTrialSeconds ? `on trial, ${Math.ceil(seconds)} s` : 'on trial'
}

/** Up to when it can be taken back: for the tooltip. */
export function trialDetail(module: Pick<ModuleInfo, 'trial' | 'hz'>, targetFps: number): string | undefined {
  const { trial } = module
  if (trial === undefined) return undefined
  const calls = trial.calls === 0 ? '' : `${trial.calls} more ${trial.calls === 1 ? 'call' : 'calls'}, `
  const seconds = Math.ceil(trialSeconds(module, targetFps))
  return `On trial for ${calls}about ${seconds} s: until then a fault takes it back`
}

/** For the tooltip. */
export function overrunDetail({ averageMs }: Pick<ModuleInfo, 'averageMs'>, targetFps: number): string | undefined {
  const budgetMs = 1000 / targetFps
  if (averageMs <= budgetMs) return undefined
  return `A call takes ${formatMs(averageMs)}, a frame has ${formatMs(budgetMs)}: every frame with one is late`
}

/** The state of a module in one word. A call that takes longer than a frame makes that frame late, whatever thread runs it. */
export function moduleMark(
  module: Pick<ModuleInfo, 'status' | 'trial' | 'hz' | 'missedFrames' | 'health' | 'error' | 'averageMs'>,
  targetFps: number,
): ModuleMark {
  switch (module.status) {
    case 'failed':
      return { tone: 'error', word: 'failed', isShown: true }
    case 'trial':
      return { tone: 'attention', word: trialWord(trialSeconds(module, targetFps)), isShown: true }
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
