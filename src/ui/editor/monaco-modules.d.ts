// Parts of Monaco that are used and that it ships without declarations.

declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  import type { languages } from 'monaco-editor'
  export const language: languages.IMonarchLanguage & {
    readonly keywords: readonly string[]
    readonly tokenizer: { readonly common: readonly languages.IMonarchLanguageRule[] }
  }
}
