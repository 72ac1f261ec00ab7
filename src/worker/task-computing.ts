// Computes one task in this thread: evaluates the code that asked, calls the function, gives what came of it. One after the other.

import { readDefinition } from '../engine/definition.ts'
import { copyPlain } from '../engine/plain-copy.ts'
import type { CodeText } from '../protocol/code.ts'
import type { TaskEnd, TaskOrder } from '../protocol/task.ts'
import { frameNumber } from '../protocol/values.ts'
import type { CodeRoom } from './code-room.ts'

/** Never rejects. */
export const computeTask = async (
  { call, code }: CodeRoom,
  order: TaskOrder,
  texts: readonly CodeText[],
): Promise<TaskEnd> => {
  const { module, path, task, id, data, entry, math, seed } = order
  try {
    code.setMath(math)
    code.add(texts)
    const { tasks } = readDefinition(await code.load(entry), path)
    const compute = tasks.get(task)
    if (compute === undefined) return { ok: false, error: { message: `${path} has no task "${task}"`, file: path } }
    Object.assign(call, { seed, frame: frameNumber(id), timeSeconds: 0 })
    call.enter(module, 'task')
    try {
      // Copied here too: what can't be kept is refused where its path is known.
      return { ok: true, value: copyPlain(await compute(data), { root: 'result' }) }
    } finally {
      call.leave()
    }
  } catch (error) {
    return { ok: false, error: code.describe(error, entry, path) }
  }
}
