// What is wrong in a workspace comes as data with a place, and never stops the server: old code stays, the fix recovers.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProgramRevision } from '../protocol/code.ts'
import { runHeadless } from './headless-run.ts'
import { type TestFiles, type TestServer, counterModule, entryOf, makeFolder, serveFiles } from './test-server.ts'

const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const manifest = (...names: readonly string[]): string =>
  JSON.stringify({ modules: names.map((name) => ({ name, path: `${name}.ts` })) })

const serve = async (files: TestFiles): Promise<TestServer> => {
  const server = await serveFiles(files)
  servers.push(server)
  return server
}

const openWith = async (files: TestFiles): Promise<ProgramRevision> =>
  (await (await serve(files)).open()).opened.revision

describe('[ML1] code that does not compile', () => {
  it('names file, line and column of a syntax error, and the fix recovers', async () => {
    const server = await serve({
      'engine.json': manifest('a', 'b'),
      'a.ts': counterModule(1),
      'b.ts': counterModule(2),
    })
    const { page, opened } = await server.open()
    const answer = await page.request('writeFiles', [{ path: 'a.ts', text: 'const x: number = 1\nconst y = = 2\n' }])
    const { revision } = await page.next('revision')
    expect(answer.revision).toBe(revision.revision)
    expect(revision.modules).toMatchObject([
      { module: 'a', phase: 'fetch', error: { file: 'a.ts', line: 2, column: 11 } },
      { module: 'b', entry: entryOf(opened.revision, 'b') },
    ])
    expect(revision.problems).toMatchObject([
      { id: 'compile:a.ts', module: 'a', severity: 'error', file: 'a.ts', line: 2, column: 11 },
    ])
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(1) }])
    const fixed = await page.next('revision')
    expect(fixed.revision.problems).toEqual([])
    expect(entryOf(fixed.revision, 'a')).toBe(entryOf(opened.revision, 'a'))
  })

  it('refuses a circle of imports that reads a constant too early, where it is read, as the browser does', async () => {
    const folder = await makeFolder({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { twice } from './b.ts'\nexport const speed = 5\nexport { twice }"),
      'b.ts': "import { speed } from './a.ts'\n\nexport const later = () => speed\nexport const twice = speed * 2\n",
    })
    const run = (): ReturnType<typeof runHeadless> => runHeadless({ folder, frames: 2, log: () => undefined })
    await expect(run()).rejects.toThrow(/^b\.ts:4:\d+: .*Cannot access 'speed' before initialization$/)
    // Read when both have their values, a circle is none.
    await writeFile(join(folder, 'b.ts'), "import { speed } from './a.ts'\nexport const twice = () => speed * 2\n")
    expect(await run()).toMatchObject({ frames: 2, modules: ['a'] })
    await rm(folder, { recursive: true })
  })

  it('tells of an error in a shared file once, at its place, for each module that imports it', async () => {
    const shared = counterModule(1, "import { s } from './shared'; export const t = s")
    const revision = await openWith({
      'engine.json': manifest('a', 'b'),
      'a.ts': shared,
      'b.ts': shared,
      'shared.ts': 'export const s = (1',
    })
    expect(revision.modules).toMatchObject([
      { error: { file: 'shared.ts', line: 1 } },
      { error: { file: 'shared.ts' } },
    ])
    expect(revision.problems).toHaveLength(1)
  })

  it('keeps a broken module in a program without engine.json', async () => {
    const revision = await openWith({ 'a.ts': `${counterModule(1)}\nconst = ` })
    expect(revision.modules).toMatchObject([{ module: 'a', error: { file: 'a.ts', line: 6 } }])
  })

  it('says how to install a package that is not there, at its import', async () => {
    const revision = await openWith({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { x } from '@some/thing/deep'; export const y = x"),
    })
    expect(revision.problems).toMatchObject([
      { file: 'a.ts', line: 2, column: 19, message: expect.stringContaining('npm install @some/thing') },
    ])
  })

  it('takes a package of the project that serves the workspace where that has none, from the first moment', async () => {
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { createStore } from 'zustand/vanilla'; export const s = createStore(() => 0)"),
    })
    const { page, opened } = await server.open()
    expect(opened.revision.problems).toEqual([])
    expect(opened.revision.texts.some(({ file }) => file.startsWith('node_modules/'))).toBe(true)
    const libraries = await page.request('typeLibraries')
    expect(libraries.some(({ path }) => path.startsWith('node_modules/zustand/'))).toBe(true)
  })

  it('finds the package once it is installed', async () => {
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { x } from 'late-package'; export const y = x"),
      'package.json': '{}',
    })
    const { page, opened } = await server.open()
    expect(opened.revision.problems).toHaveLength(1)
    const folder = join(server.folder, 'node_modules', 'late-package')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'index.js'), 'export const x = 1')
    await writeFile(
      join(folder, 'package.json'),
      '{ "name": "late-package", "version": "1.0.0", "type": "module", "main": "index.js" }',
    )
    await writeFile(join(server.folder, 'package.json'), '{ "dependencies": { "late-package": "1.0.0" } }')
    const { revision } = await page.next('revision', (push) => push.revision.problems.length === 0)
    expect(revision.texts.some(({ file }) => file.startsWith('node_modules/'))).toBe(true)
  })

  it('explains imports of Node and of the web', async () => {
    const revision = await openWith({
      'engine.json': manifest('a'),
      'a.ts': counterModule(
        1,
        "import fs from 'node:fs'\nimport x from 'https://example.com/x.js'\nexport const both = [fs, x]",
      ),
    })
    expect(revision.problems.map(({ message, line }) => `${line} ${message}`)).toEqual([
      expect.stringContaining('2 node:fs belongs to Node.js'),
      expect.stringContaining('3 Imports from the web are not supported'),
    ])
  })

  it('names what only the whole file shows', async () => {
    const revision = await openWith({ 'engine.json': manifest('a'), 'a.ts': `${counterModule(1)}\nexport default 1\n` })
    expect(revision.problems).toMatchObject([{ file: 'a.ts', line: 6, message: 'default is exported twice.' }])
  })

  it('names the place in broken JSON', async () => {
    const revision = await openWith({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import j from './data.json'; export const d = j"),
      'data.json': '{ "a": 1,\n  "b": }',
    })
    expect(revision.problems).toMatchObject([
      { file: 'data.json', line: 2, column: 8, message: expect.stringMatching(/^this is not JSON: /) },
    ])
  })

  it('names the start of JSON that is empty', async () => {
    const revision = await openWith({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import j from './data.json'; export const d = j"),
      'data.json': '',
    })
    expect(revision.problems).toMatchObject([{ file: 'data.json', line: 1, column: 1 }])
  })

  it('files may import each other', async () => {
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { b } from './b'; export const fromA = 1; export const c = b"),
      'b.ts': "import { fromA } from './a'; export const b = () => fromA",
    })
    const { page, opened } = await server.open()
    const texts = new Map(opened.revision.texts.map((text) => [text.file, text]))
    expect(Object.values(texts.get('b.ts')?.imports ?? {})).toContain(texts.get('a.ts')?.hash)
    await page.request('writeFiles', [
      { path: 'b.ts', text: "import { fromA } from './a'; export const b = () => fromA + 1" },
    ])
    const { revision } = await page.next('revision')
    expect(revision.texts.map(({ file }) => file).toSorted()).toEqual(['a.ts', 'b.ts'])
  })
})

describe('engine.json', () => {
  const broken: readonly {
    readonly name: string
    readonly text: string
    readonly message: RegExp
    readonly line: number
    readonly column?: number
  }[] = [
    { name: 'empty', text: '', message: /is empty/, line: 1 },
    { name: 'not JSON', text: '{\n  "modules" []\n}', message: /is not JSON: a colon is missing/, line: 2, column: 13 },
    { name: 'no object', text: '[]', message: /must hold an object/, line: 1 },
    {
      name: 'an unknown strategy',
      text: '{ "modules": [\n { "name": "a", "path": "a.ts", "strategy": "magic" }] }',
      message: /^modules\[0\]\.strategy: must be "sequential" or "threaded" or "pool", not "magic"/,
      line: 2,
      column: 45,
    },
    {
      name: 'two modules of one name',
      text: '{ "modules": [{ "name": "a", "path": "a.ts" },\n{ "name": "a", "path": "b.ts" }] }',
      message: /^modules\[1\]\.name: "a" is the name of modules\[0\] too/,
      line: 2,
    },
    {
      name: 'a path that goes up',
      text: '{ "modules": [{ "name": "a", "path": "../a.ts" }] }',
      message: /lies outside the workspace/,
      line: 1,
    },
    {
      name: 'an absolute path',
      text: '{ "modules": [{ "name": "a", "path": "/etc/a.ts" }] }',
      message: /lies outside the workspace/,
      line: 1,
    },
    {
      name: 'a wrong number',
      text: '{ "targetFps": 0 }',
      message: /targetFps: must be a number from 1 to 1000, not 0/,
      line: 1,
      column: 16,
    },
    {
      name: 'hz above the frame rate',
      text: '{ "targetFps": 30, "modules": [{ "name": "a", "path": "a.ts", "hz": 60 }] }',
      message: /hz: must be a number from 0.01 to 30/,
      line: 1,
    },
    {
      name: 'a module without name',
      text: '{ "modules": [{ "path": "a.ts" }] }',
      message: /name: is missing/,
      line: 1,
    },
    { name: 'a field twice', text: '{ "seed": 1, "seed": 2 }', message: /seed: stands twice/, line: 1 },
  ]

  it.each(broken)(
    'that is bad ($name): the last good one stays in force, the problem has its place',
    async ({ text, message, line, column }) => {
      const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1), 'b.ts': counterModule(1) })
      const { page, opened } = await server.open()
      await page.request('writeFiles', [{ path: 'engine.json', text }])
      const { revision } = await page.next('revision')
      expect(revision.trigger).toBe('manifest')
      expect(revision.manifest).toEqual(opened.revision.manifest)
      expect(revision.problems).toMatchObject([
        {
          source: 'manifest',
          severity: 'error',
          file: 'engine.json',
          line,
          message: expect.stringMatching(message),
          ...(column === undefined ? {} : { column }),
        },
      ])
      await page.request('writeFiles', [{ path: 'engine.json', text: manifest('a', 'b') }])
      expect((await page.next('revision')).revision).toMatchObject({
        problems: [],
        modules: [{ module: 'a' }, { module: 'b' }],
      })
    },
  )

  it.each([
    ['bytes that are no text', Buffer.from([0, 1, 2])],
    ['UTF-16', Buffer.from(`\uFEFF${manifest('b')}`, 'utf16le')],
  ])('of %s: the last good one stays in force; it is not as if there were none', async (_name, bytes) => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1), 'b.ts': counterModule(1) })
    const { page } = await server.open()
    await writeFile(join(server.folder, 'engine.json'), bytes)
    const { revision } = await page.next('revision')
    expect(revision.modules.map(({ module }) => module)).toEqual(['a'])
    expect(revision.problems).toEqual([
      {
        id: 'manifest::error',
        source: 'manifest',
        severity: 'error',
        message: 'engine.json could not be read as text. Save it as UTF-8.',
        file: 'engine.json',
        line: 1,
        column: 1,
        consequence: 'The last good engine.json stays in force',
      },
    ])
  })

  it('a path that a URL would cut is refused, saying why', async () => {
    const path = 'what?/a.ts'
    const revision = await openWith({
      'engine.json': JSON.stringify({ modules: [{ name: 'a', path }] }),
      [path]: counterModule(1),
    })
    expect(revision.problems).toMatchObject([
      {
        file: 'engine.json',
        line: 1,
        module: 'a',
        message: expect.stringMatching(/can't have a \? in it\. Rename it/),
      },
    ])
  })

  it('that is bad at open: what can be used of it runs', async () => {
    const revision = await openWith({
      'engine.json':
        '{ "targetFps": "x", "modules": [{ "name": "a", "path": "a.ts" }, { "name": "b", "path": "b.ts", "strategy": "pond" }] }',
      'a.ts': counterModule(1),
      'b.ts': counterModule(1),
    })
    expect(revision.modules.map(({ module }) => module)).toEqual(['a'])
    expect(revision.problems).toHaveLength(2)
  })

  it('deleted: every top-level module runs', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1), 'b.ts': counterModule(1) })
    const { page } = await server.open()
    await page.request('deleteFile', 'engine.json')
    expect((await page.next('revision')).revision.modules.map(({ module }) => module)).toEqual(['a', 'b'])
  })

  it('with an unknown field is good, with a warning', async () => {
    const revision = await openWith({
      'engine.json':
        '{ "fps": 30, "modules": [{ "name": "a", "path": "./a.ts", "hz": 30, "config": { "x": [1] } }] } // comments are fine',
      'a.ts': counterModule(1),
    })
    expect(revision.problems).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('fps: is not a field Coppice knows') },
    ])
    expect(revision.manifest.modules).toEqual([
      { name: 'a', path: 'a.ts', strategy: 'sequential', hz: 30, config: { x: [1] } },
    ])
  })
})

describe('files that are no code', () => {
  const users = {
    'engine.json': manifest('a'),
    'a.ts': counterModule(
      1,
      "import i from './i.png'; import j from './j.json'; import r from './r.frag?raw'; import g from './g.wgsl'; import u from './u.bin?url'; export const all = [i, j, r, g, u]",
    ),
    'i.png': 'one',
    'j.json': '{ "n": 1 }',
    'r.frag': 'void main() {}',
    'g.wgsl': 'fn main() {}',
    'u.bin': 'one',
  }
  const changed: Readonly<Record<string, string>> = {
    'i.png': 'two',
    'j.json': '{ "n": 2 }',
    'r.frag': 'void main() { }',
    'g.wgsl': 'fn main() { }',
    'u.bin': 'two',
  }

  it.each(Object.keys(changed))('[ML3] a changed %s reloads who uses it', async (file) => {
    const server = await serve(users)
    const { page, opened } = await server.open()
    expect(opened.revision.problems).toEqual([])
    await writeFile(join(server.folder, file), changed[file] ?? '')
    const { revision } = await page.next('revision')
    expect(entryOf(revision, 'a')).not.toBe(entryOf(opened.revision, 'a'))
    expect(revision.texts.map((text) => text.file).toSorted()).toEqual(['a.ts', file].toSorted())
  })

  it('an image is served under a URL with its content hash', async () => {
    const server = await serve(users)
    const { opened } = await server.open()
    const text = opened.revision.texts.find(({ file }) => file === 'i.png')?.text ?? ''
    const url = /"(\/@fs\/[^"]+\/i\.png\?v=[0-9a-f]{32})"/.exec(text)?.[1]
    expect(await (await fetch(server.url + String(url))).text()).toBe('one')
  })
})
