// What the status bar says of isolation and reproducibility: a word for the eye, and what it means and what to do for who asks.

import type { Problem } from '../../protocol/problem.ts'
import type { Status } from '../../protocol/program.ts'

export interface StatusWords {
  readonly tone: 'good' | 'attention'
  readonly word: string
  readonly tip: string
}

/** Whether SharedArrayBuffer is there, and what is done without. */
export function isolationWords({ isolated, copiedEvery }: Isolation): StatusWords {
  if (isolated) {
    const tip = 'Cross-origin isolated: memory can be shared between threads, clocks are exact.'
    return { tone: 'good', word: 'isolated', tip }
  }
  const copies =
    copiedEvery === undefined
      ? ''
      : ` A copy of the program goes out every ${copiedEvery.toFixed(1)} s: after a hang it is computed again from the last one, and what is not reproducible of that time is lost.`
  const tip = `Not cross-origin isolated: no shared memory.${copies} Frames are not computed again to check them. To isolate the page, its server must send COOP same-origin and COEP credentialless, over https or from localhost.`
  return { tone: 'attention', word: 'not isolated', tip }
}

interface Isolation {
  readonly isolated: boolean
  readonly copiedEvery: Status['copiedEvery'] | undefined
}

/** `problems`: all that stand. */
export function reproducibilityWords(
  {
    reproducible,
    verifyingOff,
  }: Pick<Status, 'reproducible'> & { readonly verifyingOff: Status['verifyingOff'] | undefined },
  problems: readonly Problem[],
): StatusWords {
  if (reproducible) {
    const tip = 'Same code, seed and inputs give the same state at every frame.'
    const why = verifyingOff === 'battery' ? 'while the device lives on its battery' : 'as you chose'
    const checked = verifyingOff === undefined ? 'Some frames are computed again now and then.' : `Not checked, ${why}.`
    return { tone: 'good', word: 'reproducible', tip: `${tip} ${checked}` }
  }
  const problem = problems.find(({ source }) => source === 'replay')
  const tip =
    problem === undefined
      ? 'engine.json asks for the native Math: other browsers give other last bits. Remove `"math": "native"`.'
      : `${problem.message} Undo, replay and recovery from a hang may lead it elsewhere. Press for what to do.`
  return { tone: 'attention', word: 'not reproducible', tip }
}
