// One handler per command of protocol/commands.ts: checks the arguments, asks the core, returns the answer. Every command gets
// exactly one answer (LK1); a refusal is a CoppiceError with a code.

import type { CommandName, CommandResult } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { DataPath } from '../protocol/values.ts'
import type { CommandInput } from './command-arguments.ts'
import { toDataPath } from './data-path.ts'
import type { EngineCore } from './engine-core.ts'
import { tellPlace } from './error-place.ts'
import { inspect } from './inspection.ts'
import { rehearse } from './journal/rehearsal.ts'
import { replay } from './journal/replay.ts'
import { configView, enter, resetConfig, setConfig } from './live-config.ts'
import { takeOver } from './journal/take-over.ts'
import { verify } from './journal/verification.ts'
import { copyPlain } from './plain-copy.ts'
import { moduleInfos, statusOf } from './program-report.ts'
import { findInState, parseStateQuery } from './state-query.ts'
import { resetProgram, undoReset } from './program-reset.ts'
import { undoWithState } from './trial/undo-with-state.ts'

type Answer<Name extends CommandName> = CommandResult<Name> | Promise<CommandResult<Name>>

/** The compiler finds a command without a handler here. */
export type CommandHandlers = {
  readonly [Name in CommandName]: (core: EngineCore, input: CommandInput) => Answer<Name>
}

export const commandHandlers: CommandHandlers = {
  status: statusOf,
  pause: (core) => {
    core.loop.pause()
    return statusOf(core)
  },
  resume: (core) => {
    core.trials.settlePending()
    core.loop.resume()
    return statusOf(core)
  },
  step: async (core, input) => {
    core.trials.settlePending()
    await core.loop.step(input.value(0) === undefined ? 1 : input.count(0, 'n'))
    return statusOf(core)
  },
  reset: async (core) => {
    await resetProgram(core)
    return statusOf(core)
  },
  undoReset: async (core) => {
    await undoReset(core)
    return statusOf(core)
  },
  setSpeed: (core, input) => {
    const speed = input.number(0, 'speed')
    if (speed !== Infinity && !(speed >= 0.1 && speed <= 10)) {
      throw new CoppiceError('invalid-argument', `The speed must be 0.1 to 10, or Infinity, but is ${speed}.`)
    }
    core.loop.setSpeed(speed)
    return statusOf(core)
  },
  modules: moduleInfos,

  applyRevision: (core, input) =>
    core.apply(
      input.revision(0),
      input.optionalBoolean(1, 'startPaused') ?? false,
      input.optionalRefusal(1, 'refused'),
    ),
  setSaved: (core, input) => core.saved.set(input.saved(0)),
  addTexts: (core, input) => core.code.add(input.texts(0)),
  reload: (core, input) => core.reloads.modules.reload(input.text(0, 'module')),
  undoReload: (core, input) => {
    const name = input.text(0, 'module')
    return input.optionalChoice(1, 'state', ['now', 'before']) === 'before'
      ? undoWithState(core, name)
      : core.reloads.modules.undo(name)
  },
  redoReload: (core, input) =>
    core.reloads.modules.redo(input.text(0, 'module'), input.optionalChoice(1, 'state', ['now', 'undone'])),
  resetModule: (core, input) => core.reloads.modules.reset(input.text(0, 'module')),
  unload: (core, input) => core.reloads.modules.unload(input.text(0, 'module')),
  receipts: (core) => core.receipts.list(),
  setPauseOnFailure: (core, input) => {
    core.trials.pauseOnFailure = input.boolean(0, 'isOn')
    core.reporter.statusChanged()
    return statusOf(core)
  },
  journal: (core, input) => core.history.journal.since(input.number(0, 'since'), input.optionalNumber(1, 'limit')),
  captures: (core) => {
    const { buffer } = core.history.capture.store
    return buffer instanceof ArrayBuffer ? undefined : buffer
  },
  takeOver: async (core, input) => {
    const source = input.takeOver(0)
    await core.standbyWork.exclusively(() => takeOver(core, source))
    return statusOf(core)
  },

  locateError: (core, input) => tellPlace(core, input.text(0, 'message'), input.place(1)),

  rehearse: (core, input) => {
    requireNoProgram(core)
    const request = input.rehearsal(0)
    const captures = input.optionalCaptures(1)
    return core.standbyWork.exclusively(() => rehearse(core, core.standbyWork, request, captures))
  },
  verify: (core, input) => {
    requireNoProgram(core)
    const request = input.verification(0)
    const captures = input.optionalCaptures(1)
    return core.standbyWork.exclusively(() => verify(core, core.standbyWork, request, captures))
  },
  setVerifying: (core, input) => {
    core.reproducibility.setOff(input.offReason(1), !input.boolean(0, 'isOn'))
    core.reporter.statusChanged()
    return statusOf(core)
  },

  replay: (core, input) => {
    if (core.program.manifest !== undefined)
      throw new CoppiceError('invalid-argument', 'This engine runs a program: it can not replay another.')
    const request = input.replay(0)
    const captures = input.captures(1)
    return core.standbyWork.exclusively(() => replay(core, request, captures))
  },

  state: (core, input) => core.program.read(input.text(0, 'module'), (state) => copyOf(core, state)),
  setState: (core, input) => setState(core, input.text(0, 'module'), toDataPath(input.path(1, 'path')), input.value(2)),
  query: (core, input) => query(core, input.text(0, 'module'), input.value(1)),
  inspect: (core, input) => {
    const request = input.inspection(0)
    const root = core.program.read(request.module, (state) =>
      inspect(state, request, (prototype) => core.classes.nameOf(prototype) ?? nameOfPrototype(prototype)),
    )
    return { moment: core.program.moment, root }
  },
  config: (core, input) => ({ ...core.program.requireModule(input.text(0, 'module')).config }),
  configView: (core, input) => configView(core, input.text(0, 'module')),
  setConfig: (core, input) => setConfig(core, input.text(0, 'module'), input.record(1, 'changes')),
  resetConfig: (core, input) =>
    resetConfig(
      core,
      input.text(0, 'module'),
      input.value(1) === undefined ? undefined : input.configPaths(1, 'paths'),
    ),
  publish: (core, input) => {
    const topic = input.text(0, 'topic')
    enter(core, { kind: 'publish', topic, data: copyOf(core, input.value(1)) })
  },
  bus: (core) => ({ modules: core.program.bus.queues() }),
  watchBus: (core, input) => core.busStream.ask(input.busFilter(0)),
  busMessage: (core, input) => core.busStream.dataOf(input.count(0, 'id')),
  socketMessages: (core, input) => core.socketGate.handOver(core.program, input.socketMessages(0)),
  note: (core, input) => core.append(undefined, input.logLevel(0), input.text(1, 'text'), undefined),
  logs: (core, input) => core.logBook.filter(input.value(0) === undefined ? {} : input.logFilter(0)),
  metrics: (core) => core.metrics.metrics(),
  healthHistory: (core, input) =>
    core.health.history(input.value(0) === undefined ? undefined : input.text(0, 'module')),
  stateHash: (core, input) =>
    input.value(0) === undefined
      ? core.program.hash()
      : core.program.hashOf(
          input.text(0, 'module'),
          input.value(1) === undefined ? [] : toDataPath(input.path(1, 'path')),
        ),
  findState: (core, input) => {
    const question = parseStateQuery(input.text(1, 'query'))
    const limit = input.optionalNumber(2, 'limit') ?? 200
    const found = core.program.read(input.text(0, 'module'), (state) => findInState(state, question, limit))
    return { moment: core.program.moment, ...found }
  },
  waitFor: async (core, input) => {
    const timeoutFrames = input.optionalNumber(1, 'timeoutFrames')
    if (timeoutFrames !== undefined && !(timeoutFrames >= 1))
      throw new CoppiceError('invalid-argument', `timeoutFrames must be 1 or more, but is ${timeoutFrames}.`)
    await core.waiters.wait(input.condition(0), core.program, timeoutFrames)
    return statusOf(core)
  },

  input: (core, input) => {
    const atFrame = input.optionalNumber(1, 'atFrame')
    if (atFrame !== undefined && atFrame <= core.program.frame) {
      throw new CoppiceError(
        'invalid-argument',
        `Frame ${atFrame} has run: the program stands at ${core.program.frame}.`,
      )
    }
    core.program.inputs.add(input.deviceInput(0), atFrame)
  },
  attachLayer: async (core, input) => {
    await core.host.layers.attach(input.layerCanvas(0))
  },
  resizeLayers: (core, input) => {
    const { pixelWidth, pixelHeight } = input.record(0, 'size')
    if (
      typeof pixelWidth !== 'number' ||
      typeof pixelHeight !== 'number' ||
      !(pixelWidth >= 1) ||
      !(pixelHeight >= 1)
    ) {
      throw new CoppiceError(
        'malformed-command',
        'resizeLayers: size must be { pixelWidth, pixelHeight }, each at least 1.',
      )
    }
    core.rendering.resize(Math.round(pixelWidth), Math.round(pixelHeight))
  },
  setLayerVisible: (core, input) => {
    core.rendering.setVisible(input.text(0, 'module'), input.boolean(1, 'isVisible'))
  },
}

function requireNoProgram({ program }: EngineCore): void {
  if (program.manifest !== undefined)
    throw new CoppiceError('invalid-argument', 'This engine runs a program: it can be no standby.')
}

function copyOf(core: EngineCore, value: unknown): unknown {
  return copyPlain(value, { classOf: (prototype) => core.classes.kindOf(prototype) })
}

function setState(core: EngineCore, name: string, path: DataPath, value: unknown): void {
  const module = core.program.requireModule(name)
  enter(core, { kind: 'state', module: name, path, value: copyOf(core, value) })
  core.edited(module)
}

function query(core: EngineCore, name: string, question: unknown): unknown {
  const module = core.program.requireModule(name)
  const ask = module.definition.query
  if (ask === undefined) throw new CoppiceError('not-supported', `${name} has no \`query\`.`)
  try {
    return copyOf(
      core,
      core.call.within(name, 'query', () => ask(module.seen, copyOf(core, question))),
    )
  } catch (error) {
    const described = core.code.describe(error, module.entry, module.manifest.path)
    throw new CoppiceError('internal', `\`query\` of ${name} threw: ${described.message}`, {
      cause: error,
      details: described,
    })
  }
}

function nameOfPrototype(prototype: object): string {
  const constructor: unknown = Reflect.get(prototype, 'constructor')
  return typeof constructor === 'function' ? constructor.name : ''
}
