// The server's part of the live loop, over a real Vite server, real files and a real websocket.

import { writeFileSync } from 'node:fs'
import { rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestFiles, type TestServer, counterModule, entryOf, serveFiles } from './test-server.ts'

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

describe('open', () => {
  it('[ML3] gives manifest, code and every text it reaches', async () => {
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { b } from './b'; export const c = b"),
      'b.ts': 'export const b: number = 2 ** 3',
    })
    const { opened } = await server.open()
    expect(opened.files.map(({ path }) => path)).toEqual(['a.ts', 'b.ts', 'engine.json'])
    expect(opened.revision).toMatchObject({
      revision: 1,
      trigger: 'open',
      problems: [],
      manifest: { targetFps: 60, seed: 1 },
    })
    const files = new Map(opened.revision.texts.map((text) => [text.hash, text]))
    const entry = files.get(entryOf(opened.revision, 'a'))
    expect(entry?.file).toBe('a.ts')
    expect(JSON.parse(entry?.map ?? '{}')).toMatchObject({ sources: ['a.ts'] })
    const imported = Object.values(entry?.imports ?? {}).map((hash) => files.get(hash))
    expect(imported.map((text) => String(text?.file)).toSorted()).toEqual([
      'b.ts',
      'node_modules/coppice/src/authoring/index.ts',
    ])
    expect(imported.find((text) => text?.file === 'b.ts')?.text).toContain('__coppice_pow__(2 , 3)')
  })

  it('sends texts the page has not got only', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1) })
    const first = await server.open()
    const second = await server.open(
      undefined,
      first.opened.revision.texts.map(({ hash }) => hash),
    )
    expect(second.opened.revision.texts).toEqual([])
    const hashes = first.opened.revision.texts.map(({ hash }) => hash)
    expect(await second.page.request('texts', hashes)).toHaveLength(hashes.length)
  })

  it('runs every top-level module where there is no engine.json', async () => {
    const server = await serve({
      'b.ts': counterModule(1),
      'a.js': counterModule(1),
      'lib.ts': 'export default 1',
      'x/c.ts': counterModule(1),
    })
    const { opened } = await server.open()
    expect(opened.revision.manifest.modules.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(opened.isEmpty).toBe(false)
  })

  it('offers a first module in an empty folder', async () => {
    const server = await serve({})
    const { page, opened } = await server.open()
    expect(opened.isEmpty).toBe(true)
    await page.request('createFirstModule')
    const { revision } = await page.next('revision')
    expect(revision.modules).toEqual([{ module: 'main', entry: entryOf(revision, 'main') }])
    expect(revision.problems).toEqual([])
  })
})

describe('[ML2] save', () => {
  it('leads to one revision at once, named in the answer, titled by the edit; the echo leads to none', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5) })
    const { page, opened } = await server.open()
    const answer = await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(25) }], { writeId: 'w1' })
    const { revision } = await page.next('revision')
    expect(answer.revision).toBe(revision.revision)
    expect(revision).toMatchObject({ revision: 2, trigger: 'save', title: 'by 5 → 25', changedFiles: ['a.ts'] })
    expect(entryOf(revision, 'a')).not.toBe(entryOf(opened.revision, 'a'))
    expect(revision.texts.map(({ file }) => file)).toEqual(['a.ts'])
    expect(await page.next('files-changed')).toMatchObject({
      writeId: 'w1',
      changes: [{ path: 'a.ts', kind: 'changed', hash: answer.files[0]?.hash }],
    })
    // An edit by another program comes after the echo in the watcher: the next revision is its own.
    await writeFile(join(server.folder, 'a.ts'), counterModule(7))
    expect((await page.next('revision')).revision).toMatchObject({ revision: 3, trigger: 'disk', title: 'by 25 → 7' })
    expect((await page.next('files-changed')).writeId).toBeUndefined()
  })

  it('[WS5] every other change of files is known by its id too', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5), 'note.md': '' })
    const { page } = await server.open()
    await page.request('createFile', 'new.md', '', { writeId: 'create' })
    expect((await page.next('files-changed')).writeId).toBe('create')
    await page.request('duplicateFile', 'new.md', 'copy.md', { writeId: 'duplicate' })
    expect((await page.next('files-changed')).writeId).toBe('duplicate')
    await page.request('renameFile', 'copy.md', 'other.md', { writeId: 'rename' })
    expect((await page.next('files-changed')).writeId).toBe('rename')
    await page.request('deleteFile', 'other.md', { writeId: 'delete' })
    expect(await page.next('files-changed')).toMatchObject({ writeId: 'delete', changes: [{ path: 'other.md' }] })
  })

  it('of several files and the manifest is one revision', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5) })
    const { page } = await server.open()
    await page.request('writeFiles', [
      { path: 'a.ts', text: counterModule(6) },
      { path: 'b.ts', text: counterModule(1) },
      { path: 'engine.json', text: manifest('a', 'b') },
    ])
    const { revision } = await page.next('revision')
    expect(revision).toMatchObject({ revision: 2, title: 'a.ts, b.ts, engine.json', problems: [] })
    expect(revision.modules.map(({ module }) => module)).toEqual(['a', 'b'])
    expect(page.pushes.filter(({ type }) => type === 'revision')).toHaveLength(1)
  })

  it.each(['böse Ordner/mö dul.ts', '1 & co/a+b.ts', "it's (mine)/[a].ts"])(
    'of a module at %s reloads it, by the IDE and by another program',
    async (path) => {
      const server = await serve({
        'engine.json': JSON.stringify({ modules: [{ name: 'a', path }] }),
        [path]: counterModule(1),
      })
      const { page, opened } = await server.open()
      expect(opened.revision.problems).toEqual([])
      await page.request('writeFiles', [{ path, text: counterModule(2) }])
      const { revision } = await page.next('revision')
      expect(revision).toMatchObject({ problems: [], title: 'by 1 → 2' })
      expect(revision.texts.map(({ file }) => file)).toEqual([path])
      await writeFile(join(server.folder, path), counterModule(3))
      expect((await page.next('revision')).revision).toMatchObject({ problems: [], title: 'by 2 → 3' })
    },
  )

  it('of a file that nothing runs leads to no revision', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5), 'README.md': 'x' })
    const { page } = await server.open()
    const answer = await page.request('writeFiles', [{ path: 'README.md', text: 'y' }])
    expect(answer.revision).toBeUndefined()
    expect(await page.next('files-changed')).toMatchObject({ changes: [{ path: 'README.md' }] })
  })

  it('[ML3] of lines that only moved the code is a new text: errors name lines of the source as it is now', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5) })
    const { page, opened } = await server.open()
    const moved = `interface Other {\n  x: number\n}\n\n${counterModule(5)}`
    await page.request('writeFiles', [{ path: 'a.ts', text: moved }])
    const { revision } = await page.next('revision')
    expect(entryOf(revision, 'a')).not.toBe(entryOf(opened.revision, 'a'))
    expect(revision.texts.map(({ file }) => file)).toEqual(['a.ts'])
    expect(revision.texts[0]?.text).toBe(opened.revision.texts.find(({ file }) => file === 'a.ts')?.text)
    await page.request('writeFiles', [{ path: 'a.ts', text: `${moved}\n\n` }])
    expect(page.pushes.filter(({ type }) => type === 'revision')).toHaveLength(1)
  })

  it('back to an earlier text has the earlier hash', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(5) })
    const { page, opened } = await server.open()
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(6) }])
    await page.request('writeFiles', [{ path: 'a.ts', text: counterModule(5) }])
    const { revision } = await page.next('revision', (push) => push.revision.revision === 3)
    expect(entryOf(revision, 'a')).toBe(entryOf(opened.revision, 'a'))
    expect(revision.texts).toEqual([])
  })
})

describe('[WS3] edits by another program', () => {
  it('of two files within 10 ms are one revision', async () => {
    const server = await serve({
      'engine.json': manifest('a', 'b'),
      'a.ts': counterModule(1),
      'b.ts': counterModule(1),
    })
    const { page } = await server.open()
    await Promise.all([
      writeFile(join(server.folder, 'a.ts'), counterModule(2)),
      writeFile(join(server.folder, 'b.ts'), counterModule(3)),
    ])
    const { revision } = await page.next('revision')
    expect(revision.changedFiles.toSorted()).toEqual(['a.ts', 'b.ts'])
    expect(revision.revision).toBe(2)
  })

  it('[ML2] of forty files are one revision, however the watcher tells of them', async () => {
    const parts = Array.from({ length: 40 }, (_, index) => `part${index}`)
    const texts = (value: number): Record<string, string> =>
      Object.fromEntries(parts.map((name) => [`${name}.ts`, `export const ${name} = ${value}\n`]))
    const imports = parts.map((name) => `import { ${name} } from './${name}'`).join('\n')
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, `${imports}\nexport const all = [${parts.join(', ')}]`),
      ...texts(1),
    })
    const { page } = await server.open()
    // The watcher tells of the first file only; the others differ all the same.
    server.vite.watcher.unwatch(parts.slice(1).map((name) => join(server.folder, `${name}.ts`)))
    // In one turn: nobody looks in between.
    for (const [path, text] of Object.entries(texts(2))) writeFileSync(join(server.folder, path), text)
    const { revision } = await page.next('revision')
    expect(revision.changedFiles.toSorted()).toEqual(Object.keys(texts(2)).toSorted())
    expect(revision.texts.map(({ file }) => file)).toEqual(expect.arrayContaining(Object.keys(texts(2))))
  })

  it('by rename over the file, as editors save, are seen', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1) })
    const { page } = await server.open()
    await writeFile(join(server.folder, 'a.ts.tmp'), counterModule(2))
    await rename(join(server.folder, 'a.ts.tmp'), join(server.folder, 'a.ts'))
    expect((await page.next('revision')).revision.title).toBe('by 1 → 2')
  })

  it('a file deleted and made again', async () => {
    const server = await serve({
      'engine.json': manifest('a'),
      'a.ts': counterModule(1, "import { b } from './b'; export const c = b"),
      'b.ts': 'export const b = 1',
    })
    const { page } = await server.open()
    await unlink(join(server.folder, 'b.ts'))
    const gone = await page.next('revision')
    expect(gone.revision.problems).toMatchObject([
      {
        source: 'compile',
        file: 'a.ts',
        line: 2,
        column: 19,
        message: './b does not exist. Check the path, or create the file.',
      },
    ])
    expect(gone.revision.modules).toMatchObject([{ module: 'a', phase: 'fetch' }])
    await writeFile(join(server.folder, 'b.ts'), 'export const b = 3')
    expect((await page.next('revision')).revision.problems).toEqual([])
  })

  it('a module file that comes later is tried again when it appears', async () => {
    const server = await serve({ 'engine.json': manifest('a', 'late'), 'a.ts': counterModule(1) })
    const { page, opened } = await server.open()
    expect(opened.revision.problems).toMatchObject([{ source: 'file', module: 'late', file: 'engine.json', line: 1 }])
    await writeFile(join(server.folder, 'late.ts'), counterModule(1))
    const { revision } = await page.next('revision')
    expect(revision.problems).toEqual([])
    await rm(join(server.folder, 'late.ts'))
    expect((await page.next('revision')).revision.modules).toMatchObject([
      { module: 'a' },
      { module: 'late', phase: 'collect' },
    ])
  })
})

describe('the page is never loaded anew', () => {
  it('where tsconfig.json comes or changes, whose options apply at once', async () => {
    const decorated = `${counterModule(1)}\nconst note = (..._of: unknown[]): void => undefined\n@note export class Told {}\n`
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': decorated })
    const { page } = await server.open()
    const tsconfig = (isExperimental: boolean): string =>
      JSON.stringify({ compilerOptions: { experimentalDecorators: isExperimental } })
    await page.request('writeFiles', [{ path: 'tsconfig.json', text: tsconfig(true) }])
    expect((await page.next('revision')).revision.texts.map(({ file }) => file)).toContain('a.ts')
    await writeFile(join(server.folder, 'tsconfig.json'), tsconfig(false))
    await page.next('revision')
    expect(page.reloads()).toBe(0)
  })

  it('where an HTML file of the workspace changes', async () => {
    const server = await serve({ 'engine.json': manifest('a'), 'a.ts': counterModule(1), 'index.html': 'one' })
    const { page } = await server.open()
    await page.request('writeFiles', [{ path: 'index.html', text: 'two' }])
    await writeFile(join(server.folder, 'index.html'), 'three')
    await page.next('files-changed', ({ writeId, changes }) => writeId === undefined && changes.length === 1)
    await writeFile(join(server.folder, 'a.ts'), counterModule(2))
    await page.next('revision')
    expect(page.reloads()).toBe(0)
  })
})
