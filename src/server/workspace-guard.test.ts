// WS1, WS2, WS5 over a real server: what must not be read or written, saves that lose nothing, and pages that do not
// disturb each other.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { hashOf } from './content-hash.ts'
import {
  type TestFiles,
  type TestServer,
  counterModule,
  entryOf,
  makeFolder,
  serveFiles,
  serveFolder,
} from './test-server.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const manifest = (...names: readonly string[]): string =>
  JSON.stringify({ modules: names.map((name) => ({ name, path: `${name}.ts` })) })

const serve = async (files: TestFiles): Promise<TestServer> => {
  const server = await serveFiles(files)
  cleanups.push(() => server.close())
  return server
}

const program = { 'engine.json': manifest('a'), 'a.ts': counterModule(1) }

describe('[WS1] nothing outside the workspace', () => {
  const outsidePaths = [
    '../secret.txt',
    'x/../../secret.txt',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    '..\\secret.txt',
    'link.txt',
    'linked/secret.txt',
    'dangling.txt',
    'dangling/new.txt',
  ]

  it.each(outsidePaths)('%s is neither read, written, created, renamed to, nor copied to', async (path) => {
    const outside = await makeFolder({ 'secret.txt': 'secret' })
    const server = await serve(program)
    cleanups.push(() => rm(outside, { recursive: true }))
    await symlink(join(outside, 'secret.txt'), join(server.folder, 'link.txt'))
    await symlink(outside, join(server.folder, 'linked'))
    await symlink(join(outside, 'gone'), join(server.folder, 'dangling'))
    await symlink(join(outside, 'new.txt'), join(server.folder, 'dangling.txt'))
    const { page } = await server.open()
    const refused = { code: expect.stringMatching(/^(outside-workspace|file-exists)$/) }
    await expect(page.request('readFile', path)).rejects.toMatchObject({ code: 'outside-workspace' })
    await expect(
      page.request('writeFiles', [
        { path: 'a.ts', text: 'changed' },
        { path, text: 'stolen' },
      ]),
    ).rejects.toMatchObject({ code: 'outside-workspace' })
    await expect(page.request('writeFiles', [{ path, text: 'stolen' }], { persist: false })).rejects.toMatchObject({
      code: 'outside-workspace',
    })
    await expect(page.request('createFile', path, 'stolen')).rejects.toMatchObject(refused)
    await expect(page.request('renameFile', 'a.ts', path)).rejects.toMatchObject(refused)
    await expect(page.request('duplicateFile', 'a.ts', path)).rejects.toMatchObject(refused)
    await expect(
      page.request('loadModule', { name: 'x', path, strategy: 'sequential', config: {} }),
    ).rejects.toMatchObject({ code: 'outside-workspace' })
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret')
    expect(existsSync(join(outside, 'new.txt'))).toBe(false)
    expect(existsSync(join(outside, 'gone'))).toBe(false)
    expect(readFileSync(join(server.folder, 'a.ts'), 'utf8')).toBe(counterModule(1))
  })

  it.each([
    '',
    '.',
    './a.ts',
    'x//y.ts',
    'a\u0000.ts',
    '.git/hooks/pre-commit',
    'node_modules/x/index.js',
    '.coppice/types.d.ts',
  ])('%j is no path of a file', async (path) => {
    const { page } = await (await serve(program)).open()
    await expect(page.request('writeFiles', [{ path, text: 'x' }])).rejects.toMatchObject({ code: 'invalid-path' })
  })

  it('deleting a link leaves what it leads to', async () => {
    const outside = await makeFolder({ 'secret.txt': 'secret' })
    cleanups.push(() => rm(outside, { recursive: true }))
    const server = await serve(program)
    await symlink(outside, join(server.folder, 'linked'))
    const { page, opened } = await server.open()
    expect(opened.files.map(({ path }) => path)).not.toContain('linked/secret.txt')
    await page.request('deleteFile', 'linked')
    expect(existsSync(join(outside, 'secret.txt'))).toBe(true)
    expect(existsSync(join(server.folder, 'linked'))).toBe(false)
  })

  it('links within the workspace work', async () => {
    const server = await serve(program)
    await mkdir(join(server.folder, 'lib'))
    await symlink(join(server.folder, 'a.ts'), join(server.folder, 'lib', 'same.ts'))
    const { page } = await server.open()
    await page.request('writeFiles', [{ path: 'lib/same.ts', text: counterModule(2) }])
    expect(readFileSync(join(server.folder, 'a.ts'), 'utf8')).toBe(counterModule(2))
  })

  it('code imports files of the workspace and packages, no others', async () => {
    const outside = await makeFolder({ 'lib.ts': 'export const x = 1', 'linked.ts': 'export const x = 1' })
    cleanups.push(() => rm(outside, { recursive: true }))
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(
        1,
        `import { x } from '${outside}/lib.ts'\nimport t from './link.ts?raw'; export const y = [x, t]`,
      ),
    })
    await symlink(join(outside, 'linked.ts'), join(server.folder, 'link.ts'))
    const { opened } = await server.open()
    expect(opened.revision.problems).toMatchObject([
      { file: 'a.ts', line: 2, message: expect.stringContaining('outside the workspace') },
      { file: 'a.ts', line: 3, message: expect.stringContaining('outside the workspace') },
    ])
    expect(opened.revision.texts.some(({ text }) => text.includes('const x = 1'))).toBe(false)
  })

  it('a module whose file is a link that leads out does not run', async () => {
    const outside = await makeFolder({ 'b.ts': counterModule(9) })
    cleanups.push(() => rm(outside, { recursive: true }))
    const server = await serve({ ...program, 'engine.json': manifest('a', 'b') })
    await symlink(join(outside, 'b.ts'), join(server.folder, 'b.ts'))
    const { opened } = await server.open()
    expect(opened.revision.modules).toMatchObject([
      { module: 'a' },
      { module: 'b', phase: 'collect', error: { file: 'engine.json' } },
    ])
  })

  it('files beside the workspace are not served', async () => {
    const outside = await makeFolder({ 'secret.txt': 'secret' })
    cleanups.push(() => rm(outside, { recursive: true }))
    const server = await serve(program)
    await symlink(join(outside, 'secret.txt'), join(server.folder, 'link.txt'))
    const read = async (path: string): Promise<string> => (await fetch(`${server.url}/@fs${path}`)).text()
    expect(await read(join(outside, 'secret.txt'))).not.toContain('secret\n')
    expect(await read(join(outside, 'secret.txt'))).not.toBe('secret')
    expect(await read(`${server.folder}/../${outside.split('/').at(-1)}/secret.txt`)).not.toBe('secret')
    expect(await read(join(server.folder, 'link.txt'))).not.toBe('secret')
    expect(await read(join(server.folder, 'link.txt?raw'))).not.toContain('secret"')
    expect(await read(join(server.folder, 'a.ts'))).toContain('count')
  })
})

describe('[WS1] requests of other origins', () => {
  it.each([
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ['another site', { origin: 'https://example.com' }],
    ['an opaque origin', { origin: 'null' }],
  ])('%s: refused even with the token', async (_name, options) => {
    const server = await serve(program)
    const page = await server.connect(options)
    await page.closed
    expect(page.pushes).toEqual([])
  })

  it('a page without the token, or by another host name, does not even connect', async () => {
    const server = await serve(program)
    await expect(server.connect({ token: 'wrong' })).rejects.toThrow('refused')
    await expect(server.connect({ host: 'evil.example', origin: 'http://evil.example' })).rejects.toThrow('refused')
  })

  it('a program of this machine, without an origin, is served', async () => {
    const page = await (await serve(program)).connect({ origin: '' })
    expect((await page.request('open', undefined, [])).isEmpty).toBe(false)
  })

  it('plain requests of another origin get no file', async () => {
    const server = await serve(program)
    const status = await new Promise((resolve, reject) => {
      request(`${server.url}/@fs${server.folder}/a.ts`, { headers: { origin: 'http://localhost:1' } }, (response) =>
        resolve(response.statusCode),
      )
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})

describe('[WS2] saves', () => {
  it('fail where the file changed on disk since it was read, with both texts; nothing is written', async () => {
    const server = await serve({ ...program, 'b.ts': 'old b' })
    const { page } = await server.open()
    const read = await page.request('readFile', 'a.ts')
    await writeFile(join(server.folder, 'a.ts'), counterModule(3))
    const edits = [
      { path: 'b.ts', text: 'new b' },
      { path: 'a.ts', text: counterModule(4), base: read.hash },
    ]
    await expect(page.request('writeFiles', edits)).rejects.toMatchObject({
      code: 'file-conflict',
      details: {
        path: 'a.ts',
        yours: counterModule(4),
        onDisk: counterModule(3),
        onDiskHash: hashOf(counterModule(3)),
      },
    })
    expect(readFileSync(join(server.folder, 'b.ts'), 'utf8')).toBe('old b')
    await rm(join(server.folder, 'a.ts'))
    await expect(page.request('writeFiles', edits)).rejects.toMatchObject({
      code: 'file-conflict',
      details: { onDisk: '' },
    })
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(4) }])
    expect(readFileSync(join(server.folder, 'a.ts'), 'utf8')).toBe(counterModule(4))
  })

  it('keep the mode of the file, leave no temporary one, and are all undone where one fails', async () => {
    const server = await serve({ ...program, 'run.sh': '#!/bin/sh', file: 'x' })
    await chmod(join(server.folder, 'run.sh'), 0o755)
    const { page } = await server.open()
    await page.request('writeFiles', [{ path: 'run.sh', text: '#!/bin/bash' }])
    expect(statSync(join(server.folder, 'run.sh')).mode & 0o777).toBe(0o755)
    await expect(
      page.request('writeFiles', [
        { path: 'run.sh', text: 'broken' },
        { path: 'file/under.txt', text: 'x' },
      ]),
    ).rejects.toMatchObject({ code: 'io' })
    expect(readFileSync(join(server.folder, 'run.sh'), 'utf8')).toBe('#!/bin/bash')
    expect((await page.request('listFiles')).map(({ path }) => path)).toEqual(['a.ts', 'engine.json', 'file', 'run.sh'])
  })

  it('of a text that only runs: [WS4] the file stays as it is, until it is saved', async () => {
    const server = await serve(program)
    const { page, opened } = await server.open()
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(2) }], { persist: false })
    const laid = await page.next('revision')
    expect(laid.revision.title).toBe('by 1 → 2')
    expect(readFileSync(join(server.folder, 'a.ts'), 'utf8')).toBe(counterModule(1))
    expect(await page.request('readFile', 'a.ts')).toMatchObject({ text: counterModule(1) })
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(1) }])
    const back = await page.next('revision')
    expect(entryOf(back.revision, 'a')).toBe(entryOf(opened.revision, 'a'))
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(2) }], { persist: false })
    await writeFile(join(server.folder, 'a.ts'), counterModule(3))
    expect(
      (await page.next('revision', ({ revision }) => revision.trigger === 'disk')).revision.texts.find(
        ({ file }) => file === 'a.ts',
      )?.text,
    ).toContain('by = 3')
  })
})

describe('files', () => {
  it('big and binary ones are told of, not opened', async () => {
    const server = await serve({
      ...program,
      'big.txt': 'x'.repeat(5_000_000),
      'image.png': new Uint8Array([137, 80, 0, 1]),
      'latin.txt': new Uint8Array([228, 246]),
    })
    const { page } = await server.open()
    expect(await page.request('readFile', 'big.txt')).toMatchObject({ kind: 'too-large', size: 5_000_000 })
    expect(await page.request('readFile', 'image.png')).toMatchObject({ kind: 'binary', size: 4 })
    expect(await page.request('readFile', 'latin.txt')).toMatchObject({ kind: 'binary' })
    await expect(page.request('readFile', 'none.txt')).rejects.toMatchObject({ code: 'file-not-found' })
  })

  it('a renamed module keeps its name in engine.json, in one revision; duplicate, delete and exists', async () => {
    const server = await serve(program)
    const { page } = await server.open()
    await page.request('renameFile', 'a.ts', 'lib/b.ts')
    const { revision } = await page.next('revision')
    expect(revision).toMatchObject({ problems: [], manifest: { modules: [{ name: 'a', path: 'lib/b.ts' }] } })
    await page.request('duplicateFile', 'lib', 'copy')
    await expect(page.request('createFile', 'copy/b.ts', '')).rejects.toMatchObject({ code: 'file-exists' })
    await expect(page.request('renameFile', 'copy', 'lib')).rejects.toMatchObject({ code: 'file-exists' })
    await expect(page.request('duplicateFile', 'lib', 'lib/inner')).rejects.toMatchObject({ code: 'invalid-argument' })
    await page.request('deleteFile', 'lib')
    expect((await page.next('revision')).revision.modules).toMatchObject([{ module: 'a', phase: 'collect' }])
    expect((await page.request('listFiles')).map(({ path }) => path)).toEqual(['copy', 'copy/b.ts', 'engine.json'])
  })

  it('modules are added to engine.json with their file, or laid over it', async () => {
    const server = await serve({
      ...program,
      'engine.json': '{\n  // mine\n  "modules": [{ "name": "a", "path": "a.ts" }]\n}\n',
    })
    const { page } = await server.open()
    await page.request('addModule', { name: 'b', path: 'b.ts', strategy: 'sequential', config: {} })
    expect((await page.next('revision')).revision.modules.map(({ module }) => module)).toEqual(['a', 'b'])
    expect(readFileSync(join(server.folder, 'engine.json'), 'utf8')).toContain('// mine')
    await page.request('loadModule', { name: 'c', path: 'b.ts', strategy: 'sequential', config: { x: 1 } })
    expect((await page.next('revision')).revision).toMatchObject({
      trigger: 'command',
      manifest: { modules: [{}, {}, { name: 'c', config: { x: 1 } }] },
    })
    expect(readFileSync(join(server.folder, 'engine.json'), 'utf8')).not.toContain('"c"')
    await page.request('loadModule', { name: 'd', path: 'b.ts', strategy: 'pool', config: {} })
    expect((await page.next('revision')).revision.manifest.modules.at(-1)).toMatchObject({ strategy: 'pool' })
    // Asked for again, it may have been taken out of the program: a revision comes all the same.
    await page.request('loadModule', { name: 'd', path: 'b.ts', strategy: 'pool', config: {} })
    expect((await page.next('revision')).revision).toMatchObject({ asked: 'd', trigger: 'command' })
  })

  it('Monaco gets our declarations and those of the packages that are imported', async () => {
    const server = await serve({
      ...program,
      'b.ts': "import { x } from 'typed'",
      'node_modules/typed/package.json': '{ "name": "typed", "types": "./d/main.d.ts" }',
      'node_modules/typed/d/main.d.ts': "export * from './x.js'",
      'node_modules/typed/d/x.d.ts': 'export const x: number',
    })
    const { page } = await server.open()
    const libraries = new Map((await page.request('typeLibraries')).map(({ path, text }) => [path, text]))
    expect([...libraries.keys()]).toEqual(
      expect.arrayContaining([
        'node_modules/coppice/index.ts',
        'node_modules/coppice/protocol/module.ts',
        '.coppice/types.d.ts',
        'node_modules/typed/package.json',
        'node_modules/typed/d/main.d.ts',
        'node_modules/typed/d/x.d.ts',
      ]),
    )
    expect(libraries.get('.coppice/types.d.ts')).toContain('"a": ExposedBy<typeof import("../a.ts").default>')
    expect(libraries.get('node_modules/coppice/index.ts')).not.toContain('../protocol')
    expect(readFileSync(join(server.folder, '.coppice/types.d.ts'), 'utf8')).toBe(libraries.get('.coppice/types.d.ts'))
  })
})

describe('[WS5] pages on one server', () => {
  it('hear of the workspace they opened, and of no other', async () => {
    const server = await serve({
      'one/engine.json': manifest('a'),
      'one/a.ts': counterModule(1),
      'two/engine.json': manifest('a'),
      'two/a.ts': counterModule(1),
    })
    const first = await server.open('one')
    const second = await server.open('two')
    const alsoFirst = await server.open('one')
    expect(first.opened.workspaces).toEqual(['one', 'two'])
    await first.page.request('writeFiles', [{ path: 'a.ts', text: counterModule(2) }], { writeId: 'mine' })
    expect((await alsoFirst.page.next('revision')).revision.title).toBe('by 1 → 2')
    expect((await alsoFirst.page.next('files-changed')).writeId).toBe('mine')
    await writeFile(join(server.folder, 'two', 'a.ts'), counterModule(3))
    expect((await second.page.next('revision')).revision).toMatchObject({ revision: 2, title: 'by 1 → 3' })
    expect(second.page.pushes.filter(({ type }) => type === 'revision')).toHaveLength(1)
    expect(first.page.pushes.filter(({ type }) => type === 'revision')).toHaveLength(1)
    await expect(first.page.request('open', 'three', [])).rejects.toMatchObject({ code: 'unknown-workspace' })
  })

  it('[LK1] every request gets one answer, unknown and malformed ones an error with a code', async () => {
    const server = await serve(program)
    const page = await server.connect()
    await expect(page.request('listFiles')).rejects.toMatchObject({ code: 'unknown-workspace' })
    await expect(page.requestAnything('nonsense', [])).rejects.toMatchObject({ code: 'unknown-command' })
    await expect(page.requestAnything('toString', [])).rejects.toMatchObject({ code: 'unknown-command' })
    await page.request('open', undefined, [])
    await expect(page.requestAnything('writeFiles', [{}])).rejects.toMatchObject({ code: 'malformed-command' })
    await expect(page.requestAnything('writeFiles', [[{ path: 1, text: '' }]])).rejects.toMatchObject({
      code: 'malformed-command',
    })
    await expect(page.requestAnything('readFile', [])).rejects.toMatchObject({ code: 'malformed-command' })
  })

  it('find the same texts after the server was started again', async () => {
    const folder = await makeFolder(program)
    cleanups.push(() => rm(folder, { recursive: true }))
    const before = await serveFolder(folder)
    const first = await before.open()
    await before.close()
    await first.page.closed
    const after = await serveFolder(folder)
    cleanups.push(() => after.close())
    const again = await after.open(
      undefined,
      first.opened.revision.texts.map(({ hash }) => hash),
    )
    expect(again.opened.serverId).not.toBe(first.opened.serverId)
    expect(again.opened.revision.modules).toEqual(first.opened.revision.modules)
    expect(again.opened.revision.texts).toEqual([])
  })
})
