// The entry of a thread beside the engine's in Node. Thin: what it does with what it is sent is side-work.ts's.

import { parentPort } from 'node:worker_threads'
import type { SideRequest } from '../worker/side-thread.ts'
import { createSideWork } from '../worker/side-work.ts'

/** As in the engine's worker. */
Error.stackTraceLimit = 40

const take = createSideWork((answer) => {
  parentPort?.postMessage(answer)
})
parentPort?.on('message', (message: SideRequest) => take(message))
