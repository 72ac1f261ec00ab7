// Edits in the first moments of a workspace, before the watcher follows all of its files: real server, real files.

import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestServer, counterModule, serveFiles } from './test-server.ts'

const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const manifest = JSON.stringify({ modules: [{ name: 'a', path: 'z/a.ts' }] })

/** The watcher is as slow as can be: it follows no file of the workspace while the test lasts. */
const serveUnwatched = async (): Promise<TestServer> => {
  const server = await serveFiles({ 'engine.json': manifest, 'z/a.ts': counterModule(1), 'z/old.md': '' })
  servers.push(server)
  const { watcher } = server.vite
  watcher.add = () => watcher
  return server
}

describe('[WS3] before the watcher follows a workspace, another program', () => {
  it('changes a module: its new text runs', async () => {
    const server = await serveUnwatched()
    const { page } = await server.open()
    await writeFile(join(server.folder, 'z/a.ts'), counterModule(2))
    expect((await page.next('revision')).revision).toMatchObject({ trigger: 'disk', changedFiles: ['z/a.ts'] })
  })

  it('creates and deletes files: the page learns of both', async () => {
    const server = await serveUnwatched()
    const { page } = await server.open()
    await writeFile(join(server.folder, 'z/new.md'), '')
    await rm(join(server.folder, 'z/old.md'))
    const changed = await page.next(
      'files-changed',
      ({ files }) => files.length === 4 && files.at(-1)?.path === 'z/new.md',
    )
    expect(changed.files.map(({ path }) => path)).toEqual(['engine.json', 'z', 'z/a.ts', 'z/new.md'])
  })

  it('breaks engine.json: the place is told', async () => {
    const server = await serveUnwatched()
    const { page } = await server.open()
    await writeFile(join(server.folder, 'engine.json'), '{\n  "modules": [,\n')
    const { revision } = await page.next('revision')
    expect(revision.problems).toMatchObject([{ file: 'engine.json', line: 2 }])
  })
})
