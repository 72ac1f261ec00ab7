// From the modules' files to content-addressed texts: walks the import graph through Vite's (cached) transforms, and
// turns what fails into errors with a place. Sees the environment and one workspace folder; sends nothing.

import { basename, join } from 'node:path'
import type { DevEnvironment } from 'vite'
import type { CodeText, ModuleCode } from '../protocol/code.ts'
import type { ContentHash, SourceError } from '../protocol/values.ts'
import { describeCompileError, explainImport, findImport, importedSpecifiers } from './compile-error.ts'
import { hashOf } from './content-hash.ts'
import {
  type TransformedText,
  invalidateFile,
  invalidateFolder,
  isOutdatedPackage,
  transformUrl,
  urlOfFile,
} from './engine-environment.ts'
import { hashGraph } from './graph-hash.ts'
import { findPackageRoot } from './package-root.ts'
import { pathInside } from './workspace-paths.ts'

export interface BuiltCode {
  readonly modules: readonly ModuleCode[]
  readonly texts: ReadonlyMap<ContentHash, CodeText>
  /** One per file that could not be transformed or whose import leads nowhere. */
  readonly errors: readonly SourceError[]
}

/** What a text becomes on its way to the page, kept while Vite keeps giving the same. */
interface PreparedText {
  readonly source: string
  /** Of the map, for files of the workspace. */
  readonly mappings: string
  readonly text: string
  readonly map: string | undefined
  readonly digest: string
}

interface ReachedText {
  readonly file: string
  readonly prepared: PreparedText
  readonly imports: Map<string, string>
  readonly errors: SourceError[]
}

export class CodeGraph {
  readonly #environment: DevEnvironment
  readonly #folder: string
  readonly #packageRoot = findPackageRoot()
  readonly #prepared = new Map<string, PreparedText>()
  /** Files whose last transform failed or named an import that leads nowhere: Vite would not look again by itself. */
  readonly #broken = new Set<string>()

  readonly #readSource: (file: string) => Promise<string | undefined>

  /** `readSource` gives the text of a file, laid over or on disk; undefined where there is none. */
  constructor(environment: DevEnvironment, folder: string, readSource: (file: string) => Promise<string | undefined>) {
    this.#environment = environment
    this.#folder = folder
    this.#readSource = readSource
  }

  /** The code of the modules as the files are now. Never rejects for what is wrong in them. */
  async build(modules: readonly { readonly name: string; readonly path: string }[]): Promise<BuiltCode> {
    for (const file of this.#broken) invalidateFile(this.#environment, file)
    this.#broken.clear()
    // Each round, Vite may have found one more package deep in the graph and bundled all of them anew.
    for (let round = 0; ; round++) {
      try {
        return await this.#walk(modules)
      } catch (error) {
        if (!isOutdatedPackage(error) || round === 20) throw error
        invalidateFolder(this.#environment, this.#folder)
        await new Promise((resolve) => {
          setTimeout(resolve, 20 * round)
        })
      }
    }
  }

  async #walk(modules: readonly { readonly name: string; readonly path: string }[]): Promise<BuiltCode> {
    const reached = new Map<string, ReachedText>()
    const byUrl = new Map<string, Promise<string | undefined>>()
    const failures = new Map<string, SourceError>()

    const tasks: Promise<void>[] = []

    /** Id of the text at a URL once it is transformed; undefined where that failed. What it imports is walked later. */
    const visit = (url: string, importer: string | undefined): Promise<string | undefined> => {
      const known = byUrl.get(url)
      if (known !== undefined) return known
      const started = reach(url, importer)
      byUrl.set(url, started)
      return started
    }
    const reach = async (url: string, importer: string | undefined): Promise<string | undefined> => {
      let found: TransformedText
      try {
        found = await transformUrl(this.#environment, url)
      } catch (error) {
        if (isOutdatedPackage(error)) throw error
        failures.set(url, await this.#describeFailure(error, url, importer))
        return undefined
      }
      // Not awaited here: files that import each other would wait for each other.
      if (!reached.has(found.id)) tasks.push(follow(found))
      return found.id
    }
    const follow = async (found: TransformedText): Promise<void> => {
      const node: ReachedText = {
        file: this.#fileName(found),
        prepared: this.#prepare(found),
        imports: new Map(),
        errors: [],
      }
      reached.set(found.id, node)
      const targets = await Promise.all(
        found.deps.map(async (specifier) => {
          const refused = await this.#refuseImport(found, specifier)
          return { specifier, refused, target: refused === undefined ? await visit(specifier, found.file) : undefined }
        }),
      )
      // In the order of the text, whoever was faster.
      for (const { specifier, refused, target } of targets) {
        if (target !== undefined) node.imports.set(specifier, target)
        else node.errors.push(refused ?? failures.get(specifier) ?? { message: `${specifier} could not be loaded.` })
      }
    }

    const entries = await Promise.all(
      modules.map(async ({ name, path }) => {
        const url = urlOfFile(this.#environment, join(this.#folder, path))
        return { name, id: await visit(url, undefined), failure: failures.get(url) }
      }),
    )
    // Each task may add more; one that throws ends the walk, the others must not be left unheard.
    for (let done = 0; done < tasks.length;) {
      const batch = tasks.slice(done)
      done = tasks.length
      const failed = (await Promise.allSettled(batch)).find(({ status }) => status === 'rejected')
      if (failed?.status === 'rejected') throw failed.reason
    }
    return this.#assemble(entries, reached)
  }

  #assemble(
    entries: readonly {
      readonly name: string
      readonly id: string | undefined
      readonly failure: SourceError | undefined
    }[],
    reached: ReadonlyMap<string, ReachedText>,
  ): BuiltCode {
    const hashes = hashGraph(
      new Map([...reached].map(([id, { prepared, imports }]) => [id, { digest: prepared.digest, imports }])),
    )
    const texts = new Map<ContentHash, CodeText>()
    for (const [id, { file, prepared, imports }] of reached) {
      const hash = hashes.get(id)
      if (hash === undefined) continue
      const resolved = [...imports]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([specifier, target]) => {
          const targetHash = hashes.get(target)
          return targetHash === undefined ? [] : [[specifier, targetHash] as const]
        })
      const { text, map } = prepared
      texts.set(hash, {
        hash,
        file,
        text,
        ...(map === undefined ? {} : { map }),
        imports: Object.fromEntries(resolved),
      })
    }
    const errors = new Map<string, SourceError>()
    const note = (error: SourceError): void => {
      errors.set(`${error.file}:${error.line}:${error.column}:${error.message}`, error)
    }
    const modules = entries.map(({ name, id, failure }): ModuleCode => {
      const found = failure === undefined ? errorsReachedFrom(id, reached) : [failure]
      found.forEach(note)
      const [error] = found
      const entry = id === undefined ? undefined : hashes.get(id)
      if (error === undefined && entry !== undefined) return { module: name, entry }
      return { module: name, error: error ?? { message: `${name} could not be loaded.` }, phase: 'fetch' }
    })
    return { modules, texts, errors: [...errors.values()] }
  }

  #prepare({ id, text: source, map, file }: TransformedText): PreparedText {
    const ownMap = file !== undefined && pathInside(this.#folder, file) !== undefined ? map : undefined
    const mappings = mappingsOf(ownMap)
    const known = this.#prepared.get(id)
    if (known !== undefined && known.source === source && known.mappings === mappings) return known
    const text = source.replace(/\n?\/\/[#@] sourceMappingURL=[^\n]*\s*$/, '')
    const prepared: PreparedText = {
      source,
      mappings,
      text,
      // Nobody steps into packages; their maps are megabytes.
      map: file === undefined || ownMap === undefined ? undefined : JSON.stringify(nameSource(ownMap, basename(file))),
      // The same code on other lines is another text: errors name lines of the source.
      digest: hashOf(text, this.#fileName({ id, file }), mappings),
    }
    this.#prepared.set(id, prepared)
    return prepared
  }

  /** How a text's file is named to the engine: relative to the workspace, or `node_modules/…`. */
  #fileName({ id, file }: Pick<TransformedText, 'id' | 'file'>): string {
    if (file === undefined) return `node_modules/.virtual/${id.replaceAll(/[^\w./-]/g, '')}`
    const inside = pathInside(this.#folder, file)
    if (inside !== undefined) return inside
    const packages = file.lastIndexOf('/node_modules/')
    if (packages >= 0) return file.slice(packages + 1)
    const own = pathInside(this.#packageRoot, file)
    return own === undefined ? `node_modules/.linked${file}` : `node_modules/coppice/${own}`
  }

  /** Files of the workspace reach outside by package names only (WS1). */
  async #refuseImport({ file }: TransformedText, specifier: string): Promise<SourceError | undefined> {
    if (file === undefined || pathInside(this.#folder, file) === undefined)
      return specifier.startsWith('/') ? undefined : await this.#unresolved(file, specifier)
    if (!specifier.startsWith('/') || specifier.startsWith('/@id/node:')) return this.#unresolved(file, specifier)
    const target = this.#environment.moduleGraph.urlToModuleMap.get(specifier)?.file
    if (target === undefined || target === null || !target.startsWith('/') || target.includes('/node_modules/'))
      return undefined
    if (
      pathInside(this.#folder, target) !== undefined ||
      pathInside(this.#packageRoot, target)?.startsWith('src/authoring/') === true
    )
      return undefined
    const source = await this.#readSource(file)
    const written = source === undefined ? undefined : await this.#writtenPathTo(target, file, source)
    if (source === undefined || written === undefined) return undefined
    this.#broken.add(file)
    const message = `${written} is outside the workspace. Move the file into it, or make it a package and install that.`
    return { message, ...this.#place(file, source, written) }
  }

  /** The relative or root-relative specifier by which `file` imports `target`; undefined where it does so by a package's name. */
  async #writtenPathTo(target: string, file: string, source: string): Promise<string | undefined> {
    for (const specifier of importedSpecifiers(file, source).filter((each) => /^[./]/.test(each))) {
      const resolved = await this.#environment.pluginContainer.resolveId(specifier, file)
      if (resolved?.id.replace(/\?.*$/, '') === target) return specifier
    }
    return undefined
  }

  async #unresolved(file: string | undefined, specifier: string): Promise<SourceError> {
    const written = specifier.replace(/^\/@id\//, '')
    const message = explainImport(written, this.#folder)
    if (file === undefined) return { message }
    this.#broken.add(file)
    const source = await this.#readSource(file)
    return {
      message,
      ...(source === undefined ? { file: this.#fileName({ id: file, file }) } : this.#place(file, source, written)),
    }
  }

  async #describeFailure(error: unknown, url: string, importer: string | undefined): Promise<SourceError> {
    const node = await this.#environment.moduleGraph.getModuleByUrl(url)
    const file = node?.file ?? undefined
    if (file !== undefined) this.#broken.add(file)
    const source = file === undefined ? undefined : await this.#readSource(file)
    if (source === undefined && importer !== undefined) return this.#unresolved(importer, url)
    const described = describeCompileError(error, file ?? url, source)
    return file === undefined ? described : { ...described, file: this.#fileName({ id: file, file }) }
  }

  #place(file: string, source: string, specifier: string): Pick<SourceError, 'file' | 'line' | 'column'> {
    return { file: this.#fileName({ id: file, file }), ...findImport(file, source, specifier) }
  }
}

const mappingsOf = (map: object | undefined): string =>
  map !== undefined && 'mappings' in map && typeof map.mappings === 'string' ? map.mappings : ''

/** A map of one source names it by the file alone. */
const nameSource = (map: object, name: string): object =>
  'sources' in map && Array.isArray(map.sources) && map.sources.length === 1
    ? { ...map, file: name, sources: [name] }
    : map

/** Errors of all texts an entry reaches, nearest first. */
const errorsReachedFrom = (entry: string | undefined, reached: ReadonlyMap<string, ReachedText>): SourceError[] => {
  const seen = new Set(entry === undefined ? [] : [entry])
  const errors: SourceError[] = []
  for (const id of seen) {
    const node = reached.get(id)
    if (node === undefined) continue
    errors.push(...node.errors)
    for (const next of node.imports.values()) seen.add(next)
  }
  return errors
}
