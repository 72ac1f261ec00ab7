// What captures can't hold: the packer stops at it, and where it is is looked up afterwards.

import { CoppiceError } from '../../protocol/errors.ts'
import { checkState } from '../state-rules.ts'
import type { CaptureClasses } from './class-names.ts'

/** State holds what it may not. */
export class Refused extends Error {}

/** `invalid-state`, with the path to the culprit in a state that was refused. */
export function explainRefusal(root: unknown, classes: CaptureClasses): CoppiceError {
  const problem = checkState(root, { classOf: (prototype) => classes.kindOf(prototype) })
  return new CoppiceError('invalid-state', problem ?? 'state holds what it may not')
}
