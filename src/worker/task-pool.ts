// Computes tasks in a pool of threads (TK1, TK2): each takes one at a time, in the order they were asked for. One that takes too long
// ends its thread, and another is started when it is needed.
//
//   run ──► queue ──► free thread (else a new one, up to the size) ──► ended
//                       │ throws, is too slow, dies: an error result

import type { TaskRunner, TaskWatch, Timers } from '../engine/host.ts'
import type { TaskEnd, TaskOrder } from '../protocol/task.ts'
import type { ContentHash, Milliseconds } from '../protocol/values.ts'
import type { SideThread, StartThread } from './side-thread.ts'

export interface TaskPoolOptions {
  readonly start: StartThread
  /** Threads at most; they are started as they are needed. */
  readonly size: number
  readonly timers: Timers
  readonly now: () => Milliseconds
  /** Default 10 seconds, evaluation of the code included. */
  readonly limitMs?: Milliseconds
}

interface Job {
  readonly order: TaskOrder
  readonly watch: TaskWatch
}

interface PoolThread {
  readonly thread: SideThread
  /** Texts it has. */
  readonly sent: Set<ContentHash>
  job: Job | undefined
  cancelLimit: () => void
}

const defaultLimitMs = 10_000

export class TaskPool implements TaskRunner {
  readonly #options: TaskPoolOptions
  readonly #limitMs: Milliseconds
  #queue: Job[] = []
  #threads: PoolThread[] = []
  #idle: (() => void)[] = []

  constructor(options: TaskPoolOptions) {
    this.#options = options
    this.#limitMs = options.limitMs ?? defaultLimitMs
  }

  run(order: TaskOrder, watch: TaskWatch): () => void {
    const job = { order, watch }
    this.#queue.push(job)
    this.#next()
    return () => {
      this.#queue = this.#queue.filter((other) => other !== job)
      const busy = this.#threads.find((one) => one.job === job)
      if (busy !== undefined) this.#end(busy)
      this.#next()
    }
  }

  /** Resolves when nothing is under way: at once where nothing is. */
  settled(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  dispose(): void {
    this.#queue = []
    for (const one of this.#threads) this.#end(one)
    this.#next()
  }

  #isIdle(): boolean {
    return this.#queue.length === 0 && this.#threads.every((one) => one.job === undefined)
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const free = this.#threads.find((one) => one.job === undefined) ?? this.#start()
      if (free === undefined) return
      const job = this.#queue.shift()
      if (job !== undefined) this.#give(free, job)
    }
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve()
  }

  #start(): PoolThread | undefined {
    if (this.#threads.length >= this.#options.size) return undefined
    const thread = this.#options.start()
    const one: PoolThread = { thread, sent: new Set(), job: undefined, cancelLimit: () => undefined }
    thread.listen(
      (answer) => {
        if (answer.kind === 'task-ended') this.#finish(one, answer.end)
      },
      (message) => {
        const { job } = one
        this.#end(one)
        job?.watch.ended(failure(job.order, `its thread ended: ${message}`))
        this.#next()
      },
    )
    this.#threads = [...this.#threads, one]
    return one
  }

  #give(one: PoolThread, job: Job): void {
    const { order, watch } = job
    one.job = job
    watch.began()
    const texts = watch.texts().filter(({ hash }) => !one.sent.has(hash))
    for (const { hash } of texts) one.sent.add(hash)
    const { now, timers } = this.#options
    one.cancelLimit = timers.callAt(now() + this.#limitMs, () => {
      this.#end(one)
      const seconds = String(this.#limitMs / 1000)
      watch.ended(failure(order, `took longer than ${seconds} s and was ended`))
      this.#next()
    })
    one.thread.send({ kind: 'task', order, texts })
  }

  #finish(one: PoolThread, end: TaskEnd): void {
    const { job } = one
    one.cancelLimit()
    one.job = undefined
    job?.watch.ended(end)
    this.#next()
  }

  #end(one: PoolThread): void {
    one.cancelLimit()
    one.job = undefined
    one.thread.terminate()
    this.#threads = this.#threads.filter((other) => other !== one)
  }
}

function failure({ path }: TaskOrder, message: string): TaskEnd {
  return { ok: false, error: { message, file: path } }
}
