// What a revision asks for, compared with what runs: a pure function. Which modules are new, changed, renamed, gone,
// broken, and which of those are held because their present text was rejected before.

import type { ModuleCode, ProgramRevision } from '../protocol/code.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { ContentHash, SourceError } from '../protocol/values.ts'
import { removalKey, textKey } from './held-texts.ts'
import type { HeldTexts } from './held-texts.ts'
import { isSameData } from './resources.ts'

/** What the plan must know of a running module. */
export interface RunningCode {
  readonly name: string
  readonly entry: ContentHash
  readonly manifest: ManifestModule
}

/** A module of the manifest that can run. */
export interface PlannedModule {
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  /** Name of the running module whose state it takes: its own, or the one it was renamed from. */
  readonly from: string | undefined
  readonly isCodeChanged: boolean
  /** Its text was rejected or undone before: it must not block the others. */
  readonly isHeld: boolean
}

/** A module of the manifest that can't run as its files are. */
export interface BrokenModule {
  readonly manifest: ManifestModule
  readonly error: SourceError
  readonly phase: 'collect' | 'fetch'
  readonly isRunning: boolean
  readonly isHeld: boolean
}

export interface ReloadPlan {
  /** In manifest order. */
  readonly modules: readonly PlannedModule[]
  readonly broken: readonly BrokenModule[]
  readonly removed: readonly { readonly name: string; readonly isHeld: boolean }[]
  /** Anything of the manifest but code: order, configuration, rates, view, seed. */
  readonly isManifestChanged: boolean
}

/** Compares. `running` is in manifest order of what runs. */
export function planReload(
  revision: Pick<ProgramRevision, 'manifest' | 'modules'>,
  running: readonly RunningCode[],
  runningManifest: Manifest | undefined,
  held: HeldTexts,
): ReloadPlan {
  const byName = new Map(running.map((module) => [module.name, module]))
  const codeOf = new Map(revision.modules.map((code) => [code.module, code]))
  const wanted = revision.manifest.modules.filter((module) => !held.isUnloaded(module.name))
  const wantedNames = new Set(wanted.map((module) => module.name))
  const gone = running.filter((module) => !wantedNames.has(module.name))
  const taken = new Set<string>()
  const modules: PlannedModule[] = []
  const broken: BrokenModule[] = []

  for (const manifest of wanted) {
    const { name } = manifest
    const present = byName.get(name)
    const code = codeOf.get(name) ?? missingCode(manifest)
    const isHeld = held.isRejected(name, textKey(code))
    if ('error' in code) {
      broken.push({
        manifest,
        error: code.error,
        phase: code.phase,
        isRunning: present !== undefined,
        isHeld,
      })
      continue
    }
    const renamed = present === undefined ? renamedFrom(manifest, gone, taken) : undefined
    if (renamed !== undefined) taken.add(renamed)
    const from = present?.name ?? renamed
    modules.push({ manifest, entry: code.entry, from, isCodeChanged: present?.entry !== code.entry, isHeld })
  }

  const removed = gone
    .filter((module) => !taken.has(module.name))
    .map((module) => ({ name: module.name, isHeld: held.isRejected(module.name, removalKey) }))
  return { modules, broken, removed, isManifestChanged: !isSameData(runningManifest, revision.manifest) }
}

function missingCode(manifest: ManifestModule): ModuleCode {
  return {
    module: manifest.name,
    error: { message: `${manifest.path} does not exist.`, file: manifest.path },
    phase: 'collect',
  }
}

/** The module that ran this path under a name the manifest no longer has. */
function renamedFrom(
  manifest: ManifestModule,
  gone: readonly RunningCode[],
  taken: ReadonlySet<string>,
): string | undefined {
  const candidates = gone.filter((module) => module.manifest.path === manifest.path && !taken.has(module.name))
  return candidates.length === 1 ? candidates[0]?.name : undefined
}
