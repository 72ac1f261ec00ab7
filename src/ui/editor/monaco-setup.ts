// Monaco, set up once per page: its workers, the TypeScript service as the workspace's tsconfig has it, the schema of
// engine.json, and the keys it leaves to the page. Everything in this folder that touches Monaco imports it from here.

/* oxlint-disable import/default -- Vite makes the default export of a `?worker` import; no file has it. */
import * as monaco from 'monaco-editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import CssWorker from 'monaco-editor/languages/features/css/css.worker?worker'
import HtmlWorker from 'monaco-editor/languages/features/html/html.worker?worker'
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker'
import TypeScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker'
import { engineSchema } from './engine-schema.ts'

const workers: Readonly<Record<string, new () => Worker>> = {
  typescript: TypeScriptWorker,
  javascript: TypeScriptWorker,
  json: JsonWorker,
  css: CssWorker,
  scss: CssWorker,
  less: CssWorker,
  html: HtmlWorker,
}

self.MonacoEnvironment = {
  getWorker: (_moduleId, label) => new (workers[label] ?? EditorWorker)(),
}

const compilerOptions: monaco.typescript.CompilerOptions = {
  target: monaco.typescript.ScriptTarget.ESNext,
  module: monaco.typescript.ModuleKind.ESNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  strict: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: false,
  noEmit: true,
  isolatedModules: true,
  skipLibCheck: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  allowArbitraryExtensions: true,
  allowImportingTsExtensions: true,
  allowNonTsExtensions: true,
}
// `bundler` and `force` in the compiler's own numbers: Monaco's declarations stop short of them.
const newerOptions = { moduleResolution: 100, moduleDetection: 3 }

monaco.typescript.typescriptDefaults.setCompilerOptions(Object.assign(compilerOptions, newerOptions))
monaco.typescript.typescriptDefaults.setDiagnosticsOptions({ onlyVisible: true })
monaco.typescript.typescriptDefaults.setEagerModelSync(true)

monaco.json.jsonDefaults.setDiagnosticsOptions({
  validate: true,
  allowComments: true,
  trailingCommas: 'error',
  schemas: [{ uri: 'coppice://schema/engine.json', fileMatch: ['file:///*/engine.json'], schema: engineSchema }],
})

// F1 is the page's (its palette has the editor's commands too); F8, F12 and the Ctrl+K chords stay Monaco's in a text.
monaco.editor.addKeybindingRules([{ keybinding: monaco.KeyCode.F1, command: null }])

export { monaco }
