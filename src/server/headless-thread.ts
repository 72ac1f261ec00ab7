// The entry of threads beside the engine's in Node. Thin: what one does with what it is sent is side-work.ts's; the one that starts
// and watches the others is thread-keeper.ts.

import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { SideRequest } from '../worker/side-thread.ts'
import { createSideWork } from '../worker/side-work.ts'
import { keepThreads } from './thread-keeper.ts'

/** As in the engine's worker. */
Error.stackTraceLimit = 40

const port: unknown = workerData
if (port instanceof MessagePort) {
  const take = createSideWork({ answer: (answer) => port.postMessage(answer), canStand: true })
  port.on('message', (message: SideRequest) => take(message))
} else if (parentPort !== null) keepThreads(parentPort)
