// The tasks of one program (TK1–TK3): what modules asked to be computed off the frame and what came back, as data that hash, captures
// and journal know. Who computes them, and when, is task-desk.ts's; here nothing waits for anything.
//
//   process: run ──► pending ──settle (an input)──► results ──► process: results

import { CoppiceError } from '../../protocol/errors.ts'
import type { TaskOutcome } from '../../protocol/task.ts'
import type { ContentHash } from '../../protocol/values.ts'
import { copyAgain, copyPlain } from '../plain-copy.ts'
import { StateHasher } from '../state-hash.ts'

/** Asked for, and its result has not come. */
export interface PendingTask {
  /** Counts up from 1 within the module. */
  readonly id: number
  readonly task: string
  /** The book's own copy; never changed. */
  readonly data: unknown
  /** The code that asked. */
  readonly entry: ContentHash
}

/** A result as `process` reads it. */
export type TaskResultData = TaskOutcome & { readonly id: number; readonly task: string }

/** All of it, as plain data. What is in it is the book's own and must not be changed. */
export interface TaskBookContents {
  readonly kind: 'tasks'
  readonly modules: readonly {
    readonly name: string
    readonly nextId: number
    readonly pending: readonly PendingTask[]
    readonly results: readonly TaskResultData[]
  }[]
}

/** Of one module, pending and unread together. */
const limit = 10_000
const rules = { root: 'data' }

/** Tells tasks with equal questions to equal code from others: 16 hexadecimal digits. */
export function taskKey({ task, data, entry }: PendingTask): string {
  const hasher = new StateHasher()
  hasher.add(task)
  hasher.add(data)
  hasher.add(entry)
  return hasher.digest()
}

/** The tasks of all modules of a program. */
export class TaskBook {
  #ports = new Map<string, TaskPort>()
  readonly #changes = { count: 0 }

  /** Climbs with every change of `contents`. */
  get revision(): number {
    return this.#changes.count
  }

  /** No module has ever asked for a task. */
  get isEmpty(): boolean {
    for (const port of this.#ports.values()) if (!port.isUnused) return false
    return true
  }

  /** A module's own end; the same object for as long as the module is present under its name. */
  port(module: string): TaskPort {
    let port = this.#ports.get(module)
    if (port === undefined) this.#ports.set(module, (port = new TaskPort(this.#changes)))
    return port
  }

  /** The modules present. What others asked for is forgotten. */
  setModules(names: readonly string[]): void {
    const kept = new Map(names.map((name) => [name, this.port(name)]))
    if (kept.size !== this.#ports.size) this.#changes.count++
    this.#ports = kept
  }

  /** What the module asked for goes to its new name. */
  renameModule(from: string, to: string): void {
    const port = this.#ports.get(from)
    if (port === undefined || from === to) return
    this.#ports.delete(from)
    this.#ports.set(to, port)
    this.#changes.count++
  }

  /** In the order of modules, then of asking. */
  *pending(): Iterable<readonly [module: string, task: PendingTask]> {
    for (const [name, port] of this.#ports) for (const task of port.pending) yield [name, task]
  }

  /** The result of a pending task is there. Without effect where that question is not pending: this past never asked it. */
  settle(module: string, id: number, key: string, outcome: TaskOutcome): void {
    const port = this.#ports.get(module)
    const task = port?.pending.find((asked) => asked.id === id)
    if (port !== undefined && task !== undefined && taskKey(task) === key) port.settle(task, outcome)
  }

  contents(): TaskBookContents {
    return {
      kind: 'tasks',
      modules: [...this.#ports]
        .filter(([, port]) => !port.isUnused)
        .map(([name, port]) => ({ name, ...port.contents() })),
    }
  }

  /** As `contents`, without what is no part of the program's future but code. */
  hashed(): unknown {
    return this.contents().modules.map(({ name, nextId, pending, results }) => [
      name,
      nextId,
      pending.map(({ id, task, data }) => [id, task, data]),
      results,
    ])
  }

  /** Modules that are not in it have none. */
  restore({ modules }: TaskBookContents): void {
    const nothing = { nextId: 1, pending: [], results: [] }
    for (const [name, port] of this.#ports) port.restore(modules.find((one) => one.name === name) ?? nothing)
  }
}

type PortContents = Omit<TaskBookContents['modules'][number], 'name'>

/** What one module asked for, and what came back. */
export class TaskPort {
  readonly #changes: { count: number }
  #nextId = 1
  #pending: PendingTask[] = []
  #results: readonly TaskResultData[] = []
  /** As it stood before the present call asked or read; undefined: it did neither. Pending ones are only added in a call. */
  #before:
    | { readonly nextId: number; readonly pendingCount: number; readonly results: readonly TaskResultData[] }
    | undefined

  constructor(changes: { count: number }) {
    this.#changes = changes
  }

  get isUnused(): boolean {
    return this.#nextId === 1
  }

  get pending(): readonly PendingTask[] {
    return this.#pending
  }

  /** A call of `process` begins: what those before it did is done. */
  begin(): void {
    this.#before = undefined
  }

  /** Gives the task's id. The data is copied. */
  run(task: string, data: unknown, entry: ContentHash): number {
    if (this.#pending.length + this.#results.length >= limit)
      throw new CoppiceError(
        'invalid-argument',
        `runTask("${task}"): ${String(limit)} tasks are pending or not read. Read them with \`results()\`, or ask for fewer.`,
      )
    const copy = copyPlain(data, rules)
    this.#remember()
    const id = this.#nextId++
    this.#pending.push({ id, task, data: copy, entry })
    return id
  }

  /** Takes what is there, in order of arrival: all, or one task's. */
  results(task?: string): TaskResultData[] {
    if (this.#results.length === 0) return []
    const taken: TaskResultData[] = []
    const left: TaskResultData[] = []
    for (const result of this.#results) {
      if (task !== undefined && result.task !== task) left.push(result)
      else taken.push(result.ok ? { ...result, value: copyAgain(result.value, rules) } : { ...result })
    }
    if (taken.length === 0) return []
    this.#remember()
    this.#results = left
    return taken
  }

  /** The call threw: what it asked is not asked, what it read is unread. */
  rollback(): void {
    if (this.#before === undefined) return
    const { nextId, pendingCount, results } = this.#before
    this.restore({ nextId, pending: this.#pending.slice(0, pendingCount), results })
  }

  settle(task: PendingTask, outcome: TaskOutcome): void {
    this.#changes.count++
    this.#before = undefined
    this.#pending = this.#pending.filter((other) => other !== task)
    this.#results = [...this.#results, { id: task.id, task: task.task, ...outcome }]
  }

  contents(): PortContents {
    return { nextId: this.#nextId, pending: [...this.#pending], results: this.#results }
  }

  restore({ nextId, pending, results }: PortContents): void {
    this.#changes.count++
    this.#before = undefined
    this.#nextId = nextId
    this.#pending = [...pending]
    this.#results = results
  }

  #remember(): void {
    this.#changes.count++
    this.#before ??= { nextId: this.#nextId, pendingCount: this.#pending.length, results: this.#results }
  }
}

export function isTaskBookContents(value: unknown): value is TaskBookContents {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tasks'
}
