// What is said when a running module does wrong: a problem that stands while it does, and a line in the log, both at the place in
// the source. What is done about it is decided where it happened (frame.ts, rendering.ts).

import type { Moment, SourceError, SourcePosition } from '../protocol/values.ts'
import type { ModuleInstance } from './module-instance.ts'
import type { Problems } from './problems.ts'
import { FoundElsewhere } from './reload-failure.ts'

export interface ModuleFaultsOptions {
  readonly problems: Problems
  readonly moment: () => Moment
  /** Maps what was thrown to the source. */
  readonly describe: (module: ModuleInstance, error: unknown) => SourceError
  readonly write: (module: string, text: string, position: SourcePosition | undefined) => void
}

/** Tells of faults of running modules. */
export class ModuleFaults {
  readonly #options: ModuleFaultsOptions

  constructor(options: ModuleFaultsOptions) {
    this.#options = options
  }

  /** `process` or `expose` threw: problem `run:<module>`. */
  missed(module: ModuleInstance, error: unknown): SourceError {
    const described = this.#describe(module, error)
    const consequence = module.isParked
      ? `stopped after ${String(module.missedInRow)} missed frames in a row, with its last good state; a good version, or an edit of its state, starts it again`
      : 'its frame does not count; the others run on'
    this.#tell(module, 'run', described, consequence)
    return described
  }

  /**
   * Its code ended the engine. Problem `load:<module>` where the version before runs now, `render:<module>` where it is not drawn any
   * more, `run:<module>` where nothing of it runs.
   */
  stopped(module: ModuleInstance, error: SourceError): void {
    const { problems, moment, write } = this.#options
    const { message, file, line, column = 1 } = error
    write(module.name, message, file === undefined || line === undefined ? undefined : { file, line, column })
    const source = module.isDrawingStopped ? 'render' : module.isParked ? 'run' : 'load'
    const consequence = consequenceOfStop(module)
    const id = `${source}:${module.name}`
    problems.set({ id, source, severity: 'error', module: module.name, ...error, moment: moment(), consequence })
  }

  /** `render`, `view.setup` or `view.dispose` threw: problem `render:<module>`. */
  renderFailed(module: ModuleInstance, error: unknown): void {
    this.#tell(module, 'render', this.#describe(module, error), 'its layer keeps the last picture')
  }

  /** Captures have no room for its state, or have again: problem `capture:<module>`. */
  roomChanged(module: ModuleInstance): void {
    const { problems, moment } = this.#options
    const id = `capture:${module.name}`
    if (!module.hasNoRoom) {
      problems.clear(id)
      return
    }
    problems.set({
      id,
      source: 'run',
      severity: 'warning',
      module: module.name,
      message: noRoomMessage(module.name),
      file: module.manifest.path,
      moment: moment(),
      consequence: 'it runs on, but nothing of it can be taken back, nor gone on with after a hang',
    })
  }

  /** The state holds what it may not, or, undefined, no longer does: problem `state:<module>`. */
  stateRefused(module: ModuleInstance, message: string | undefined): void {
    const { problems, moment, write } = this.#options
    const id = `state:${module.name}`
    module.stateRefusal = message
    if (message === undefined) {
      problems.clear(id)
      return
    }
    if (problems.get(id)?.message === message) return
    problems.set({
      id,
      source: 'run',
      severity: 'error',
      module: module.name,
      message,
      file: module.manifest.path,
      moment: moment(),
      consequence: 'it runs on, but this part of its state can neither be kept nor compared',
    })
    write(module.name, message, undefined)
  }

  #describe(module: ModuleInstance, error: unknown): SourceError {
    if (error instanceof FoundElsewhere) return error.error
    return module.describeThrown(error, () => this.#options.describe(module, error))
  }

  #tell(module: ModuleInstance, source: 'run' | 'render', error: SourceError, consequence: string): void {
    const { problems, moment, write } = this.#options
    const { message, file, line, column = 1 } = error
    write(module.name, message, file === undefined || line === undefined ? undefined : { file, line, column })
    const id = `${source}:${module.name}`
    const standing = problems.get(id)
    // One that throws in every frame is told of once, until it throws something else.
    const isSame = standing?.message === message && standing.line === line && standing.file === file
    if (isSame && standing.consequence === consequence) return
    const since = (isSame ? standing.moment : undefined) ?? moment()
    problems.set({ id, source, severity: 'error', module: module.name, ...error, moment: since, consequence })
  }
}

/** Why a state is not captured. */
export function noRoomMessage(module: string): string {
  return `The state of ${module} takes more than captures have room for.`
}

function consequenceOfStop(module: ModuleInstance): string {
  if (module.isDrawingStopped) return 'it runs on, but is not drawn until a new version comes'
  if (module.isParked) return 'stopped, with its state of the frame it began; a good version starts it again'
  return `v${String(module.version)} runs on`
}
