// The place of an error that was told before is known now: receipt, problem and log say it from here on.

import type { SourcePosition } from '../protocol/values.ts'
import type { EngineCore } from './engine-core.ts'

/** `message`: of the error. Told to whom it is still a problem, and in the newest receipt that has it. */
export function tellPlace(core: EngineCore, message: string, place: SourcePosition): void {
  for (const problem of core.problems.list()) {
    if (problem.message.startsWith(message) && problem.line === undefined) core.problems.set({ ...problem, ...place })
  }
  const receipt = core.receipts.list().findLast(({ error }) => error?.message.startsWith(message))
  if (receipt?.error !== undefined) {
    const changed = { ...receipt, error: { ...place, message: receipt.error.message } }
    core.receipts.update(changed)
    core.reporter.emit({ type: 'receipt', receipt: changed })
  }
  const module = receipt?.modules[0]?.name
  core.append(
    module,
    'error',
    `The loop that did not come to an end: ${place.file}:${place.line}:${place.column}`,
    place,
  )
  core.tellProblems()
  core.reporter.modulesChanged()
}
