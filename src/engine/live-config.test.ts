// Configuration in a running program: live changes, files under them, and what is told.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'
import type { ManifestModule } from '../protocol/manifest.ts'

interface Options {
  readonly defaults?: object
  readonly manifest?: Partial<ManifestModule>
  readonly more?: object
  readonly key?: string
}

/** Adds `config.speed` to its state each frame. */
const runner = ({ defaults = { speed: 5 }, manifest = {}, more = {}, key = 'one' }: Options = {}): TestModule => ({
  key,
  manifest,
  definition: {
    config: defaults,
    init: () => ({ n: 0 }),
    process: ({ state, config }: { state: { n: number }; config: { speed: number } }) => {
      state.n += config.speed
    },
    ...more,
  },
})

const open = async (options?: Options): Promise<TestEngine> => {
  const lab = new TestEngine()
  expect(await lab.run({ a: runner(options) })).toMatchObject([{ outcome: 'committed' }])
  return lab
}

describe('[CF1] layers', () => {
  test('can be seen one by one', async () => {
    const lab = await open({
      defaults: { speed: 5, hp: 1, enemy: { hp: 1 } },
      manifest: { config: { hp: 3 }, fileConfig: { hp: 2, enemy: { hp: 7 } } },
    })
    await lab.execute('setConfig', 'a', { enemy: { hp: 9 } })
    expect(await lab.execute('configView', 'a')).toEqual({
      layers: {
        defaults: { speed: 5, hp: 1, enemy: { hp: 1 } },
        file: { hp: 2, enemy: { hp: 7 } },
        manifest: { hp: 3 },
        live: { enemy: { hp: 9 } },
      },
      values: { speed: 5, hp: 3, enemy: { hp: 9 } },
      initOnly: [],
      places: { file: {}, manifest: {} },
    })
  })

  test('live changes merge, and are taken back one by one or all', async () => {
    const lab = await open({ defaults: { speed: 5, enemy: { hp: 1, x: 1 } } })
    await lab.execute('setConfig', 'a', { enemy: { hp: 2 } })
    await lab.execute('setConfig', 'a', { enemy: { x: 2 }, speed: 6 })
    expect(await lab.execute('config', 'a')).toEqual({ speed: 6, enemy: { hp: 2, x: 2 } })
    expect(await lab.execute('resetConfig', 'a', [['enemy', 'hp']])).toEqual({ applied: true })
    expect(await lab.execute('config', 'a')).toEqual({ speed: 6, enemy: { hp: 1, x: 2 } })
    await lab.execute('resetConfig', 'a')
    expect(await lab.execute('config', 'a')).toEqual({ speed: 5, enemy: { hp: 1, x: 1 } })
  })

  test('a change is an input: the same program has the same hash, and another engine goes on with it', async () => {
    const lab = await open()
    const revision = lab.revision({ a: runner() })
    await lab.execute('step', 3)
    await lab.execute('setConfig', 'a', { speed: 7 })
    await lab.execute('step', 3)
    await lab.execute('resetConfig', 'a', [['speed']])
    await lab.execute('step', 3)
    expect(await lab.execute('state', 'a')).toEqual({ n: 3 * 5 + 3 * 7 + 3 * 5 })
    const other = new TestEngine({ codeOf: lab })
    const captures = lab.core.history.capture.store.buffer
    const entries = lab.core.history.journal.since(0)
    await other.execute('takeOver', { revision, texts: revision.texts, entries, captures })
    await other.execute('step', 1)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
  })
})

describe('[CF2] the latest edit wins', () => {
  test('a save drops the live value of what it changed, and says so with a way back', async () => {
    const lab = await open()
    await lab.execute('setConfig', 'a', { speed: 12 })
    const [receipt] = await lab.run({ a: runner({ defaults: { speed: 25 }, key: 'two' }) })
    expect(receipt?.configNotes).toEqual([
      {
        module: 'a',
        path: ['speed'],
        kind: 'live-replaced',
        words: 'speed 5 → 25. Your live 12 was replaced.',
        offer: { kind: 'set', label: 'Put 12 back', changes: { speed: 12 } },
      },
    ])
    expect(await lab.execute('config', 'a')).toEqual({ speed: 25 })
    expect(lab.core.logBook.filter({ text: 'Your live 12' })).toHaveLength(1)
  })

  test('the same by a file, without new code', async () => {
    const lab = await open()
    await lab.execute('setConfig', 'a', { speed: 12 })
    const [receipt] = await lab.run({ a: runner({ manifest: { fileConfig: { speed: 8 } } }) })
    expect(receipt).toMatchObject({
      outcome: 'committed',
      configNotes: [{ words: 'speed 5 → 8. Your live 12 was replaced.' }],
    })
    expect(await lab.execute('config', 'a')).toEqual({ speed: 8 })
  })
})

describe('[CF3] not used', () => {
  test('says which line sets the value, and offers to use the new one', async () => {
    const lab = await open({ manifest: { config: { speed: 12 } } })
    const revision = lab.revision({
      a: runner({ manifest: { config: { speed: 12 } }, defaults: { speed: 25 }, key: 'two' }),
    })
    const places = { a: { file: {}, manifest: { speed: 7 } } }
    const [receipt] = await lab.apply({ ...revision, configPlaces: places })
    expect(receipt?.configNotes).toEqual([
      {
        module: 'a',
        path: ['speed'],
        kind: 'not-used',
        words: 'speed 25 is not used: engine.json:7 sets 12.',
        offer: { kind: 'take-out', label: 'Use 25', layers: ['manifest'] },
      },
    ])
  })
})

describe('[CF4] refusals', () => {
  const positive = {
    validateConfig: ({ speed }: { speed: number }) => (speed < 0 ? 'speed must not be negative' : undefined),
  }

  test('what `validateConfig` or the default refuses is not applied, and the old one stays', async () => {
    const lab = await open({ more: positive })
    expect(await lab.execute('setConfig', 'a', { speed: -1 })).toEqual({
      applied: false,
      error: 'speed must not be negative',
    })
    expect(await lab.execute('setConfig', 'a', { speed: 'fast' })).toMatchObject({ applied: false })
    expect(await lab.execute('setConfig', 'a', { sped: 1 })).toEqual({
      applied: false,
      error: 'a has no configuration key "sped". Keys: speed.',
    })
    expect(await lab.execute('config', 'a')).toEqual({ speed: 5 })
  })

  test('a file that is refused leaves the module as it is, and holds up nobody else', async () => {
    const lab = new TestEngine()
    await lab.run({ a: runner({ more: positive }), b: runner({ key: 'b1' }) })
    const bad = runner({ more: positive, manifest: { fileConfig: { speed: -3 } } })
    const receipts = await lab.run({ a: bad, b: runner({ key: 'b1' }) })
    expect(receipts).toMatchObject([
      { outcome: 'rejected', phase: 'validate', modules: [{ name: 'a' }], error: { message: /must not be negative/ } },
    ])
    const problem = { id: 'config:a', source: 'config', consequence: 'v1 runs on' }
    expect(lab.core.problems.list()).toMatchObject([problem])
    expect(await lab.run({ a: bad, b: runner({ key: 'b2' }) })).toMatchObject([
      { outcome: 'committed', modules: [{ name: 'b', from: 1, to: 2 }] },
    ])
    expect(lab.core.problems.list()).toMatchObject([problem])
    expect(await lab.execute('config', 'a')).toEqual({ speed: 5 })
    const good = runner({ more: positive, manifest: { fileConfig: { speed: 3 } } })
    expect(await lab.run({ a: good, b: runner({ key: 'b2' }) })).toMatchObject([{ outcome: 'committed' }])
    expect(lab.core.problems.list()).toEqual([])
    expect(await lab.execute('config', 'a')).toEqual({ speed: 3 })
  })

  test('a value of another type than its default is told of at its line', async () => {
    const lab = await open()
    const revision = lab.revision({ a: runner({ manifest: { fileConfig: { speed: 'fast' } } }) })
    const [receipt] = await lab.apply({ ...revision, configPlaces: { a: { file: { speed: 3 }, manifest: {} } } })
    expect(receipt?.error).toEqual({
      message: 'configuration of a: speed must be a number, as its default is, not the string "fast".',
      file: 'config/a.json',
      line: 3,
    })
  })

  describe('what `validateConfig` refuses is told of at the line of the value to blame', () => {
    const places = { a: { file: { low: 2, high: 3, speed: 4 }, manifest: { speed: 9, high: 10 } } }
    const checks = {
      defaults: { speed: 5, low: 0, high: 10 },
      more: {
        validateConfig: ({ speed, low, high }: { speed: number; low: number; high: number }) => {
          if (speed < 0) return 'speed must not be negative'
          return low > high ? 'low is above high' : undefined
        },
      },
    }
    const refusedAt = async (manifest: Partial<ManifestModule>, key = 'one'): Promise<object | undefined> => {
      const lab = await open(checks)
      const revision = lab.revision({ a: runner({ ...checks, manifest, key }) })
      const [receipt] = await lab.apply({ ...revision, configPlaces: places })
      const { error } = receipt ?? {}
      expect(lab.core.problems.list()).toMatchObject([{ ...error, source: 'config' }])
      return error
    }

    test.each<[string, Partial<ManifestModule>, string, number | undefined]>([
      ['in its own file', { fileConfig: { low: 1, high: 9, speed: -1 } }, 'config/a.json', 4],
      ['in engine.json, which lies over it', { fileConfig: { speed: -3 }, config: { speed: -1 } }, 'engine.json', 9],
      ['of two that do not fit, the one that decides', { fileConfig: { low: 20 } }, 'config/a.json', 2],
      ['one of several wrong ones', { fileConfig: { low: 20, speed: -1 } }, 'config/a.json', 4],
    ])('%s', async (_, manifest, file, line) => {
      expect(await refusedAt(manifest)).toMatchObject({ file, line })
    })

    test('also where the code is new', async () => {
      expect(await refusedAt({ config: { high: -1 } }, 'two')).toMatchObject({
        message: 'configuration of a: low is above high',
        file: 'engine.json',
        line: 10,
      })
    })

    test('where the code itself is to blame, its file is named', async () => {
      const lab = await open(checks)
      const [receipt] = await lab.run({
        a: runner({ ...checks, defaults: { speed: -5, low: 0, high: 1 }, key: 'two' }),
      })
      expect(receipt?.error).toEqual({ message: 'configuration of a: speed must not be negative', file: 'a.ts' })
    })
  })
})

test('[CF4] whatever files say, the module runs on with values it can use, and what is right again is used again', async () => {
  const defaults = { speed: 5, enemy: { hp: 1, tags: ['a'] }, any: null }
  const keys = fc.constantFrom('speed', 'enemy', 'any', 'hp', 'tags', 'more', '__proto__', 'constructor', '')
  const value = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()))),
  )
  const config = fc.dictionary(keys, value)
  await fc.assert(
    fc.asyncProperty(config, config, async (fileConfig, manifest) => {
      const lab = await open({ defaults })
      await lab.execute('step', 2)
      const [receipt] = await lab.run({ a: runner({ defaults, manifest: { fileConfig, config: manifest } }) })
      const problems = lab.core.problems.list()
      if (receipt?.outcome === 'rejected')
        expect(problems).toMatchObject([
          { id: 'config:a', file: expect.stringMatching(/engine\.json|config\/a\.json/) },
        ])
      else expect(problems).toEqual([])
      await lab.execute('step', 2)
      expect(await lab.execute('modules')).toMatchObject([
        { status: expect.stringMatching(/running|trial/), missedFrames: 0 },
      ])
      expect(await lab.execute('config', 'a')).toMatchObject({
        speed: expect.any(Number),
        enemy: { hp: expect.any(Number), tags: expect.any(Array) },
      })
      await lab.run({ a: runner({ defaults }) })
      expect(lab.core.problems.list()).toEqual([])
      expect(await lab.execute('config', 'a')).toEqual(defaults)
    }),
    { numRuns: 60 },
  )
})

test('[CF5] a field of the state by the same name is no reading of the value', async () => {
  const lab = new TestEngine()
  const init = (): object => ({ hp: 3 })
  const definition = { config: { hp: 3 }, init, process: () => undefined }
  await lab.run({ a: { definition, text: `({ config: { hp: 3 }, init: ${String(init)}, process() {} })` } })
  expect(await lab.execute('configView', 'a')).toMatchObject({ initOnly: [] })
})

describe('[CF5] values that only init reads', () => {
  const init = ({ config }: { config: { count: number } }) => ({ n: config.count })
  const definition = { config: { count: 3, speed: 5 }, init, process: () => undefined }
  const text = `const d = { config: { count: 3, speed: 5 }, init: ${String(init)}, process({ config }) { config.speed } }`
  const module = (count: number): TestModule => ({
    definition: { ...definition, config: { ...definition.config, count } },
    text: text.replace('count: 3', `count: ${count}`),
  })

  test('apply at reset, and say so', async () => {
    const lab = new TestEngine()
    await lab.run({ a: module(3) })
    expect(await lab.execute('configView', 'a')).toMatchObject({ initOnly: [['count']] })
    expect(await lab.execute('setConfig', 'a', { count: 9 })).toEqual({
      applied: true,
      notes: [
        { module: 'a', path: ['count'], kind: 'at-reset', words: 'count is read by `init` only: applies at reset.' },
      ],
    })
    expect(await lab.execute('setConfig', 'a', { speed: 9 })).toEqual({ applied: true })
    await lab.execute('reset')
    expect(await lab.execute('state', 'a')).toEqual({ n: 9 })
  })
})
