// Threads of Node beside the engine's, for the headless runner and tests: their code is headless-thread.ts, built to JavaScript.

import { Worker } from 'node:worker_threads'
import type { SideAnswer, SideThread } from '../worker/side-thread.ts'

/** `code`: address of the built headless-thread.ts. They keep no process alive. */
export const startNodeThread = (code: URL): SideThread => {
  const worker = new Worker(code)
  worker.unref()
  let isEnded = false
  return {
    send: (message) => worker.postMessage(message),
    listen(answered, failed) {
      worker.on('message', (answer: SideAnswer) => answered(answer))
      worker.on('error', (error) => {
        if (!isEnded) failed(error instanceof Error ? error.message : String(error))
      })
    },
    terminate() {
      isEnded = true
      void worker.terminate()
    },
  }
}
