// What a call in another thread is told of the program around its module: packed by the engine, unpacked there (src/worker).

import type { BusPort } from '../bus/bus-port.ts'
import type { MailboxContents } from '../bus/mailbox.ts'
import type { DevicesContents } from '../devices.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import type { TaskResultData } from '../tasks/task-book.ts'

export interface CallData {
  readonly frame: number
  /** Engine time in seconds. */
  readonly time: number
  readonly seed: number
  readonly timeline: number
  readonly dt: number
  /** Somebody depends on it: what it exposes is wanted. */
  readonly isExposing: boolean
  readonly deps: Readonly<Record<string, unknown>>
  /** Absent: nothing is queued. */
  readonly queue?: MailboxContents
  /** Frame of its last call that ended well, and wheel movement since. */
  readonly lastCall: number
  readonly wheel: number
  readonly nextTask: number
  readonly results: readonly TaskResultData[]
  /** As before where absent. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly devices?: DevicesContents
}

/** `config`, `devices`: to be told as well. */
export function callData(
  module: ModuleInstance,
  program: Program,
  { config, devices }: { readonly config: boolean; readonly devices: boolean },
): CallData {
  const { name, definition, context } = module
  const { frame, time, seed, timeline } = program
  const view = program.devices.view(name)
  const tasks = program.tasks.port(name).contents()
  const queue = queueOf(program.bus.port(name))
  const deps: Record<string, unknown> = {}
  for (const dependency of definition.dependencies) deps[dependency] = program.module(dependency)?.exposed
  return {
    frame,
    time,
    seed,
    timeline,
    dt: context.dt,
    isExposing: module.hasDependents,
    deps,
    lastCall: view.lastCall,
    wheel: view.wheel,
    nextTask: tasks.nextId,
    results: tasks.results,
    ...(queue === undefined ? {} : { queue }),
    ...(config ? { config: module.config } : {}),
    ...(devices ? { devices: { ...program.devices.contents(), views: [] } } : {}),
  }
}

function queueOf({ mailbox }: BusPort): MailboxContents | undefined {
  return mailbox.queued === 0 ? undefined : mailbox.contents()
}
