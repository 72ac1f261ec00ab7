// Saved data on disk: nothing is lost, whatever stands in the files.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readSavedText, SavedFiles, savedPath } from './saved-files.ts'
import { WriterLease } from './writer-lease.ts'

const put = async (folder: string, path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

/** An empty folder that goes with the test. */
const emptyFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'coppice-saved-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const names = async (folder: string, path: string): Promise<readonly string[]> =>
  (await readdir(join(folder, path))).toSorted((left, right) => (left < right ? -1 : 1))

describe('[SV3] saved data on disk', () => {
  test('is written one file per value, with a version that climbs, and read back', async () => {
    const folder = await emptyFolder()
    const files = new SavedFiles(folder)
    expect(await files.read()).toEqual({})
    const entry = { module: 'tank', key: 'slot:1', data: { level: 3 } }
    expect(await files.write([entry])).toEqual(['data/tank/slot%3A1.json'])
    await files.write([
      { ...entry, data: { level: 4 } },
      { module: 'map', key: 'seen', data: null },
    ])
    expect(await new SavedFiles(folder).read()).toEqual({ tank: { 'slot:1': { level: 4 } }, map: { seen: null } })
    const text = await readFile(join(folder, 'data/tank/slot%3A1.json'), 'utf8')
    expect(JSON.parse(text)).toEqual({ format: 1, version: 2, module: 'tank', key: 'slot:1', data: { level: 4 } })
    expect(await names(folder, 'data/tank')).toEqual(['slot%3A1.json'])
  })

  test('what can not be read is set aside under a name of its own, told of, and never written over', async () => {
    const folder = await emptyFolder()
    await put(folder, 'data/tank/best.json', '{"format": 1, "vers')
    const files = new SavedFiles(folder)
    expect(await files.read()).toEqual({})
    expect(files.problems).toMatchObject([
      {
        source: 'saved',
        severity: 'warning',
        file: 'data/tank/best.json.unreadable',
        message: /data\/tank\/best\.json could not be read: it is not JSON/,
        consequence: /set aside as data\/tank\/best\.json\.unreadable/,
      },
    ])
    await files.write([{ module: 'tank', key: 'best', data: 1 }])
    await put(folder, 'data/tank/best.json', '[]')
    await files.write([{ module: 'tank', key: 'best', data: 2 }])
    expect(await names(folder, 'data/tank')).toEqual(['best.json', 'best.json.unreadable', 'best.json.unreadable-2'])
    expect(await readFile(join(folder, 'data/tank/best.json.unreadable'), 'utf8')).toBe('{"format": 1, "vers')
    expect(await readFile(join(folder, 'data/tank/best.json.unreadable-2'), 'utf8')).toBe('[]')
    expect(await files.read()).toEqual({ tank: { best: 2 } })
  })

  test('another format is refused by name, and kept', async () => {
    const folder = await emptyFolder()
    await put(folder, 'data/tank/best.json', '{"format": 2, "version": 1, "module": "tank", "key": "best", "data": 5}')
    const files = new SavedFiles(folder)
    expect(await files.read()).toEqual({})
    expect(files.problems[0]?.message).toMatch(/its "format" is 2, and this Coppice reads 1/)
  })

  test('a value that can not be written is told of, and keeps nothing else back', async () => {
    const folder = await emptyFolder()
    await put(folder, 'data/blocked', 'a file where a folder should be')
    const files = new SavedFiles(folder)
    const entries = [
      { module: 'blocked', key: 'x', data: 1 },
      { module: 'tank', key: 'x', data: 2 },
    ]
    expect(await files.write(entries)).toEqual(['data/tank/x.json'])
    expect(files.problems).toMatchObject([{ severity: 'error', message: /"x" of blocked could not be saved/ }])
    expect(await files.read()).toEqual({ tank: { x: 2 } })
  })

  test('whatever a file holds, it is saved data with its place or says why not, and never a throw', () => {
    const good = { format: 1, version: 1, module: 'tank', key: 'best', data: 1 }
    const field = fc.constantFrom('format', 'version', 'module', 'key', 'data')
    const broken = fc.tuple(field, fc.option(fc.jsonValue(), { nil: undefined }))
    const mutated = broken.map(([name, value]) => JSON.stringify({ ...good, [name]: value }))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string()), (text) => {
        const read = readSavedText(text, 'data/tank/best.json')
        if (read.kind === 'unreadable') expect(read.why).not.toBe('')
        else expect(savedPath(read.entry)).toBe('data/tank/best.json')
      }),
    )
  })

  test('every key has a file of its own, inside its module’s folder', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('.', '..', 'a/b', 'a:b', 'a b', 'ä', ''))
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(isWellFormed(one) && isWellFormed(other))
        const paths = [one, other].map((name) => savedPath({ module: 'tank', key: name }))
        for (const path of paths) expect(path).toMatch(/^data\/tank\/[^/]*\.json$/)
        expect(paths[0] === paths[1]).toBe(one === other)
      }),
    )
  })
})

/** Topics with half a surrogate pair can't be file names; the engine's own check is on text of authors. */
const isWellFormed = (text: string): boolean => text === new TextDecoder().decode(new TextEncoder().encode(text))

test('[WS5] the first page writes; when it goes, the one that came after it', () => {
  const lease = new WriterLease<string>()
  expect([lease.ask('a'), lease.ask('b'), lease.ask('c')]).toEqual([true, false, false])
  expect(lease.leave('b')).toBeUndefined()
  expect(lease.isHeldBy('a')).toBe(true)
  expect(lease.leave('a')).toBe('c')
  expect(lease.isHeldBy('c')).toBe(true)
  expect(lease.leave('c')).toBeUndefined()
})
