// What a module reaches of the program when its call runs beside the engine's thread: its queue and results as they were sent, and a
// record of what it did, which the engine does on its behalf when the call has ended.

import { CoppiceError } from '../protocol/errors.ts'
import type { CallAction } from '../protocol/module-host.ts'
import type { Subscription } from '../protocol/module.ts'
import { checkTopic } from '../protocol/topic.ts'
import type { CallData } from '../engine/hosts/call-data.ts'
import { Devices } from '../engine/devices.ts'
import { Mailbox } from '../engine/bus/mailbox.ts'
import { PayloadCopies } from '../engine/bus/payload-copies.ts'
import { subscriptionView } from '../engine/bus/subscription-view.ts'
import type { CallEnds } from '../engine/process-call.ts'
import { copyPlain, type CopyRules } from '../engine/plain-copy.ts'
import { TaskPort } from '../engine/tasks/task-book.ts'

/** The ends of one module, for call after call. */
export class RecordedEnds implements CallEnds {
  readonly input: CallEnds['input']
  readonly bus: CallEnds['bus']
  readonly outputs: CallEnds['outputs']
  readonly tasks: CallEnds['tasks']
  readonly #module: string
  readonly #devices = new Devices()
  readonly #mailbox: Mailbox
  readonly #results = new TaskPort({ count: 0 })
  #actions: CallAction[] = []
  #time = 0

  constructor(module: string, subscriptions: readonly Subscription[], rules: CopyRules) {
    this.#module = module
    this.#mailbox = new Mailbox(Infinity, new PayloadCopies(rules))
    this.#mailbox.setViews(subscriptions.map((subscription) => subscriptionView(module, subscription)))
    this.input = this.#devices.view(module)
    const record = (action: CallAction): void => {
      this.#actions.push(action)
    }
    this.bus = {
      publish: (topic, data) => {
        requireTopic(topic)
        record(['publish', topic, copyPlain(data, rules)])
      },
      after: (seconds, topic, data) => {
        requireTopic(topic)
        record(['after', seconds, topic, copyPlain(data, rules)])
      },
      messages: (topic) => {
        record(['messages', topic])
        return this.#mailbox.read(topic, this.#time)
      },
      rollback: () => undefined,
    }
    this.outputs = {
      add: (_module, output) => record(['output', output]),
      discard: () => undefined,
    }
    this.tasks = {
      run: (task, data, entry) => {
        const copy = copyPlain(data, { root: 'data' })
        record(['task', task, copy])
        return this.#results.run(task, copy, entry)
      },
      results: (task) => {
        record(['results', task])
        return this.#results.results(task)
      },
      begin: () => undefined,
      rollback: () => undefined,
    }
  }

  /** The program as it is for the call that begins. */
  begin({ frame, time, queue, arrived, devices, lastCall, wheel, nextTask, results }: CallData): void {
    this.#actions = []
    this.#time = time
    if (queue !== undefined) this.#mailbox.restore(queue)
    this.#mailbox.beginFrame()
    if (arrived !== undefined) this.#mailbox.arrive(arrived)
    this.#results.restore({ nextId: nextTask, pending: [], results })
    if (devices !== undefined) this.#devices.restore({ ...devices, frame })
    else this.#devices.beginFrame(frame, [])
    this.#devices.view(this.#module).restore(lastCall, wheel)
  }

  /** What the call did, in order. */
  get actions(): readonly CallAction[] {
    return this.#actions
  }
}

function requireTopic(topic: string): void {
  const problem = checkTopic(topic)
  if (problem !== undefined) throw new CoppiceError('invalid-argument', problem)
}
