// Monaco, set up once per page: the TypeScript service as the workspace's tsconfig has it, the schema of
// engine.json, and the keys it leaves to the page. Everything in this folder that touches Monaco imports it from here.

import * as monaco from 'monaco-editor'
import { engineSchema } from './engine-schema.ts'
import { startMonacoWorker } from './monaco-workers.ts'

self.MonacoEnvironment = { getWorker: (_moduleId, label) => startMonacoWorker(label) }

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
