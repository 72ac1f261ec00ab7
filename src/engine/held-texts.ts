// Where files and running code are meant to differ: texts and configurations that were rejected, texts a user went back from, modules
// taken out by a command. By module name; each ends when the file, or the manifest's entry, changes.

import type { ModuleCode, ProgramRevision } from '../protocol/code.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import { fileLayers } from './config-layers.ts'
import { isSameData } from './resources.ts'

/** The key a removal is held under. */
export const removalKey = 'removed'

/** The key of a module's present text, by which it is known again. */
export function textKey(code: ModuleCode): string {
  if ('entry' in code) return code.entry
  const { message, file = '', line = 0, column = 0 } = code.error
  return `${message} ${file}:${line}:${column}`
}

/** What is held back. */
export class HeldTexts {
  readonly #rejected = new Map<string, string>()
  readonly #undone = new Map<string, string>()
  readonly #unloaded = new Map<string, ManifestModule>()
  readonly #configs = new Map<string, ManifestModule>()

  /** This very text was rejected before. */
  isRejected(module: string, key: string): boolean {
    return this.#rejected.get(module) === key
  }

  /** A user went back from this very text. */
  isUndone(module: string, key: string): boolean {
    return this.#undone.get(module) === key
  }

  isUnloaded(module: string): boolean {
    return this.#unloaded.has(module)
  }

  /** The present texts of these modules were rejected. */
  reject(revision: ProgramRevision, modules: readonly string[]): void {
    for (const name of modules) {
      const code = revision.modules.find((module) => module.module === name)
      if (code !== undefined) this.#rejected.set(name, textKey(code))
    }
  }

  /** What the files say of the module's configuration was refused: it keeps the one it has. */
  rejectConfig(manifest: ManifestModule): void {
    this.#configs.set(manifest.name, manifest)
  }

  isConfigRejected(manifest: ManifestModule): boolean {
    const rejected = this.#configs.get(manifest.name)
    return rejected !== undefined && isSameData(fileLayers(rejected), fileLayers(manifest))
  }

  /** The module can't be removed: others depend on it. */
  rejectRemoval(module: string): void {
    this.#rejected.set(module, removalKey)
  }

  undo(module: string, key: string): void {
    this.#undone.set(module, key)
  }

  unload(manifest: ManifestModule): void {
    this.#unloaded.set(manifest.name, manifest)
  }

  /** The module's text runs. */
  settle(module: string): void {
    this.#rejected.delete(module)
  }

  /** A user asks for the module's present text whatever was before. */
  release(module: string): void {
    this.#rejected.delete(module)
    this.#undone.delete(module)
    this.#unloaded.delete(module)
    this.#configs.delete(module)
  }

  /** A revision came: what changed in it is held no longer. */
  follow(revision: ProgramRevision): void {
    for (const [name, key] of this.#undone) {
      const code = revision.modules.find((module) => module.module === name)
      if (code === undefined || textKey(code) !== key) this.#undone.delete(name)
    }
    for (const name of this.#configs.keys()) {
      const present = revision.manifest.modules.find((module) => module.name === name)
      if (present === undefined || !this.isConfigRejected(present)) this.#configs.delete(name)
    }
    for (const [name, entry] of this.#unloaded) {
      const present = revision.manifest.modules.find((module) => module.name === name)
      const isAskedFor = revision.trigger === 'open' || revision.asked === name
      if (isAskedFor || present === undefined || !isSameData(present, entry)) this.#unloaded.delete(name)
    }
  }
}
