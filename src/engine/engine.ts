// The engine as its hosts see it: commands in, events out (through the host). The browser worker, the headless runner and
// `coppice/test` each make one with a host of their own.

import type { CommandName } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import { CommandInput } from './command-arguments.ts'
import { commandHandlers } from './command-handlers.ts'
import { EngineCore } from './engine-core.ts'
import type { EngineHost, Standby } from './host.ts'

export interface Engine {
  /**
   * Carries out one command of protocol/commands.ts. Always settles once: with the answer, or a CoppiceError whose code says
   * why not (`unknown-command`, `malformed-command`, `closed`, or the command's own).
   */
  execute(name: string, args: readonly unknown[]): Promise<unknown>
  /** Who tries new code out first, and computes frames again; undefined: nobody any more. */
  useStandby(standby: Standby | undefined): void
  /** Stops; what modules set up is disposed, who waits is refused with `closed`. */
  dispose(): void
}

/** Makes an engine without a program; `applyRevision` opens one. */
export function createEngine(host: EngineHost): Engine {
  return engineOn(new EngineCore(host))
}

/** The commands of a core. */
export function engineOn(core: EngineCore): Engine {
  let isClosed = false
  return {
    execute: async (name, args) => {
      if (isClosed) throw new CoppiceError('closed', 'The engine was closed.')
      if (!isCommandName(name)) throw new CoppiceError('unknown-command', `There is no command "${name}".`)
      if (!Array.isArray(args)) throw new CoppiceError('malformed-command', `${name}: arguments must be an array.`)
      // A command given by a module's code inside a frame waits for the frame's end.
      if (core.loop.isInFrame) await Promise.resolve()
      const answer = await commandHandlers[name](core, new CommandInput(name, args))
      core.reporter.sendJournal()
      core.tellProblems()
      return answer
    },
    useStandby: (standby) => {
      core.standby = standby
      core.rehearsals.warmUp()
    },
    dispose: () => {
      if (isClosed) return
      isClosed = true
      core.dispose()
    },
  }
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandHandlers, name)
}
