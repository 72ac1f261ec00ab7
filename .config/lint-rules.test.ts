// Each lint rule of this project is shown to fire where it should and nowhere else: a wrong glob would pass in silence.
// Files that break one rule each are laid into a copy of the configuration, and one run of oxlint judges them all.

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Case {
  readonly file: string
  readonly text: string
  /** Codes of the rules that must report it, in any order; empty where the file is right. */
  readonly expected: readonly string[]
}

const layers = 'coppice(layers)'
const importing = (file: string, specifier: string, ...expected: string[]): Case => ({
  file,
  text: `import { thing } from '${specifier}'\nexport const copy: unknown = thing\n`,
  expected,
})
const breaking = (file: string, text: string, ...expected: string[]): Case => ({ file, text: `${text}\n`, expected })
const bannedInEngine = (
  'Date performance setTimeout setInterval setImmediate clearTimeout clearInterval requestAnimationFrame queueMicrotask ' +
  'console crypto Intl fetch WebSocket Worker postMessage document window navigator location localStorage indexedDB self ' +
  'globalThis process Buffer'
).split(' ')

const cases: readonly Case[] = [
  importing('src/protocol/reads-engine.ts', '../engine/thing.ts', layers),
  importing('src/protocol/reads-package.ts', 'react', layers),
  breaking('src/client/passes-all.ts', "export * from './thing.ts'\nexport const one = 1", 'coppice(no-barrel)'),
  importing('src/protocol/reads-own.ts', './thing.ts'),
  importing('src/engine/reads-protocol.ts', '../protocol/thing.ts'),
  importing('src/engine/reads-worker.ts', '../worker/thing.ts', layers),
  importing('src/engine/deeper/reads-worker.ts', '../../worker/thing.ts', layers),
  importing('src/engine/reads-node.ts', 'node:fs', layers),
  importing('src/engine/reads-stdlib.ts', '@stdlib/math-base-special-sin'),
  importing('src/engine/reads-outside.ts', '../../e2e/thing.ts', layers),
  importing('src/debugger/reads-protocol.ts', '../protocol/thing.ts'),
  importing('src/debugger/reads-engine.ts', '../engine/thing.ts', layers),
  importing('src/worker/reads-engine.ts', '../engine/thing.ts'),
  importing('src/worker/reads-debugger.ts', '../debugger/thing.ts'),
  importing('src/worker/reads-client.ts', '../client/thing.ts', layers),
  importing('src/worker/reads-node.ts', 'node:fs', layers),
  importing('src/server/reads-node.ts', 'node:fs'),
  importing('src/server/reads-engine.ts', '../engine/thing.ts', layers),
  importing('src/server/headless.ts', '../engine/thing.ts'),
  importing('src/server/headless-loads.ts', '../worker/code-loader.ts'),
  importing('src/server/headless-clock.ts', '../worker/thing.ts', layers),
  importing('src/client/reads-protocol.ts', '../protocol/thing.ts'),
  importing('src/client/reads-engine.ts', '../engine/thing.ts', layers),
  importing('src/client/reads-server.ts', '../server/thing.ts', layers),
  importing('src/ui/reads-client.ts', '../client/thing.ts'),
  importing('src/ui/panels/log/reads-client.ts', '../../../client/thing.ts'),
  importing('src/ui/panels/log/reads-engine.ts', '../../../engine/thing.ts', layers),
  importing('src/ui/panels/log/reads-files.ts', '../files/thing.ts', layers),
  importing('src/ui/panels/log/reads-own.ts', './thing.ts'),
  importing('src/ui/panels/log/reads-widget.ts', '../../widgets/thing.ts'),
  importing('src/ui/editor/reads-monaco.ts', 'monaco-editor'),
  importing('src/ui/panels/log/reads-monaco.ts', 'monaco-editor', layers),
  importing('src/ui/reads-monaco-worker.ts', 'monaco-editor/editor/editor.worker?worker', layers),
  importing('src/client/reads-monaco.ts', 'monaco-editor', layers),
  importing('src/authoring/reads-protocol.ts', '../protocol/thing.ts'),
  importing('src/authoring/reads-engine.ts', '../engine/thing.ts', layers),
  importing('src/authoring/test.ts', '../engine/thing.ts'),
  importing('src/examples/tanks/reads-coppice.ts', 'coppice'),
  importing('src/examples/tanks/reads-package.ts', 'three'),
  importing('src/examples/tanks/reads-own.ts', './thing.ts'),
  importing('src/examples/tanks/reads-other.ts', '../boids/thing.ts', layers),
  importing('src/examples/tanks/reads-engine.ts', '../../engine/thing.ts', layers),
  importing('src/client/reads-coppice.ts', 'coppice', layers),
  importing('src/client/link.test.ts', '../engine/thing.ts'),
  breaking(
    'src/client/reads-later.ts',
    "export const later = (): Promise<unknown> => import('../engine/thing.ts')",
    layers,
  ),
  breaking('src/client/hands-on.ts', "export { thing } from '../engine/thing.ts'", layers, 'coppice(no-barrel)'),
  breaking(
    'src/client/names-type.ts',
    "export type Thing = import('../engine/thing.ts').Thing",
    layers,
    'typescript(consistent-type-imports)',
  ),
  breaking('src/client/starts.ts', "export const url = new URL('../engine/thing.ts', import.meta.url)", layers),
  ...bannedInEngine.map((name) =>
    breaking(
      `src/engine/uses-${name.toLowerCase()}.ts`,
      `export const used: unknown = ${name}`,
      'eslint(no-restricted-globals)',
    ),
  ),
  breaking('src/engine/uses-random.ts', 'export const roll = Math.random()', 'eslint(no-restricted-properties)'),
  breaking('src/worker/uses-clock.ts', 'export const now = performance.now()'),
  breaking('src/client/any.ts', 'export const loose = (value: any): unknown => value', 'typescript(no-explicit-any)'),
  breaking(
    'src/client/non-null.ts',
    'export const sure = (text?: string): string => text!',
    'typescript(no-non-null-assertion)',
  ),
  breaking(
    'src/client/cast.ts',
    'export const cast = (value: unknown): string => value as string',
    'typescript(no-unsafe-type-assertion)',
  ),
  breaking(
    'src/client/parse.ts',
    'export const parse = (text: string): string => JSON.parse(text)',
    'typescript(no-unsafe-return)',
  ),
  breaking('src/client/default.ts', 'export default 1', 'import(no-default-export)'),
  breaking('src/examples/tanks/module.ts', 'export default 1'),
  breaking(
    'src/client/partial-switch.ts',
    "export function size(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1\n  }\n  return 0\n}",
    'typescript(switch-exhaustiveness-check)',
  ),
  breaking(
    'src/client/floating.ts',
    'export function go(work: () => Promise<void>): void {\n  work()\n}',
    'typescript(no-floating-promises)',
  ),
  breaking('src/client/throws.ts', "export function go(): void {\n  throw 'text'\n}", 'typescript(only-throw-error)'),
  breaking(
    'src/client/evaluates.ts',
    "export const made: unknown = new Function('return 1')",
    'eslint(no-new-func)',
    'typescript(no-implied-eval)',
  ),
  breaking('src/client/long.ts', 'export const one = 1\n'.concat('// line\n'.repeat(420)), 'eslint(max-lines)'),
  ...['utils', 'path-helpers', 'session-manager', 'misc', 'common'].map((name) =>
    breaking(`src/client/${name}.ts`, 'export const one = 1', 'coppice(file-name)'),
  ),
  breaking('src/client/index.ts', 'export const one = 1', 'coppice(file-name)'),
  breaking('src/authoring/index.ts', 'export const one = 1'),
  breaking('src/client/TwoWords.ts', 'export const one = 1', 'unicorn(filename-case)'),
  breaking('src/client/inherits.ts', 'class Base {}\nexport class Derived extends Base {}', 'coppice(no-inheritance)'),
  breaking('src/client/fails.ts', 'export class Failure extends Error {}'),
  breaking(
    'src/client/counter.ts',
    'export let count = 0\nexport const climb = () => {\n  count += 1\n}',
    'coppice(no-module-state)',
  ),
]

/** Breaks the header rule, which every other case obeys. */
const headless: Case = {
  file: 'src/client/no-header.ts',
  text: 'export const one = 1\n',
  expected: ['coppice(header-comment)'],
}

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

const isDiagnostic = (value: unknown): value is Diagnostic =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'filename' in value &&
  typeof value.filename === 'string'

function readDiagnostics(json: string): readonly Diagnostic[] {
  const report: unknown = JSON.parse(json)
  if (
    typeof report !== 'object' ||
    report === null ||
    !('diagnostics' in report) ||
    !Array.isArray(report.diagnostics)
  ) {
    throw new Error(`oxlint did not answer in JSON: ${json.slice(0, 500)}`)
  }
  return report.diagnostics.filter(isDiagnostic)
}

/** Exits with 1 when it finds something, which is no failure here. */
const runOxlint = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const bin = path.join(root, 'node_modules/oxlint/bin/oxlint')
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [bin, '--format', 'json', 'src'], options, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(new Error(`oxlint failed: ${stdout}${stderr}`, { cause: error }))
    })
  })

describe('lint rules', () => {
  let folder: string
  const found = new Map<string, Set<string>>()

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'coppice-lint-'))
    await cp(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'))
    await cp(path.join(root, 'tsconfig.json'), path.join(folder, 'tsconfig.json'))
    await cp(path.join(root, '.config/lint'), path.join(folder, '.config/lint'), { recursive: true })
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    for (const { file, text, expected } of [...cases, headless]) {
      const target = path.join(folder, file)
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, expected.includes('coppice(header-comment)') ? text : `// What it owns.\n${text}`)
    }
    for (const { code, filename } of readDiagnostics(await runOxlint(folder))) {
      found.set(filename, (found.get(filename) ?? new Set()).add(code))
    }
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each([...cases, headless])('$file: $expected', ({ file, expected }) => {
    expect([...(found.get(file) ?? [])].toSorted()).toEqual([...expected].toSorted())
  })
})
