import { describe, expect, it } from 'vitest'
import type { CodeText, ModuleCode, ProgramRevision } from '../protocol/code.ts'
import type { ModuleChange, Receipt } from '../protocol/receipt.ts'
import { contentHash, frameNumber, timelineId } from '../protocol/values.ts'
import type { FileEntry } from '../protocol/workspace.ts'
import { CodeStore } from './code-store.ts'
import { VersionEntries } from './program-problems.ts'
import { SourceChanges } from './source-changes.ts'

const text = (hash: string, file: string, source: string, imports: readonly string[] = []): CodeText => ({
  hash: contentHash(hash),
  file,
  text: `made of ${source}`,
  map: JSON.stringify({ version: 3, sources: [file], sourcesContent: [source], mappings: '' }),
  imports: Object.fromEntries(imports.map((target) => [target, contentHash(target)])),
})

const entry = (hash: string): ModuleCode => ({ module: 'tank', entry: contentHash(hash) })
const broken: ModuleCode = { module: 'tank', error: { message: 'Unexpected token' }, phase: 'fetch' }

const revision = (number: number, code: ModuleCode, changedFiles: readonly string[]): ProgramRevision => ({
  revision: number,
  trigger: number === 1 ? 'open' : 'save',
  title: '',
  changedFiles,
  manifest: {
    targetFps: 60,
    seed: 1,
    math: 'portable',
    view: { width: 1280, height: 720, fit: 'contain' },
    modules: [{ name: 'tank', path: 'tank.ts', strategy: 'sequential', config: {} }],
  },
  modules: [code],
  texts: [],
  ms: { collect: 0, fetch: 0 },
  problems: [],
})

const receipt = (id: number, change: Omit<ModuleChange, 'name'>, from?: ProgramRevision): Receipt => ({
  id,
  modules: [{ name: 'tank', ...change }],
  moment: { timeline: timelineId(0), frame: frameNumber(1) },
  outcome: 'committed',
  title: '',
  ms: { collect: 0, fetch: 0, rehearse: 0, evaluate: 0, migrate: 0, validate: 0, commit: 0, total: 0 },
  trigger: 'save',
  changedFiles: from?.changedFiles ?? [],
  ...(from === undefined ? {} : { revision: from.revision }),
})

/** A page with these files on disk, v1 of `tank` open and v2 to come. */
const page = (disk: Record<string, string> = {}) => {
  const store = new CodeStore()
  store.add([
    text('a1', 'tank.ts', 'speed 5', ['b']),
    text('a2', 'tank.ts', 'speed 25', ['b']),
    text('b', 'map.ts', 'a map'),
    text('p', 'node_modules/three/index.js', 'a package'),
  ])
  const versions = new VersionEntries()
  const sources = new SourceChanges({ store, read: (path) => Promise.resolve(disk[path]) })
  const come = (made: Receipt, from?: ProgramRevision): Receipt => {
    versions.add(made, from)
    sources.receiptCame(made, from, versions)
    return made
  }
  const first = revision(1, entry('a1'), [])
  sources.revisionCame(first)
  come(receipt(1, { to: 1 }, first), first)
  return { sources, come }
}

describe('what a reload changed', () => {
  it('[ML11] is the text of the version before beside that of the version after', async () => {
    const { sources, come } = page()
    const second = revision(2, entry('a2'), ['tank.ts'])
    const made = come(receipt(2, { from: 1, to: 2 }, second), second)
    expect(await sources.of(made)).toEqual([{ file: 'tank.ts', before: 'speed 5', after: 'speed 25' }])
  })

  it('[ML11] of an undo is the way back, though no revision caused it', async () => {
    const { sources, come } = page()
    const second = revision(2, entry('a2'), ['tank.ts'])
    come(receipt(2, { from: 1, to: 2 }, second), second)
    const undone = come(receipt(3, { from: 2, to: 1 }))
    expect(await sources.of(undone)).toEqual([{ file: 'tank.ts', before: 'speed 25', after: 'speed 5' }])
  })

  it('[ML11] of code refused before it had a number is what was to run', async () => {
    const { sources, come } = page()
    const second = revision(2, entry('a2'), ['tank.ts'])
    const refused = come(receipt(2, { from: 1 }, second), second)
    expect(await sources.of(refused)).toEqual([{ file: 'tank.ts', before: 'speed 5', after: 'speed 25' }])
  })

  it('[ML11] of a text that does not compile is read from disk as its revision comes', async () => {
    const disk: Record<string, string> = { 'tank.ts': 'speed = = 25' }
    const { sources, come } = page(disk)
    const second = revision(2, broken, ['tank.ts'])
    sources.revisionCame(second)
    const refused = come(receipt(2, { from: 1 }, second), second)
    await sources.of(refused)
    disk['tank.ts'] = 'a later text'
    expect(await sources.of(refused)).toEqual([{ file: 'tank.ts', before: 'speed 5', after: 'speed = = 25' }])
  })

  it('[ML11] of engine.json is known from its first change on', async () => {
    const disk: Record<string, string> = { 'engine.json': '{"seed":1}' }
    const { sources, come } = page(disk)
    const files: readonly FileEntry[] = [
      { path: 'engine.json', kind: 'file', size: 10 },
      { path: '.coppice/types.json', kind: 'file', size: 10 },
    ]
    sources.open(files)
    // What is read at opening has been read before anything changes.
    await sources.of(come(receipt(9, { from: 1, to: 1 })))
    disk['engine.json'] = '{"seed":2}'
    const second = revision(2, entry('a1'), ['engine.json'])
    sources.revisionCame(second)
    const made = come(receipt(2, { from: 1, to: 1 }, second), second)
    expect(await sources.of(made)).toEqual([{ file: 'engine.json', before: '{"seed":1}', after: '{"seed":2}' }])
  })

  it('[ML11] of a module that is new is its file alone', async () => {
    const { sources, come } = page()
    const second = revision(2, { module: 'tank', entry: contentHash('a2') }, ['tank.ts'])
    const made = come(receipt(2, { to: 2 }, second), second)
    expect(await sources.of(made)).toEqual([{ file: 'tank.ts', before: undefined, after: 'speed 25' }])
  })

  it('is empty where the reload is not known', async () => {
    const { sources } = page()
    expect(await sources.of(receipt(77, { from: 1, to: 2 }))).toEqual([])
  })
})
