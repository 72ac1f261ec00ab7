// Parts of Monaco that are used and that it ships without declarations.

declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  import type { languages } from 'monaco-editor'
  export const language: languages.IMonarchLanguage & {
    readonly keywords: readonly string[]
    readonly tokenizer: { readonly common: readonly languages.IMonarchLanguageRule[] }
  }
}

declare module 'monaco-editor/languages/features/typescript/ts.worker' {
  import type { typescript } from 'monaco-editor'

  /** What Monaco starts the worker with; of no interest here. */
  type Start = readonly unknown[]

  export class TypeScriptWorker {
    constructor(...start: Start)
    /** Paths are the models' URIs. */
    getSyntacticDiagnostics: (uri: string) => Promise<typescript.Diagnostic[]>
    getSemanticDiagnostics: (uri: string) => Promise<typescript.Diagnostic[]>
    getSuggestionDiagnostics: (uri: string) => Promise<typescript.Diagnostic[]>
    getScriptText(uri: string): Promise<string | undefined>
  }

  /** Makes the worker answer with what `create` returns, from the page's first message on. */
  export function initialize(create: (...start: Start) => TypeScriptWorker): void
}
