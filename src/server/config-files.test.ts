// Files of configuration: read with places and problems, and written with their formatting kept.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ManifestModule } from '../protocol/manifest.ts'
import { takeOutEdits, writeConfigEdits } from './config-edit.ts'
import { ConfigFiles, readConfigFile } from './config-files.ts'

const read = (text: string | undefined) => readConfigFile(text, 'config/tank.json')

describe('[CF6] reading', () => {
  test('gives values and their lines; comments are allowed', () => {
    const text = '{\n  // fast\n  "speed": 25,\n  "enemy": {\n    "hp": 3,\n  }\n}\n'
    expect(read(text)).toEqual({
      values: { speed: 25, enemy: { hp: 3 } },
      lines: { speed: 3, enemy: 4, 'enemy.hp': 5 },
      problems: [],
    })
  })

  test('names file, line, column and field of what is wrong', () => {
    expect(read('{\n  "speed": 25\n  "hp": 3\n}').problems).toMatchObject([
      { file: 'config/tank.json', line: 3, column: 3, source: 'config', message: /not JSON: a comma is missing/ },
    ])
    expect(read(' \n').problems).toMatchObject([{ line: 1, column: 1, message: /is empty\. Write at least \{\}/ }])
    expect(read(undefined).problems).toMatchObject([
      { line: 1, message: /could not be read as text\. Save it as UTF-8/ },
    ])
    expect(read('[1]').problems).toMatchObject([{ line: 1, column: 1, message: /must hold an object/ }])
    expect(read('{"enemy": {\n"hp": 1,\n"hp": 2}}').problems).toMatchObject([
      { line: 3, column: 1, message: 'enemy.hp: stands twice. Keep one.' },
    ])
  })

  test('whatever the text, there are values or a problem with its place, and never a throw', () => {
    const json = fc
      .json()
      .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length), fc.string({ maxLength: 3 })))
    const broken = json.map(([text, at, junk]) => text.slice(0, at) + junk + text.slice(at + 1))
    fc.assert(
      fc.property(fc.oneof(broken, fc.string(), fc.json()), (text) => {
        const { values, problems } = read(text)
        expect(values === undefined).toBe(problems.some(({ severity }) => severity === 'error'))
        for (const problem of problems) {
          expect(problem).toMatchObject({ file: 'config/tank.json', message: /./ })
          expect(problem.line).toBeGreaterThanOrEqual(1)
          expect(problem.line).toBeLessThanOrEqual(text.split('\n').length)
        }
      }),
    )
  })

  test('any object can be read back', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(values, (value) => {
        expect(read(JSON.stringify(value)).values).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('[CF6] files from revision to revision', () => {
  const tank: ManifestModule = { name: 'tank', path: 'tank.ts', strategy: 'sequential', config: {} }

  test('the last good text stays in force until the file is good again or gone', async () => {
    const texts = new Map<string, string>()
    const files = new ConfigFiles({ paths: () => [...texts.keys()], readText: async (path) => texts.get(path) })
    const configured = async () => {
      const { modules, problems } = await files.configure([tank], undefined)
      return [modules[0]?.fileConfig, problems.map(({ consequence }) => consequence)]
    }
    expect(await configured()).toEqual([undefined, []])
    texts.set('config/tank.json', '{"speed": ')
    expect(await configured()).toEqual([undefined, ['Not used until it is corrected']])
    texts.set('config/tank.json', '{"speed": 1}')
    expect(await configured()).toEqual([{ speed: 1 }, []])
    texts.set('config/tank.json', '{"speed": 1')
    expect(await configured()).toEqual([{ speed: 1 }, ['The last good text stays in force']])
    texts.delete('config/tank.json')
    expect(await configured()).toEqual([undefined, []])
  })

  test('a file of no module is a warning; places are of both files', async () => {
    const texts = new Map([
      ['config/tnak.json', '{}'],
      ['config/tank.json', '\n{"speed": 1}'],
    ])
    const files = new ConfigFiles({ paths: () => [...texts.keys()], readText: async (path) => texts.get(path) })
    const manifest = '{"modules": [\n{"name": "tank", "path": "tank.ts",\n "config": {\n "hp": 3}}]}'
    const { problems, places } = await files.configure([tank], manifest)
    expect(problems).toMatchObject([{ severity: 'warning', file: 'config/tnak.json', message: /Modules: tank\./ }])
    expect(places).toEqual({ tank: { file: { speed: 2 }, manifest: { hp: 4 } } })
  })
})

describe('[CF7] writing', () => {
  const manifest =
    '{\n    // the game\n    "modules": [\n        { "name": "map", "path": "map.ts" },\n        { "name": "tank", "path": "tank.ts", "config": { "hp": 3 } }\n    ]\n}\n'

  test('a value goes into engine.json where that sets it, else into the file; comments and layout stay', () => {
    const file = '{\n\t// quick\n\t"speed": 5, // as it is\n\t"name": "x"\n}\n'
    expect(writeConfigEdits({ manifest, file }, 'tank', { hp: 4, speed: 9, enemy: { hp: 1 } })).toEqual([
      { path: 'engine.json', text: manifest.replace('"hp": 3', '"hp": 4') },
      {
        path: 'config/tank.json',
        text: '{\n\t// quick\n\t"speed": 9, // as it is\n\t"name": "x",\n\t"enemy": {\n\t\t"hp": 1\n\t}\n}\n',
      },
    ])
  })

  test('a file that is not there is made', () => {
    expect(writeConfigEdits({ manifest, file: undefined }, 'tank', { speed: 9 })).toEqual([
      { path: 'config/tank.json', text: '{\n  "speed": 9\n}\n' },
    ])
  })

  test('a value is taken out of those files alone that are asked', () => {
    const texts = { manifest, file: '{\n  "hp": 1,\n  "speed": 2\n}\n' }
    expect(takeOutEdits(texts, 'tank', ['hp'], ['manifest'])).toMatchObject([{ path: 'engine.json' }])
    expect(takeOutEdits(texts, 'tank', ['hp'], ['file'])).toEqual([
      { path: 'config/tank.json', text: '{\n  "speed": 2\n}\n' },
    ])
    expect(takeOutEdits(texts, 'tank', ['nothing'], ['manifest', 'file'])).toEqual([])
  })

  test('a broken file is not written to', () => {
    expect(() => writeConfigEdits({ manifest, file: '{"a": ' }, 'tank', { speed: 9 })).toThrow(
      /config\/tank.json has errors/,
    )
    expect(() =>
      writeConfigEdits({ manifest: manifest.replace('"map.ts"', '3'), file: undefined }, 'tank', { hp: 9 }),
    ).toThrow(/engine.json has errors/)
  })

  test('what is written can be read, and says what was written', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())))
    fc.assert(
      fc.property(values, values, (before, written) => {
        const text = JSON.stringify(before, undefined, 2)
        const [edit] = writeConfigEdits({ manifest: undefined, file: text }, 'tank', written)
        const after = read(edit?.text ?? text).values
        const simple = Object.entries(written).filter(([, value]) => typeof value !== 'object' || value === null)
        expect(after).toMatchObject(JSON.parse(JSON.stringify(Object.fromEntries(simple))))
      }),
    )
  })
})
