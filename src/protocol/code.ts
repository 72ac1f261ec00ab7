// Code as content-addressed texts: what the dev server supplies, the page stores, and a worker evaluates.

import type { ConfigPlaces } from './config.ts'
import type { Manifest } from './manifest.ts'
import type { Problem } from './problem.ts'
import type { ReloadPhase } from './receipt.ts'
import type { ContentHash, Milliseconds, SourceError } from './values.ts'

/** One transformed file. Immutable: the hash covers the text and, through `imports`, everything it imports. */
export interface CodeText {
  readonly hash: ContentHash
  /** Source file relative to the workspace, or the package path (`node_modules/three/…`) for what lies outside. */
  readonly file: string
  /** Body for an async function with Vite's module-runner parameters. */
  readonly text: string
  /** Source map (JSON) from `text` to the original sources, where there is one. */
  readonly map?: string
  /** Specifier as it stands in `text` → hash of the text it means. Static and dynamic imports; cycles allowed. */
  readonly imports: Readonly<Record<string, ContentHash>>
}

/** What a module's file is at present: its entry text, or why there is none. */
export type ModuleCode =
  | { readonly module: string; readonly entry: ContentHash }
  | { readonly module: string; readonly error: SourceError; readonly phase: 'collect' | 'fetch' }

/** A version that ended an engine before it was committed. */
export interface RefusedText {
  readonly module: string
  readonly entry: ContentHash
  readonly phase: ReloadPhase
  readonly error: SourceError
}

/** What made a reload happen. */
export type ReloadTrigger = 'open' | 'save' | 'disk' | 'manifest' | 'command' | 'undo' | 'breakpoint' | 'hang'

/**
 * The whole program as the files on disk (and texts laid over them) say it should be. The engine compares it with what
 * it runs and reloads the difference, so a revision that is lost or repeated does no harm.
 */
export interface ProgramRevision {
  /** Climbs by one per change of the workspace while the server runs. */
  readonly revision: number
  readonly trigger: ReloadTrigger
  /** What was edited, for people: `speed 5 → 25`. */
  readonly title: string
  /** Workspace files whose change caused it; empty at `open`. */
  readonly changedFiles: readonly string[]
  /** The module a user asked to load, whatever was before: it runs again where it was taken out. */
  readonly asked?: string
  readonly manifest: Manifest
  readonly modules: readonly ModuleCode[]
  /** Texts the receiver has not been sent yet. */
  readonly texts: readonly CodeText[]
  /** Wall-clock time spent by the server. */
  readonly ms: { readonly collect: Milliseconds; readonly fetch: Milliseconds }
  /** Problems of manifest and compilation at this revision; replaces those of the revision before. */
  readonly problems: readonly Problem[]
  /** Where files set the configuration of each module, for messages; it may be older than comments and empty lines. */
  readonly configPlaces?: Readonly<Record<string, ConfigPlaces>>
}

/** The texts that entries reach by their imports, themselves included, as far as they are among `texts`. */
export function textsReached(
  texts: ReadonlyMap<ContentHash, CodeText>,
  entries: readonly ContentHash[],
): readonly CodeText[] {
  const hashes = new Set(entries)
  const reached: CodeText[] = []
  for (const hash of hashes) {
    const text = texts.get(hash)
    if (text === undefined) continue
    reached.push(text)
    for (const next of Object.values(text.imports)) hashes.add(next)
  }
  return reached
}
