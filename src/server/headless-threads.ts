// Threads of Node beside the engine's, for the headless runner and tests: their code is headless-thread.ts, built to JavaScript.
//
//   engine ──start, end──► keeper ──► thread        the port between engine and thread goes past the keeper

import { MessageChannel, Worker } from 'node:worker_threads'
import type { SideAnswer, SideThread, StartThread } from '../worker/side-thread.ts'
import { endingBytes, type KeeperRequest, type KeeperTold, readEnding } from './thread-keeper.ts'

interface Keeper {
  readonly worker: Worker
  /** What is to be called when a thread has ended that nobody ended. */
  readonly kept: Map<number, () => void>
}

export interface NodeThreadOptions {
  /** Address of the built headless-thread.ts. */
  readonly code: URL
  /** Of the heap of each; default: as Node has it. */
  readonly heapMegabytes?: number
}

/** The keeper goes with the last of its threads. They keep the process alive only while an answer is awaited. */
export const createNodeThreads = ({ code, heapMegabytes }: NodeThreadOptions): StartThread => {
  let keeper: Keeper | undefined
  let lastId = 0
  let awaited = 0
  const openKeeper = (): Keeper => {
    const worker = new Worker(code)
    worker.unref()
    const kept = new Map<number, () => void>()
    worker.on('message', ({ id }: KeeperTold) => kept.get(id)?.())
    return { worker, kept }
  }
  const countAwaited = (change: number): void => {
    awaited += change
    if (awaited === 0) keeper?.worker.unref()
    else keeper?.worker.ref()
  }

  return (): SideThread => {
    const { worker, kept } = (keeper ??= openKeeper())
    const id = ++lastId
    const { port1: port, port2 } = new MessageChannel()
    const ending = new SharedArrayBuffer(endingBytes)
    const ask = (request: KeeperRequest): void =>
      worker.postMessage(request, request.kind === 'start' ? [request.port] : [])
    ask({ kind: 'start', id, code: code.href, port: port2, ending, heapMegabytes })
    let own = 0
    const settle = (): void => {
      countAwaited(-own)
      own = 0
    }
    return {
      send(message) {
        port.postMessage(message)
        // Calls are waited for by standing still.
        if (message.kind !== 'task' && message.kind !== 'prepare') return
        own++
        countAwaited(1)
      },
      listen(answered, failed) {
        port.on('message', (answer: SideAnswer) => {
          own--
          countAwaited(-1)
          answered(answer)
        })
        port.unref()
        kept.set(id, () => {
          settle()
          failed(readEnding(ending) ?? 'nobody knows why')
        })
      },
      whyEnded: () => readEnding(ending),
      terminate() {
        if (!kept.delete(id)) return
        settle()
        ask({ kind: 'end', id })
        port.close()
        if (kept.size > 0) return
        void worker.terminate()
        keeper = undefined
      },
    }
  }
}
