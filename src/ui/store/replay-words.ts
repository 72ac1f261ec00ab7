// What a replay from frame 0 found, in words: whether it is the code's doing or residue of reloads, and what to do. Pure.

import type { ReplayCause, ReplayProgress, ReplayResult } from '../../protocol/replay.ts'
import { formatCount, formatPlural } from '../widgets/format.ts'

export type ReplayState =
  | { readonly kind: 'running'; readonly progress: ReplayProgress | undefined; readonly cancel: () => void }
  | { readonly kind: 'done'; readonly result: ReplayResult }
  | { readonly kind: 'ended'; readonly message: string }

export interface ReplayWords {
  readonly tone: 'good' | 'attention' | 'error' | 'quiet'
  /** `Same state at frame 18 120` */
  readonly event: string
  /** What it means, as sentences. */
  readonly meaning: string
}

export function replayWords(result: ReplayResult): ReplayWords {
  switch (result.kind) {
    case 'same':
      return {
        tone: 'good',
        event: `Same state at frame ${formatCount(result.moment.frame)}`,
        meaning:
          result.reloads === 0
            ? 'Nothing was reloaded, and the run can be repeated exactly.'
            : `No residue of the ${formatPlural(result.reloads, 'reload')}: what you see, the code of now makes by itself. If it is wrong, it is a bug in the code.`,
      }
    case 'differs': {
      const { difference, moment, cause } = result
      const place = difference.module === undefined ? difference.path : `${difference.module}: ${difference.path}`
      return {
        tone: causeTone(cause),
        event: `${place} is ${difference.running} here, and ${difference.replayed} in a clean run, at frame ${formatCount(moment.frame)}`,
        meaning: causeWords(cause),
      }
    }
    case 'threw':
      return {
        tone: 'error',
        event: `${result.module} throws at frame ${formatCount(result.moment.frame)} of a clean run: ${result.error.message}`,
        meaning: `${causeWords(result.cause)} From frame 0 on, the code of now does not come as far as here.`,
      }
    case 'impossible':
      return { tone: 'quiet', event: 'It can not be replayed from frame 0', meaning: sentence(result.reason) }
  }
}

/** `Replaying frame 1 200 of 18 120` */
export function progressWords(progress: ReplayProgress | undefined): string {
  if (progress === undefined) return 'The replay begins'
  const { frame, of, pass } = progress
  const how = pass === 'recorded' ? 'Replaying with all reloads, to find out why: frame' : 'Replaying frame'
  return `${how} ${formatCount(frame)} of ${formatCount(of)}`
}

function causeTone(cause: ReplayCause): ReplayWords['tone'] {
  return cause.kind === 'unrecorded' ? 'error' : 'attention'
}

function causeWords(cause: ReplayCause): string {
  switch (cause.kind) {
    case 'reloads':
      return `Residue of ${formatPlural(cause.reloads, 'reload')}: older code or configuration made this value. Restart clean to see the program without it.`
    case 'unrecorded':
      return 'A bug, and no residue of reloads: the recorded inputs do not lead here either. Something outside the state has a say: a variable at the top level, resources without `snapshot`, the time of day.'
    case 'unknown':
      return `Whether reloads are why can not be told: ${sentence(cause.reason)}`
  }
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
