// A task runner for tests: what was handed over waits until the test ends it.

import type { TaskEnd, TaskOrder } from '../protocol/task.ts'
import type { TaskRunner, TaskWatch } from './host.ts'

interface HandedTask {
  readonly order: TaskOrder
  readonly watch: TaskWatch
}

/** Tasks in the hands of a test. */
export class TestTasks implements TaskRunner {
  /** Under way, oldest first. */
  readonly out: HandedTask[] = []
  calledOff = 0

  run(order: TaskOrder, watch: TaskWatch): () => void {
    const handed = { order, watch }
    this.out.push(handed)
    return () => {
      this.calledOff++
      this.out.splice(this.out.indexOf(handed), 1)
    }
  }

  dispose(): void {
    this.out.length = 0
  }

  /** Ends the oldest with what `end` makes of its order. */
  end(end: (order: TaskOrder) => TaskEnd): void {
    const handed = this.out.shift()
    handed?.watch.ended(end(handed.order))
  }

  /** Ends all: each task's value is the double of its data. */
  double(): void {
    while (this.out.length > 0) this.end(({ data }) => ({ ok: true, value: Number(data) * 2 }))
  }
}
