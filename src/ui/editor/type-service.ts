// What Monaco's TypeScript service knows beside the workspace's own code: the declarations the dev server supplies
// (`coppice`, packages, generated types), and the shapes of the workspace's JSON files. One fixed path each.

import type { TypeLibrary } from '../../protocol/workspace.ts'
import { assetDeclarations } from './asset-declarations.ts'
import { jsonDeclaration } from './json-declaration.ts'
import { fileUri } from './file-uri.ts'
import { monaco } from './monaco-setup.ts'

/** Owns all extra declarations of one workspace; `dispose` takes them back. */
export class TypeService {
  readonly #workspace: string
  #libraries: readonly TypeLibrary[] = []
  readonly #json = new Map<string, string>()
  #isQueued = false
  #isDisposed = false

  constructor(workspace: string) {
    this.#workspace = workspace
  }

  setLibraries(libraries: readonly TypeLibrary[]): void {
    this.#libraries = libraries
    this.#queue()
  }

  /** Lets `import data from './data.json'` have the type of its text. */
  setJson(path: string, text: string): void {
    const declaration = jsonDeclaration(text)
    if (this.#json.get(path) === declaration) return
    this.#json.set(path, declaration)
    this.#queue()
  }

  removeJson(path: string): void {
    if (this.#json.delete(path)) this.#queue()
  }

  dispose(): void {
    this.#isDisposed = true
    monaco.typescript.typescriptDefaults.setExtraLibs([])
  }

  // All at once: each change of the libraries makes the service check its files again.
  #queue(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    queueMicrotask(() => {
      this.#isQueued = false
      if (this.#isDisposed) return
      monaco.typescript.typescriptDefaults.setExtraLibs([
        { filePath: fileUri(this.#workspace, '.coppice/assets.d.ts').toString(), content: assetDeclarations },
        ...this.#libraries.map((library) => ({
          filePath: fileUri(this.#workspace, library.path).toString(),
          content: library.text,
        })),
        ...[...this.#json].map(([path, content]) => ({
          filePath: fileUri(this.#workspace, path.replace(/\.json$/, '.d.json.ts')).toString(),
          content,
        })),
      ])
    })
  }
}
