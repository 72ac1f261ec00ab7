// The thread of Node that starts the others and sees them end. Who waits for one by standing still is told of nothing, so the reason
// why one ended is written into memory that both see.

import { type MessagePort, Worker } from 'node:worker_threads'

export type KeeperRequest =
  | {
      readonly kind: 'start'
      readonly id: number
      /** Address of its code. */
      readonly code: string
      /** Its end of what it is asked by. */
      readonly port: MessagePort
      readonly ending: SharedArrayBuffer
      /** Of its heap; absent: as Node has it. */
      readonly heapMegabytes: number | undefined
    }
  | { readonly kind: 'end'; readonly id: number }

/** It ended, and was not asked to. */
export interface KeeperTold {
  readonly id: number
}

/** Bytes of `ending`: the length of the reason, 0 while it lives, and the reason. */
export const endingBytes = 1024
const lengthBytes = 4

/** Never returns control: it is what the thread does. `parent`: whose threads they are. */
export const keepThreads = (parent: MessagePort): void => {
  const workers = new Map<number, Worker>()
  parent.on('message', (request: KeeperRequest) => {
    const { id } = request
    if (request.kind === 'end') {
      const worker = workers.get(id)
      workers.delete(id)
      void worker?.terminate()
      return
    }
    const { code, port, ending, heapMegabytes } = request
    const worker = new Worker(new URL(code), {
      workerData: port,
      transferList: [port],
      ...(heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
    })
    workers.set(id, worker)
    const ended = (reason: string): void => {
      if (!workers.delete(id)) return
      writeEnding(ending, reason)
      const told: KeeperTold = { id }
      parent.postMessage(told)
    }
    worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (exitCode) => ended(`it ended itself with code ${String(exitCode)}`))
  })
}

function writeEnding(ending: SharedArrayBuffer, reason: string): void {
  const text = new TextEncoder().encode(reason).subarray(0, endingBytes - lengthBytes)
  new Uint8Array(ending, lengthBytes).set(text)
  Atomics.store(new Int32Array(ending, 0, 1), 0, text.length)
}

/** Undefined: it lives, as far as is known. */
export const readEnding = (ending: SharedArrayBuffer): string | undefined => {
  const length = Atomics.load(new Int32Array(ending, 0, 1), 0)
  return length === 0 ? undefined : new TextDecoder().decode(new Uint8Array(ending, lengthBytes, length).slice())
}
