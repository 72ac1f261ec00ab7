// From the files of a workspace (and what is laid over them) to revisions: manifest, code and problems together, each
// numbered, the last good manifest kept. Decides whether anything that runs has changed; sends nothing.

import type { CodeText, ModuleCode, ProgramRevision, ReloadTrigger } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Milliseconds, SourceError } from '../protocol/values.ts'
import type { CodeGraph } from './code-graph.ts'
import { ConfigFiles } from './config-files.ts'
import { manifestFile } from './manifest-reader.ts'
import { emptyManifest, placeOfModule, readManifest } from './manifest.ts'
import { scanModules } from './module-scan.ts'
import { TextStore } from './text-store.ts'

/** Without texts: those differ from receiver to receiver. */
export type RevisionContent = Omit<ProgramRevision, 'texts'>

export interface RevisionCause {
  readonly trigger: ReloadTrigger
  readonly title: string
  readonly changedFiles: readonly string[]
  readonly collectMs: Milliseconds
  /** The module a user asked to load: a revision comes of it, also where nothing changed. */
  readonly asked?: string
}

/** The files as revisions see them: overlays first, then disk. */
export interface RevisionFiles {
  paths(): readonly string[]
  readText(path: string): Promise<string | undefined>
  /** Throws where the path leads outside; false where there is no such file. */
  exists(path: string): boolean
}

export class Revisions {
  readonly texts = new TextStore()
  readonly #files: RevisionFiles
  readonly #graph: CodeGraph
  readonly #config: ConfigFiles
  /** Entries laid over the manifest by `loadModule`, by name. */
  readonly #entries = new Map<string, ManifestModule>()
  #goodManifest: Manifest | undefined
  #signature = ''
  #current: RevisionContent | undefined

  constructor(files: RevisionFiles, graph: CodeGraph) {
    this.#files = files
    this.#graph = graph
    this.#config = new ConfigFiles(files)
  }

  get current(): RevisionContent | undefined {
    return this.#current
  }

  /** Lays an entry over the manifest until engine.json names that module itself. */
  layEntry(entry: ManifestModule): void {
    this.#entries.set(entry.name, entry)
  }

  /** engine.json changed: what it names is no longer laid over. */
  forgetEntries(names: readonly string[]): void {
    for (const name of names) this.#entries.delete(name)
  }

  /** Looks at the files as they are now. Undefined where nothing that runs, and no problem, has changed. */
  async revise(cause: RevisionCause): Promise<RevisionContent | undefined> {
    const start = performance.now()
    const manifestText = await this.#files.readText(manifestFile)
    const read = await this.#readManifest(manifestText)
    const entries = [...read.manifest.modules.filter(({ name }) => !this.#entries.has(name)), ...this.#entries.values()]
    const configured = await this.#config.configure(entries, manifestText)
    const { modules } = configured
    const manifest: Manifest = { ...read.manifest, modules }
    const missing = new Map<string, SourceError>()
    for (const module of modules) {
      const error = this.#refuseFile(module, manifestText)
      if (error !== undefined) missing.set(module.name, error)
    }
    const built = await this.#graph.build(modules.filter(({ name }) => !missing.has(name)))
    const byName = new Map(built.modules.map((module) => [module.module, module]))
    const code = modules.map(
      ({ name }): ModuleCode =>
        byName.get(name) ?? { module: name, error: missing.get(name) ?? { message: 'no file' }, phase: 'collect' },
    )
    const problems = [
      ...read.problems,
      ...configured.problems,
      ...missingProblems(missing),
      ...compileProblems(built.errors, code),
    ]

    const signature = JSON.stringify([manifest, code, problems])
    this.texts.add(built.texts.values(), new Set(code.flatMap((module) => ('entry' in module ? [module.entry] : []))))
    if (signature === this.#signature && this.#current !== undefined && cause.asked === undefined) {
      this.#current = { ...this.#current, configPlaces: configured.places }
      return undefined
    }
    this.#signature = signature
    this.#current = {
      revision: (this.#current?.revision ?? 0) + 1,
      trigger: cause.trigger,
      title: cause.title,
      changedFiles: cause.changedFiles,
      ...(cause.asked === undefined ? {} : { asked: cause.asked }),
      manifest,
      modules: code,
      ms: { collect: cause.collectMs, fetch: performance.now() - start },
      problems,
      configPlaces: configured.places,
    }
    return this.#current
  }

  /** Texts that the entries of the current revision reach. */
  currentTexts(): readonly CodeText[] {
    const entries = (this.#current?.modules ?? []).flatMap((module) => ('entry' in module ? [module.entry] : []))
    return this.texts.reach(entries)
  }

  async #readManifest(
    text: string | undefined,
  ): Promise<{ readonly manifest: Manifest; readonly problems: readonly Problem[] }> {
    if (text === undefined && !this.#files.exists(manifestFile))
      return { manifest: await scanModules(this.#files.paths(), (path) => this.#files.readText(path)), problems: [] }
    const { manifest, isGood, problems } = readManifest(text)
    if (isGood) this.#goodManifest = manifest
    else if (this.#goodManifest !== undefined)
      return {
        manifest: this.#goodManifest,
        problems: problems.map((problem) => ({ ...problem, consequence: 'The last good engine.json stays in force' })),
      }
    return { manifest: manifest ?? emptyManifest, problems }
  }

  #refuseFile({ name, path }: ManifestModule, manifestText: string | undefined): SourceError | undefined {
    const place = manifestText === undefined ? undefined : placeOfModule(manifestText, name)
    const where = { file: manifestFile, ...place }
    try {
      // Vite takes it for the beginning of a query.
      if (path.includes('?')) return { message: `${path}: a module's path can't have a ? in it. Rename it.`, ...where }
      if (this.#files.exists(path)) return undefined
    } catch (error) {
      if (error instanceof CoppiceError) return { message: error.message, ...where }
      throw error
    }
    return {
      message: `${path} does not exist. Create it, or correct the path of module ${name}; it is tried again when the file appears.`,
      ...where,
    }
  }
}

const missingProblems = (missing: ReadonlyMap<string, SourceError>): readonly Problem[] =>
  [...missing].map(([module, error]) => ({ ...error, id: `file:${module}`, source: 'file', severity: 'error', module }))

const compileProblems = (errors: readonly SourceError[], code: readonly ModuleCode[]): readonly Problem[] => {
  const perFile = new Map<string, number>()
  return errors.map((error) => {
    const file = error.file ?? ''
    const count = (perFile.get(file) ?? 0) + 1
    perFile.set(file, count)
    const guilty = code.find((module) => 'error' in module && module.error === error)
    return {
      ...error,
      id: count === 1 ? `compile:${file}` : `compile:${file}:${count}`,
      source: 'compile',
      severity: 'error',
      ...(guilty === undefined ? {} : { module: guilty.module }),
    }
  })
}
