// The health of modules and their queues: looked at every 30 frames, told in the log when it changes, with what it was before. While the
// program is paused it is looked at when it is asked for.

import type { HealthChange, HealthSubject } from '../protocol/health.ts'
import type { LogLevel } from '../protocol/log.ts'
import type { Health } from '../protocol/module.ts'
import type { BusModuleInfo } from '../protocol/bus.ts'
import { QueueWatch } from './bus/queue-watch.ts'
import type { QueueWatchOptions } from './bus/queue-watch.ts'
import type { CallTracker } from './call-tracker.ts'
import { isRecord } from './definition.ts'
import type { ModuleInstance } from './module-instance.ts'
import type { Program } from './program.ts'
import { messageOf } from './reload-failure.ts'

/** Frames from one look to the next. */
const lookFrames = 30
/** Changes kept, all modules together. */
const historyLimit = 500
/** Share of a queue's limit from which it is late. */
const lateShare = 0.8

export interface HealthWatchOptions extends QueueWatchOptions {
  readonly call: CallTracker
}

const fine: Health = { status: 'ok' }
const levels: Readonly<Record<Health['status'], LogLevel>> = { ok: 'info', warning: 'warning', error: 'error' }

/** The health of one engine's program. */
export class HealthWatch {
  readonly #options: HealthWatchOptions
  readonly #queues: QueueWatch
  readonly #known = new Map<string, Health>()
  #history: HealthChange[] = []
  /** The states that were looked at. */
  #looked: { readonly program: Program; readonly revision: number } | undefined

  constructor(options: HealthWatchOptions) {
    this.#options = options
    this.#queues = new QueueWatch(options)
  }

  /** After each frame. */
  frameRan(program: Program): void {
    if (program.frame % lookFrames !== 0) return
    const queues = program.bus.queues()
    this.#queues.look(queues)
    for (const queue of queues) this.#note(queue.name, 'queue', queueHealth(queue))
    this.#look(program)
  }

  /** Another program is present. What was stays in the history. */
  clear(): void {
    this.#queues.clear()
    this.#known.clear()
    this.#looked = undefined
  }

  /** `isPaused`: of now; else as it was when it was last looked at. */
  of(module: ModuleInstance, program: Program, isPaused: boolean): Health {
    const { program: of, revision } = this.#looked ?? {}
    const isOld = of !== program || (isPaused && revision !== program.stateRevision)
    if (isOld || !this.#known.has(`module ${module.name}`)) this.#look(program)
    return this.#known.get(`module ${module.name}`) ?? fine
  }

  /** Oldest first; of one module or all. */
  history(module?: string): readonly HealthChange[] {
    return module === undefined ? [...this.#history] : this.#history.filter((change) => change.module === module)
  }

  #look(program: Program): void {
    this.#looked = { program, revision: program.stateRevision }
    for (const module of program.modules) this.#note(module.name, 'module', this.#ask(module))
  }

  #ask(module: ModuleInstance): Health {
    const { health } = module.definition
    if (health === undefined || module.isSilent) return fine
    try {
      const answer = this.#options.call.within(module.name, 'health', () => health(module.seen))
      if (isRecord(answer)) {
        const { status, message } = answer
        if (status === 'ok' || status === 'warning' || status === 'error')
          return typeof message === 'string' ? { status, message } : { status }
      }
      return { status: 'error', message: '`health` must return { status: "ok" | "warning" | "error", message? }' }
    } catch (error) {
      return { status: 'error', message: `\`health\` threw: ${messageOf(error)}` }
    }
  }

  #note(module: string, subject: HealthSubject, health: Health): void {
    const key = `${subject} ${module}`
    const before = this.#known.get(key)
    this.#known.set(key, health)
    // A message may hold a figure that goes with every frame: only another status is a change.
    if ((before ?? fine).status === health.status) return
    this.#history = [...this.#history, { module, subject, ...health, moment: this.#options.moment() }].slice(
      -historyLimit,
    )
    // The queue's own words are the queue watch's.
    if (subject === 'queue') return
    const words = health.status === 'ok' ? 'well again' : `${health.status}: ${health.message ?? 'no reason given'}`
    this.#options.write(module, levels[health.status], `health: ${words}`)
  }
}

function queueHealth({ queued, limit, dropping, dropped }: BusModuleInfo): Health {
  if (dropping) return { status: 'error', message: `its queue is full, ${dropped} messages were dropped` }
  if (queued >= lateShare * limit) return { status: 'warning', message: `${queued} of ${limit} messages are queued` }
  return fine
}
