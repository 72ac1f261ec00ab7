// What captures can't hold: the packer stops at it, and where it is is looked up afterwards.

import { CoppiceError } from '../../protocol/errors.ts'
import { checkState } from '../state-rules.ts'
import type { CaptureClasses } from './class-names.ts'

/** State holds what it may not. */
export class Refused extends Error {}

/** `invalid-state`, with the path to the culprit in a state that was refused. */
export function explainRefusal(root: unknown, classes: CaptureClasses): CoppiceError {
  const problem = checkState(root, { classOf: (prototype) => classes.kindOf(prototype) })
  // A state may be packed with what belongs to it: the path begins in the state.
  return new CoppiceError('invalid-state', problem?.replace(/^state\.(?=state\b)/, '') ?? 'state holds what it may not')
}
