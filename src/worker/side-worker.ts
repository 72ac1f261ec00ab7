// The entry of a worker beside the engine's. Thin: what it does with what it is sent is side-work.ts's.

import type { SideRequest } from './side-thread.ts'
import { createSideWork } from './side-work.ts'

/** As in the engine's worker. */
Error.stackTraceLimit = 40

const take = createSideWork({ answer: (answer) => globalThis.postMessage(answer), canStand: true })
globalThis.addEventListener('message', ({ data }: MessageEvent<SideRequest>) => take(data))
