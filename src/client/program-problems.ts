// What is wrong now, from all sides: the server's (manifest, compilation), the engine's (load, run), the page's own.
// And which files' saved text is not the code that runs.

import type { ProgramRevision } from '../protocol/code.ts'
import type { Problem } from '../protocol/problem.ts'
import type { ModuleInfo } from '../protocol/program.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { CodeStore } from './code-store.ts'

/** The engine's word on a problem both know goes first: it says which code runs on. Ids stay unique. */
export const mergeProblems = (...lists: readonly (readonly Problem[])[]): readonly Problem[] => {
  const byId = new Map<string, Problem>()
  for (const problem of lists.flat()) if (!byId.has(problem.id)) byId.set(problem.id, problem)
  return [...byId.values()]
}

/** The revision's problems; of code that does not compile, or is not there, it is said which versions run on meanwhile. */
export const problemsOfRevision = (revision: ProgramRevision, modules: readonly ModuleInfo[]): readonly Problem[] =>
  revision.problems.map((problem) => {
    const isOfCode = problem.source === 'compile' || problem.source === 'file'
    if (!isOfCode || problem.consequence !== undefined) return problem
    const running = revision.modules.flatMap((code) => {
      const isStopped = 'error' in code && code.error.file === problem.file && code.error.message === problem.message
      const module = modules.find((candidate) => candidate.name === code.module)
      return isStopped && module !== undefined && module.version > 0 ? [`${module.name} v${module.version}`] : []
    })
    if (running.length === 0) return problem
    return { ...problem, consequence: `${running.join(', ')} ${running.length === 1 ? 'runs' : 'run'} on` }
  })

/** Which entry each version of each module was made from, learnt from receipts and the revisions they name. */
export class VersionEntries {
  readonly #entries = new Map<string, ContentHash>()

  /** `revision` is the one the receipt names. An undo's version is that of the version it brings back. */
  add(receipt: Receipt, revision: ProgramRevision | undefined): void {
    for (const { name, to } of receipt.modules) {
      if (to === undefined) continue
      const code = revision?.modules.find((candidate) => candidate.module === name)
      if (code !== undefined && 'entry' in code) this.#entries.set(key(name, to), code.entry)
    }
  }

  of(module: string, version: number): ContentHash | undefined {
    return this.#entries.get(key(module, version))
  }
}

const key = (module: string, version: number): string => `${version} ${module}`

/** Modules whose code is not what their files say, and the files whose text is not what runs; both in order of the modules. */
export interface DifferingCode {
  readonly modules: readonly string[]
  readonly paths: readonly string[]
}

/** What of `revision` does not run. */
export const differingCode = (
  revision: ProgramRevision,
  modules: readonly ModuleInfo[],
  versions: VersionEntries,
  store: CodeStore,
): DifferingCode => {
  const names: string[] = []
  const paths = new Set<string>()
  for (const code of revision.modules) {
    const path = revision.manifest.modules.find((entry) => entry.name === code.module)?.path
    if ('error' in code) {
      const differing = code.error.file ?? path
      if (differing !== undefined) paths.add(differing)
      names.push(code.module)
      continue
    }
    const module = modules.find((candidate) => candidate.name === code.module)
    const running = module === undefined ? undefined : versions.of(module.name, module.version)
    if (running === code.entry) continue
    names.push(code.module)
    const before = new Map((running === undefined ? [] : store.reach(running)).map((text) => [text.file, text.text]))
    // Where the running version's texts are not known, its entry is all that can be named.
    const changed = store.reach(code.entry).filter((text) => before.get(text.file) !== text.text)
    const files = running === undefined ? [path] : changed.map((text) => text.file)
    for (const file of files) if (file !== undefined && !file.includes('node_modules/')) paths.add(file)
  }
  return { modules: names, paths: [...paths] }
}
