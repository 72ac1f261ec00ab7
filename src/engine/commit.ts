// The commit of a prepared reload: the only place where running code is exchanged. Synchronous, between two frames; work is
// proportional to the number of modules, never to the state. Nothing here may fail: all checks came before.

import type { JournalInput } from '../protocol/journal.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { ModuleChange } from '../protocol/receipt.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { CallTracker } from './call-tracker.ts'
import type { ClassRegistry } from './class-registry.ts'
import type { CodeBase } from './code-base.ts'
import type { Definition } from './definition.ts'
import { withMigration } from './migration-chain.ts'
import { ModuleInstance } from './module-instance.ts'
import type { InstanceParts } from './module-instance.ts'
import type { Preparation } from './preparation.ts'
import type { Program } from './program.ts'
import type { PreparedModule } from './reload-target.ts'
import type { PreparedView } from './rendering.ts'
import { isSameData } from './resources.ts'
import type { Resources } from './resources.ts'
import { nothingSaved } from './saved-data.ts'

/** How many versions back an undo can go; older ones are freed. With the running one that makes sixteen (ML10). */
const pastLimit = 15

export interface CommitParts {
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
  readonly write: InstanceParts['write']
}

/** What the commit did, and what is to be cleared away after it. */
export interface Committed {
  /** The code each module that stays ran before, by its name now. */
  readonly before: ReadonlyMap<string, { readonly entry: ContentHash; readonly definition: Definition }>
  readonly changes: readonly ModuleChange[]
  /** Modules whose code or resources are new. */
  readonly renewed: readonly ModuleInstance[]
  readonly removed: readonly ModuleInstance[]
  readonly oldResources: readonly (readonly [module: string, resources: Resources])[]
  readonly views: ReadonlyMap<string, PreparedView>
  /** A state came from elsewhere: nothing is computed from captures of before it. */
  readonly isCut: boolean
}

/**
 * Puts the prepared modules into `program` as `manifest` says. `isUndo`: the version left is not one to go back to. `isSpoilt`: a state was made
 * another one before.
 */
export function commit(
  parts: CommitParts,
  program: Program,
  preparation: Preparation,
  manifest: Manifest,
  isUndo: boolean,
  isSpoilt = false,
): Committed {
  program.record(commitInput(preparation.modules, manifest, isUndo))
  const isCut = isSpoilt || preparation.modules.some(({ target }) => target.givenState !== undefined)
  // A state from elsewhere is in no journal.
  if (isCut) program.record({ kind: 'cut' })
  const present = program.modules
  const before = new Map<string, { readonly entry: ContentHash; readonly definition: Definition }>()
  const changes: ModuleChange[] = []
  const renewed: ModuleInstance[] = []
  const oldResources: [string, Resources][] = []
  const views = new Map<string, PreparedView>()
  const modules = preparation.modules.map((prepared) => {
    const { target } = prepared
    const { name } = target.manifest
    const module = target.instance ?? newInstance(parts, prepared)
    const from = target.instance === undefined ? undefined : { name: module.name, version: module.version }
    if (from !== undefined && from.name !== name) {
      program.bus.renameModule(from.name, name)
      program.tasks.renameModule(from.name, name)
    }
    if (target.instance !== undefined && prepared.areResourcesNew) oldResources.push([name, module.resources])
    const isConfigChanged = !isSameConfig(module, prepared)
    if (target.instance !== undefined) before.set(name, { entry: module.entry, definition: module.definition })
    place(parts, module, prepared, isUndo)
    if (prepared.view !== undefined) views.set(name, prepared.view)
    const isNew = prepared.isCodeNew || prepared.areResourcesNew || target.isStateNew === true
    if (isNew) renewed.push(module)
    if (from !== undefined && from.name !== name)
      changes.push({ name: from.name, from: from.version }, { name, to: module.version })
    else if (from === undefined) changes.push({ name, to: module.version })
    else if (isNew || isConfigChanged) changes.push({ name, from: from.version, to: module.version })
    return module
  })
  const removed = present.filter((module) => !modules.includes(module))
  for (const module of removed) {
    changes.push({ name: module.name, from: module.version })
    oldResources.push([module.name, module.resources])
  }
  if (renewed.length > 0 || removed.length > 0) parts.classes.activate(reachOf(modules))
  program.seed = manifest.seed
  program.setTargetFps(manifest.targetFps)
  if (isOtherView(program.manifest, manifest)) program.view = manifest.view
  program.manifest = manifest
  const byName = new Map(modules.map((module) => [module.name, module]))
  program.setModules(
    modules,
    preparation.order.map((name) => byName.get(name)).filter((module) => module !== undefined),
  )
  return { before, changes, renewed, removed, oldResources, views, isCut }
}

/** The commit as the journal keeps it; before the modules are changed. */
function commitInput(prepared: readonly PreparedModule[], manifest: Manifest, isUndo: boolean): JournalInput {
  return {
    kind: 'commit',
    manifest,
    modules: prepared.map(({ target, isCodeNew, areResourcesNew, initFrame, saved }) => ({
      manifest: target.manifest,
      entry: target.entry,
      ...(target.instance === undefined ? {} : { from: target.instance.name }),
      isCodeNew,
      areResourcesNew,
      ...(target.isStateNew === true ? { isStateNew: true } : {}),
      ...(target.restarted === undefined ? {} : { live: { ...target.restarted.live } }),
      initFrame,
      ...((target.instance === undefined || target.isStateNew === true) && saved !== nothingSaved ? { saved } : {}),
    })),
    isUndo,
  }
}

/** All texts these modules reach. */
export function* reachOf(modules: readonly ModuleInstance[]): Iterable<ContentHash> {
  for (const module of modules) yield* module.reach
}

function newInstance(parts: CommitParts, { target, definition }: PreparedModule): ModuleInstance {
  return new ModuleInstance({
    manifest: target.manifest,
    definition,
    entry: target.entry,
    call: parts.call,
    classOf: (prototype) => parts.classes.kindOf(prototype),
    write: parts.write,
  })
}

function place(parts: CommitParts, module: ModuleInstance, prepared: PreparedModule, isUndo: boolean): void {
  const { target } = prepared
  if (module.entry !== target.entry) {
    if (isUndo) {
      module.past = module.past.slice(0, -1)
      module.future = [...module.future, module.entry].slice(-pastLimit)
    } else {
      module.past = [...module.past, module.entry].slice(-pastLimit)
      module.future = module.future.at(-1) === target.entry ? module.future.slice(0, -1) : []
    }
  }
  if (prepared.isCodeNew || target.isStateNew === true) {
    module.missedFrames = 0
    module.unpark()
    module.error = undefined
    module.isDrawingStopped = false
    module.isSilent = false
  }
  module.manifest = target.manifest
  module.definition = prepared.definition
  module.entry = target.entry
  module.reach = prepared.reach
  module.version = parts.code.versionOf(module.name, target.entry)
  // One in another thread stays there where nothing of it changed.
  if (prepared.state !== module.seen) module.state = prepared.state
  module.initProfile = prepared.initProfile
  module.initStream = prepared.initProfile?.stream ?? module.initStream
  module.migrations = withMigration(module.migrations, prepared.definition)
  module.resources = prepared.resources
  module.setLayers(prepared.layers, prepared.config)
}

function isSameConfig(module: ModuleInstance, prepared: PreparedModule): boolean {
  const { manifest } = prepared.target
  return (
    module.manifest === manifest ||
    (module.manifest.hz === manifest.hz &&
      module.manifest.strategy === manifest.strategy &&
      module.manifest.path === manifest.path &&
      isSameData(module.config, prepared.config))
  )
}

function isOtherView(before: Manifest | undefined, after: Manifest): boolean {
  return (
    before === undefined ||
    before.view.width !== after.view.width ||
    before.view.height !== after.view.height ||
    before.view.fit !== after.view.fit
  )
}
