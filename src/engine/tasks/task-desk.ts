// Joins the tasks of the program that is present to whoever computes them (host.ts): what is asked for goes out at a frame's end (FL10),
// what comes back enters as an input before the next frame begins (TK1). A program computed again asks nothing; what is then left
// pending in the one that becomes present goes out from there (TK3).
//
//   program.tasks ──sync──► TaskRunner ──ended──► arrived ──enter, recorded──► program.tasks

import type { JournalInput } from '../../protocol/journal.ts'
import type { TaskCounts, TaskEnd, TaskOutcome } from '../../protocol/task.ts'
import type { SourceError } from '../../protocol/values.ts'
import type { CodeBase } from '../code-base.ts'
import type { EngineCore } from '../engine-core.ts'
import type { TaskRunner } from '../host.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import { messageOf } from '../reload-failure.ts'
import { taskKey } from './task-book.ts'
import type { PendingTask, TaskBook } from './task-book.ts'

interface TaskDeskOptions {
  readonly runner: TaskRunner | undefined
  readonly code: CodeBase
  /** A task failed: told once. */
  readonly failed: (module: string, task: string, error: SourceError) => void
}

type TaskInput = Extract<JournalInput, { kind: 'task' }>

interface OutTask {
  readonly module: string
  readonly task: PendingTask
  readonly key: string
  isRunning: boolean
  end: TaskEnd | undefined
  callOff: () => void
}

/** Of an engine; failures go to its log. */
export function createTaskDesk(core: EngineCore): TaskDesk {
  return new TaskDesk({
    runner: core.host.tasks,
    code: core.code,
    failed: (module, task, { message, file, line, column = 1 }) => {
      const position = file === undefined || line === undefined ? undefined : { file, line, column }
      core.append(module, 'error', `task ${task}: ${message}`, position)
    },
  })
}

/** The tasks under way of one engine. */
export class TaskDesk {
  readonly #options: TaskDeskOptions
  /** By module and id, in order of asking. */
  readonly #out = new Map<string, OutTask>()
  readonly #failed = new Map<string, number>()
  #arrived: OutTask[] = []
  #seen: { readonly book: TaskBook; readonly revision: number } | undefined

  constructor(options: TaskDeskOptions) {
    this.#options = options
  }

  /** Before a frame of the present program begins: what has come back is in it. */
  enter(program: Program): void {
    if (this.#arrived.length === 0) return
    const arrived = this.#arrived
    this.#arrived = []
    for (const { module, task, key, end } of arrived) {
      this.#out.delete(outKey(module, task.id))
      if (end === undefined) continue
      const input: TaskInput = { kind: 'task', module, id: task.id, key, outcome: this.#outcome(module, task, end) }
      program.record(input)
      program.tasks.settle(module, task.id, key, input.outcome)
    }
  }

  /** What the present program waits for is out, and nothing else. */
  sync(program: Program): void {
    const { tasks } = program
    if (this.#seen?.book === tasks && this.#seen.revision === tasks.revision) return
    const isOther = this.#seen !== undefined && this.#seen.book !== tasks
    this.#seen = { book: tasks, revision: tasks.revision }
    const wanted = new Set<string>()
    for (const [module, task] of tasks.pending()) {
      const key = outKey(module, task.id)
      wanted.add(key)
      const out = this.#out.get(key)
      if (out !== undefined && isOther && out.key !== taskKey(task)) this.#callOff(out)
      if (!this.#out.has(key)) this.#send(program, module, task)
    }
    for (const [key, out] of this.#out) if (!wanted.has(key)) this.#callOff(out)
  }

  /** Undefined for a module that has none, and had none fail. */
  counts(module: string): TaskCounts | undefined {
    let waiting = 0
    let running = 0
    for (const out of this.#out.values()) {
      if (out.module !== module || out.end !== undefined) continue
      if (out.isRunning) running++
      else waiting++
    }
    const failed = this.#failed.get(module) ?? 0
    return waiting + running + failed === 0 ? undefined : { waiting, running, failed }
  }

  dispose(): void {
    for (const out of this.#out.values()) this.#callOff(out)
    this.#options.runner?.dispose()
  }

  #send(program: Program, module: string, task: PendingTask): void {
    const { runner, code } = this.#options
    const out: OutTask = {
      module,
      task,
      key: taskKey(task),
      isRunning: false,
      end: undefined,
      callOff: () => undefined,
    }
    this.#out.set(outKey(module, task.id), out)
    const ended = (end: TaskEnd): void => {
      if (out.end !== undefined || this.#out.get(outKey(module, task.id)) !== out) return
      out.end = end
      this.#arrived.push(out)
    }
    if (runner === undefined) {
      ended({ ok: false, error: { message: 'tasks are not computed here: this engine was given nothing to do it' } })
      return
    }
    const path = program.module(module)?.manifest.path ?? module
    const order = {
      module,
      path,
      task: task.task,
      id: task.id,
      data: task.data,
      entry: task.entry,
      math: code.math,
      seed: program.seed,
    }
    out.callOff = runner.run(order, {
      texts: () => code.textsOf(task.entry),
      began: () => {
        out.isRunning = true
      },
      ended,
    })
  }

  #callOff(out: OutTask): void {
    this.#out.delete(outKey(out.module, out.task.id))
    this.#arrived = this.#arrived.filter((one) => one !== out)
    if (out.end === undefined) out.callOff()
  }

  #outcome(module: string, { task }: PendingTask, end: TaskEnd): TaskOutcome {
    try {
      if (end.ok) return { ok: true, value: copyPlain(end.value, { root: 'result' }) }
    } catch (error) {
      return this.#fail(module, task, { message: messageOf(error) })
    }
    return this.#fail(module, task, end.error)
  }

  #fail(module: string, task: string, error: SourceError): TaskOutcome {
    this.#failed.set(module, (this.#failed.get(module) ?? 0) + 1)
    this.#options.failed(module, task, error)
    return { ok: false, error: error.message }
  }
}

function outKey(module: string, id: number): string {
  return `${String(id)} ${module}`
}
