// Live changes of a module's configuration: checked, applied at this boundary, and kept as an input of the frame that follows. One that
// is refused, by the types of the defaults, by `validateConfig` or by `setup`, leaves all as it was.

import type { ConfigChange, ConfigNote, ConfigPath, ConfigView } from '../protocol/config.ts'
import { copyPlain } from './plain-copy.ts'
import { effectiveConfig, leavesOf, mergeConfig, typeRefusal, withoutPaths } from './config-layers.ts'
import type { Config } from './config-layers.ts'
import { initOnlyPaths, resetNotes } from './config-notes.ts'
import type { EngineCore } from './engine-core.ts'
import { applyInput } from './journal/apply-input.ts'
import type { BoundaryInput } from './journal/apply-input.ts'
import type { ModuleInstance } from './module-instance.ts'
import { messageOf } from './reload-failure.ts'
import { isSameData } from './resources.ts'

/** All layers of a module. */
export function configView(core: EngineCore, name: string): ConfigView {
  const module = core.program.requireModule(name)
  const { layers, config } = module
  const places = core.reloads.desired?.configPlaces?.[name] ?? { file: {}, manifest: {} }
  return { layers: copyPlain(layers), values: copyPlain({ ...config }), initOnly: initOnlyOf(core, module), places }
}

/** Lays these values over all others; objects are merged. */
export function setConfig(core: EngineCore, name: string, changes: Config): Promise<ConfigChange> {
  const { layers } = core.program.requireModule(name)
  const known = Object.keys({ ...layers.defaults, ...layers.file, ...layers.manifest })
  const strange = Object.keys(changes).find((key) => !known.includes(key))
  if (strange !== undefined) {
    const keys = known.length === 0 ? 'none' : known.join(', ')
    return Promise.resolve({ applied: false, error: `${name} has no configuration key "${strange}". Keys: ${keys}.` })
  }
  const refusal = typeRefusal(layers.defaults, changes)
  if (refusal !== undefined) return Promise.resolve({ applied: false, error: refusal.words })
  const own = copyPlain(changes, { root: 'config' })
  return change(core, name, mergeConfig(layers.live, own), { kind: 'config', module: name, changes: own })
}

/** Takes live values back, these or all: what the files and the code say holds again. */
export function resetConfig(
  core: EngineCore,
  name: string,
  paths: readonly ConfigPath[] | undefined,
): Promise<ConfigChange> {
  const { live } = core.program.requireModule(name).layers
  const left = paths === undefined ? {} : withoutPaths(live, paths)
  return change(core, name, left, { kind: 'live-config', module: name, live: left })
}

async function change(core: EngineCore, name: string, live: Config, input: BoundaryInput): Promise<ConfigChange> {
  const module = core.program.requireModule(name)
  const before = module.layers
  const valuesBefore = module.config
  const values = effectiveConfig({ ...before, live })
  const refusal = refusalOf(core, module, values)
  if (refusal !== undefined) return { applied: false, error: refusal }
  enter(core, input)
  core.edited(module)
  if (module.resources.isAffectedBy(module.config)) {
    // What `setup` made from the old values is made anew.
    const receipt = await core.reloads.modules.rebuild(name)
    if (receipt.outcome !== 'committed') {
      enter(core, { kind: 'live-config', module: name, live: before.live })
      core.edited(module)
      return { applied: false, error: receipt.error?.message ?? `setup: ${receipt.outcome}` }
    }
  }
  core.reporter.modulesChanged()
  const notes = notesOf(core, module, valuesBefore, values)
  return notes.length === 0 ? { applied: true } : { applied: true, notes }
}

function notesOf(core: EngineCore, module: ModuleInstance, before: Config, after: Config): readonly ConfigNote[] {
  const old = new Map(leavesOf(before).map(({ path, value }) => [path.join('.'), value]))
  const changed = leavesOf(after).filter(({ path, value }) => !isSameData(old.get(path.join('.')), value))
  return changed.length === 0 ? [] : resetNotes(module.name, changed, initOnlyOf(core, module))
}

function initOnlyOf(core: EngineCore, { definition, reach }: ModuleInstance): readonly ConfigPath[] {
  return initOnlyPaths(definition, reach, (hash) => core.code.text(hash))
}

function refusalOf(core: EngineCore, { name, definition }: ModuleInstance, config: Config): string | undefined {
  const { validateConfig } = definition
  if (validateConfig === undefined) return undefined
  try {
    const refusal = core.call.within(name, 'validate-config', () => validateConfig(config))
    return typeof refusal === 'string' ? refusal : undefined
  } catch (error) {
    return `\`validateConfig\` threw: ${messageOf(error)}`
  }
}

/** Applies what came at this boundary, and keeps it. A refusal is thrown, and nothing is kept. */
export function enter(core: EngineCore, input: BoundaryInput): void {
  applyInput(core.program, input, (prototype) => core.classes.kindOf(prototype))
  core.program.record(input)
}
