// What the commands understand, and what they say to what they don't.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readHeadlessArguments, readServeArguments } from './command-line.ts'
import { runHeadless } from './headless-run.ts'
import { serve } from './serve.ts'
import { type TestFiles, counterModule, makeFolder } from './test-server.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const run = async (files: TestFiles, frames: number): ReturnType<typeof runHeadless> => {
  const folder = await makeFolder(files)
  folders.push(folder)
  return runHeadless({ folder, frames, log: () => undefined })
}

describe('coppice', () => {
  it('takes a folder and options', () => {
    expect(readServeArguments(['game', '--port', '8080', '--no-open'])).toEqual({
      folder: 'game',
      port: 8080,
      host: undefined,
      isBrowserWanted: false,
      isIsolated: true,
      isHelpWanted: false,
    })
    expect(readServeArguments(['--host', '--help'])).toMatchObject({ host: true, isHelpWanted: true })
    expect(readServeArguments(['--host', '0.0.0.0', 'game'])).toMatchObject({ host: '0.0.0.0', folder: 'game' })
    expect(readServeArguments(['--no-isolation'])).toMatchObject({ isIsolated: false })
    expect(() => readServeArguments(['--prot', '1'])).toThrow('--prot')
    expect(() => readServeArguments(['--port', 'x'])).toThrow('--port must be a whole number')
    expect(() => readServeArguments(['a', 'b'])).toThrow('One folder at a time')
  })

  it('says that a folder does not exist, or is a file', async () => {
    await expect(serve(['/nowhere/at-all', '--no-open'])).rejects.toThrow('/nowhere/at-all does not exist')
    await expect(serve(['package.json', '--no-open'])).rejects.toThrow('is a file')
  })
})

describe('headless', () => {
  it('takes frames', () => {
    expect(readHeadlessArguments(['game', '--frames', '10', '--json'])).toEqual({
      folder: 'game',
      frames: 10,
      isJson: true,
      isSaving: false,
      hasSockets: false,
      isHelpWanted: false,
    })
    expect(() => readHeadlessArguments(['game', '--frames', '-1'])).toThrow('--frames')
  })

  it('[FL5] runs a workspace, the same way twice', async () => {
    const files = { 'engine.json': '{ "modules": [{ "name": "a", "path": "a.ts" }] }', 'a.ts': counterModule(2) }
    const first = await run(files, 30)
    expect(first).toEqual({
      frames: 30,
      stateHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      ms: expect.any(Number),
      modules: ['a'],
    })
    expect((await run(files, 30)).stateHash).toBe(first.stateHash)
    expect((await run(files, 31)).stateHash).not.toBe(first.stateHash)
  })

  it('[SV3] reads what is saved, and writes with --save alone; what it can not read is set aside and told of', async () => {
    const keeper = `
      import { defineModule } from 'coppice'
      export default defineModule({
        init: ({ saved }) => ({ count: Number(saved['count'] ?? 0) }),
        process({ state, publish }) {
          state.count += 1
          publish('save:count', state.count)
        },
      })`
    const folder = await makeFolder({
      'engine.json': '{ "modules": [{ "name": "a", "path": "a.ts" }] }',
      'a.ts': keeper,
    })
    folders.push(folder)
    const file = join(folder, 'data/a/count.json')
    const lines: string[] = []
    const runOn = (isSaving: boolean): ReturnType<typeof runHeadless> =>
      runHeadless({ folder, frames: 3, isSaving, log: (line) => lines.push(line) })
    const fresh = await runOn(false)
    await expect(readFile(file)).rejects.toThrow('ENOENT')
    expect((await runOn(true)).stateHash).toBe(fresh.stateHash)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, data: 3 })
    expect((await runOn(true)).stateHash).not.toBe(fresh.stateHash)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 2, data: 6 })

    await writeFile(file, '{ "format": 1, "vers')
    expect((await runOn(true)).stateHash).toBe(fresh.stateHash)
    expect(lines).toContainEqual(expect.stringContaining('data/a/count.json could not be read: it is not JSON'))
    expect(await readFile(`${file}.unreadable`, 'utf8')).toBe('{ "format": 1, "vers')
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, data: 3 })
  })

  it('fails with the place where a module does', async () => {
    await expect(run({ 'a.ts': `${counterModule(1)}const = ` }, 1)).rejects.toThrow(/^a\.ts:5:7: /)
    await expect(run({ 'a.ts': `throw new Error('at load')\n${counterModule(1)}` }, 1)).rejects.toThrow(
      /^a\.ts:1:7: at load/,
    )
    const throwing = counterModule(1).replace('state.count += by', "if (state.count++ > 4) throw new Error('in frame')")
    await expect(run({ 'a.ts': throwing }, 10)).rejects.toThrow(/^a\.ts:4:\d+: in frame/)
    await expect(run({}, 1)).rejects.toThrow('no module in this folder')
  })
})
