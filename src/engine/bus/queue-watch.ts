// Warns while a module reads more slowly than others write (MB2): a problem that stands, and a line in the log when it begins to be
// late and when it begins to lose messages.

import type { BusModuleInfo } from '../../protocol/bus.ts'
import type { LogLevel } from '../../protocol/log.ts'
import type { Moment } from '../../protocol/values.ts'
import type { Problems } from '../problems.ts'

/** Share of its limit from which a queue is late … */
const lateShare = 0.8
/** … until it is down to this, so that one that goes to and fro is told of once. */
const fineShare = 0.6

export interface QueueWatchOptions {
  readonly problems: Problems
  readonly moment: () => Moment
  readonly write: (module: string, level: LogLevel, text: string) => void
}

export class QueueWatch {
  readonly #options: QueueWatchOptions
  readonly #late = new Map<string, { isDropping: boolean }>()

  constructor(options: QueueWatchOptions) {
    this.#options = options
  }

  /** Now and then, at a boundary. */
  look(queues: readonly BusModuleInfo[]): void {
    for (const queue of queues) {
      const late = this.#late.get(queue.name)
      if (queue.queued >= (late === undefined ? lateShare : fineShare) * queue.limit || queue.dropping)
        this.#tell(queue)
      else if (late !== undefined) this.#clear(queue.name)
    }
    for (const name of this.#late.keys()) {
      if (!queues.some((queue) => queue.name === name)) this.#clear(name)
    }
  }

  /** Another program runs from here on. */
  clear(): void {
    for (const name of this.#late.keys()) this.#clear(name)
  }

  #tell({ name, queued, limit, dropping, dropped, rate }: BusModuleInfo): void {
    const { problems, moment, write } = this.#options
    const before = this.#late.get(name)
    if (before !== undefined && (before.isDropping || !dropping)) return
    this.#late.set(name, { isDropping: dropping })
    const message = dropping
      ? `${name} reads too slowly: its queue is full (${limit} messages), and the oldest are dropped, ${dropped} so far.`
      : `${name} reads too slowly: ${queued} of at most ${limit} messages are queued, ${Math.round(rate)} come in a second.`
    problems.set({
      id: `queue:${name}`,
      source: 'queue',
      severity: dropping ? 'error' : 'warning',
      module: name,
      message,
      moment: moment(),
      consequence: 'read them with `messages()`, or subscribe to fewer, with `latest` or a narrower topic',
    })
    write(name, dropping ? 'error' : 'warning', message)
  }

  #clear(name: string): void {
    this.#late.delete(name)
    this.#options.problems.clear(`queue:${name}`)
  }
}
