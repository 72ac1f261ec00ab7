// Threads of Node beside the engine's, for the headless runner and tests: their code is headless-thread.ts, built to JavaScript.

import { Worker } from 'node:worker_threads'
import type { SideAnswer, SideThread } from '../worker/side-thread.ts'

/** `code`: address of the built headless-thread.ts. They keep the process alive only while an answer is awaited. */
export const startNodeThread = (code: URL): SideThread => {
  const worker = new Worker(code)
  worker.unref()
  let isEnded = false
  let awaited = 0
  return {
    send(message) {
      worker.postMessage(message)
      // Calls are waited for by standing still.
      if (message.kind !== 'task' && message.kind !== 'prepare') return
      awaited++
      worker.ref()
    },
    listen(answered, failed) {
      worker.on('message', (answer: SideAnswer) => {
        awaited--
        if (awaited === 0) worker.unref()
        answered(answer)
      })
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
