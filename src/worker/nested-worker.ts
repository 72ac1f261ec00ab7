// How the engine's worker starts a worker beside itself, whose entry is side-worker.ts.

import type { SideAnswer, SideRequest, SideThread } from './side-thread.ts'

/** A worker of this worker. It ends with it. */
export const startNestedWorker = (): SideThread => {
  const worker = new Worker(new URL('./side-worker.ts', import.meta.url), { type: 'module', name: 'coppice-side' })
  return {
    send: (message: SideRequest) => worker.postMessage(message),
    listen(answered, failed) {
      worker.addEventListener('message', ({ data }: MessageEvent<SideAnswer>) => answered(data))
      // Also what some code of a module throws out of any call: what state that leaves its thread in, nobody knows.
      worker.addEventListener('error', (event) => failed(event.message ?? 'it could not be loaded'))
    },
    // A worker that stands still is told of nothing.
    whyEnded: () => undefined,
    terminate: () => worker.terminate(),
  }
}
