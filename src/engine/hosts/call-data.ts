// What a call in another thread is told of the program around its module: packed by the engine, unpacked there (src/worker).

import type { BusPort } from '../bus/bus-port.ts'
import type { MailboxArrivals, MailboxContents } from '../bus/mailbox.ts'
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
  /** All of it; absent: what was left after its last call there, and what arrived since. */
  readonly queue?: MailboxContents
  /** Absent: nothing. */
  readonly arrived?: MailboxArrivals
  /** Frame of its last call that ended well, and wheel movement since. */
  readonly lastCall: number
  readonly wheel: number
  readonly nextTask: number
  readonly results: readonly TaskResultData[]
  /** As before where absent. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly devices?: DevicesContents
}

/** `config`, `devices`: to be told as well; `queue`: all of it, and not only what arrived. */
export function callData(
  module: ModuleInstance,
  program: Program,
  told: { readonly config: boolean; readonly devices: boolean; readonly queue: boolean },
): CallData {
  const { name, definition, context } = module
  const { frame, time, seed, timeline } = program
  const view = program.devices.view(name)
  const tasks = program.tasks.port(name).contents()
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
    ...queueOf(program.bus.port(name), told.queue),
    ...(told.config ? { config: module.config } : {}),
    ...(told.devices ? { devices: { ...program.devices.contents(), views: [] } } : {}),
  }
}

function queueOf({ mailbox }: BusPort, isWhole: boolean): Pick<CallData, 'queue' | 'arrived'> {
  const arrived = isWhole ? undefined : mailbox.arrivals
  if (arrived === undefined) return { queue: mailbox.contents() }
  return arrived.messages.length === 0 && arrived.dropped === 0 ? {} : { arrived }
}
