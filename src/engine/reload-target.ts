// What a reload is to bring about, module by module, and what its preparation has found for each: the data that planning,
// preparation and commit hand on.

import type { ConfigPlaces } from '../protocol/config.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { SavedValues } from '../protocol/saved.ts'
import type { StateChange } from '../protocol/receipt.ts'
import type { ContentHash, FrameNumber } from '../protocol/values.ts'
import type { ChangedLayers, Config, ConfigLayers } from './config-layers.ts'
import type { Definition } from './definition.ts'
import type { InitProfile } from './init-profile.ts'
import type { ModuleInstance } from './module-instance.ts'
import type { PreparedView } from './rendering.ts'
import type { Resources } from './resources.ts'

/** A module as it shall be after the commit. */
export interface Target {
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  /** The running module whose state it takes. */
  readonly instance: ModuleInstance | undefined
  /** Its code is taken anew even where the text is the same. */
  readonly isForced: boolean
  /** A reset: the definition that runs, and the live configuration to keep; no instance. */
  readonly restarted?: { readonly definition: Definition; readonly live: Config }
  /** The state it is to have, as its code left it at another time. */
  readonly givenState?: { readonly state: unknown; /** Which it is, for people. */ readonly words?: string }
  /** Its state is to be made by `init`, as at frame 0; queue and configuration stay. */
  readonly isStateNew?: boolean
  /** Where files set its configuration. */
  readonly configPlaces?: ConfigPlaces
  /** Replay: the frame its `init` was told. */
  readonly initFrame?: FrameNumber
  /** Replay: what had been saved then. */
  readonly saved?: SavedValues
}

/** A target with everything the commit needs. */
export interface PreparedModule {
  readonly target: Target
  readonly definition: Definition
  /** False where only the manifest's fields changed. */
  readonly isCodeNew: boolean
  readonly reach: ReadonlySet<ContentHash>
  layers: ConfigLayers
  config: Config
  /** What became of values; undefined where nothing is told of them. */
  configChange: ChangedLayers | undefined
  state: unknown
  /** The frame `init` is told, where it makes the state. */
  readonly initFrame: FrameNumber
  /** What `init` is told had been saved. */
  readonly saved: SavedValues
  initProfile: InitProfile | undefined
  /** What was done to the state. */
  stateChanges: readonly StateChange[]
  resources: Resources
  areResourcesNew: boolean
  view: PreparedView | undefined
}

/** Its code is another than what runs, or none runs. */
export function isRenewed(target: Target): boolean {
  return target.isForced || target.instance?.entry !== target.entry
}
