// Resources over reloads and resets (ML6, FL4): handed over, set up anew, disposed.

import { describe, expect, test } from 'vitest'
import { contentHash } from '../protocol/values.ts'
import { TestEngine } from './testing-host.ts'

interface Counter {
  n: number
}

function adder(step: number, more: object = {}): object {
  return {
    init: () => ({ n: 0 }),
    process({ state }: { state: Counter }) {
      state.n += step
    },
    ...more,
  }
}

describe('[ML1] a setup that takes its time', () => {
  test('is waited for, and told of, until a newer revision comes', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1), key: '1' } })
    const forever = adder(2, { setup: () => new Promise(() => undefined) })
    const waiting = lab.run({ a: { definition: forever } })
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    lab.clock.advance(3000)
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      {
        id: 'load:a',
        severity: 'warning',
        message: expect.stringContaining('`setup` of a'),
        file: 'a.ts',
        consequence: 'v1 runs on until it does',
      },
    ])
    expect(await lab.run({ a: { definition: adder(3) } })).toMatchObject([{ outcome: 'committed' }])
    expect(await waiting).toMatchObject([{ outcome: 'superseded' }])
    expect(lab.core.problems.list()).toEqual([])
  })
})

describe('[ML1] a top level that awaits', () => {
  test('is waited for, and told of, until a newer revision comes', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1), key: '1' } })
    const waiting = lab.run({ a: { code: () => new Promise(() => undefined) } })
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    lab.clock.advance(3000)
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      {
        id: 'load:a',
        severity: 'warning',
        message: 'The top level of a has not come to an end for 3 s. A save ends the wait',
        file: 'a.ts',
        consequence: 'v1 runs on until it does',
      },
    ])
    expect(await lab.run({ a: { definition: adder(3) } })).toMatchObject([{ outcome: 'committed' }])
    expect(await waiting).toMatchObject([{ outcome: 'superseded' }])
    expect(lab.core.problems.list()).toEqual([])
  })
})

describe('resources', () => {
  const shared = contentHash('shared 1')
  const world = (
    log: string[],
    step: number,
    setup?: (context: { onDispose: (dispose: () => void) => void; config: { g: number } }) => unknown,
  ) =>
    adder(step, {
      config: { g: 1, color: 'red' },
      setup:
        setup ??
        (({ onDispose }: { onDispose: (dispose: () => void) => void }) => {
          log.push('setup')
          onDispose(() => log.push('dispose'))
          return { bodies: [1] }
        }),
      process: ({ resources }: { resources: { bodies: number[] } }) => resources.bodies.push(1),
      snapshot: (resources: { bodies: number[] }) => resources.bodies,
      restore: (resources: { bodies: number[] }, data: number[]) => {
        resources.bodies = data
      },
    })

  test('[ML6] are handed over where neither setup nor what it uses changed', async () => {
    const lab = new TestEngine()
    const log: string[] = []
    await lab.run({ a: { definition: world(log, 1) } })
    await lab.execute('step', 2)
    const before = await lab.execute('stateHash')
    await lab.run({ a: { definition: world(log, 2) } })
    expect(log).toEqual(['setup'])
    expect(await lab.execute('stateHash')).toBe(before)
  })

  test('[ML6] are set up anew where an import of setup changed, and get the snapshot', async () => {
    const lab = new TestEngine()
    const log: string[] = []
    const text = (gravity: string) =>
      `const __vite_ssr_import_0__ = await __vite_ssr_import__("./world.ts");\nconst unused = ${gravity}\n`
    const one = {
      definition: world(log, 1, () => {
        log.push('__vite_ssr_import_0__')
        return { bodies: [] }
      }),
    }
    await lab.run({ a: { ...one, text: text('1'), imports: { './world.ts': shared } } })
    await lab.execute('step', 3)
    const before = await lab.execute('stateHash')
    await lab.run({ a: { ...one, text: text('2'), imports: { './world.ts': shared } } })
    expect(log).toHaveLength(1)
    const [receipt] = await lab.run({
      a: { ...one, text: text('2'), imports: { './world.ts': contentHash('shared 2') } },
    })
    expect(log).toHaveLength(2)
    expect(receipt).toMatchObject({ stateChanges: [{ module: 'a', kind: 'resources-rebuilt' }] })
    expect(await lab.execute('stateHash')).toBe(before)
  })

  test('[ML6] a configuration key that setup read sets them up anew, live and by manifest; others do not', async () => {
    const lab = new TestEngine()
    const log: string[] = []
    const setup = ({ config, onDispose }: { config: { g: number }; onDispose: (dispose: () => void) => void }) => {
      const { g } = config
      log.push(`setup ${g}`)
      onDispose(() => log.push(`dispose ${g}`))
      return { bodies: [] }
    }
    const a = { definition: world(log, 1, setup), key: '1' }
    await lab.run({ a })
    expect(await lab.execute('setConfig', 'a', { color: 'blue' })).toEqual({ applied: true })
    expect(log).toEqual(['setup 1'])
    expect(await lab.execute('setConfig', 'a', { g: 2 })).toEqual({ applied: true })
    await lab.run({ a: { ...a, manifest: { config: { g: 3 } } } })
    expect(log).toEqual(['setup 1', 'setup 2', 'dispose 1', 'setup 3', 'dispose 2'])
  })

  test('[ML6] a rejected version disposes what it set up, and nothing of what runs', async () => {
    const lab = new TestEngine()
    const log: string[] = []
    await lab.run({ a: { definition: world(log, 1) }, b: { definition: adder(1) } })
    const setup = ({ onDispose }: { onDispose: (dispose: () => void) => void }) => {
      onDispose(() => log.push('new one disposed'))
      return { bodies: [] }
    }
    await lab.run({
      a: { definition: world(log, 1, setup) },
      b: {
        definition: adder(1, {
          setup: () => {
            throw new Error('no')
          },
        }),
      },
    })
    expect(log).toEqual(['setup', 'new one disposed'])
  })

  test('[ML6] setup gets a copy of the state: a rejected version leaves no trace in it', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    const setup = ({ state }: { state: Counter }) => {
      state.n = 999
      throw new Error('after writing')
    }
    await lab.run({ a: { definition: adder(1, { setup }) } })
    expect(await lab.execute('state', 'a')).toEqual({ n: 0 })
  })
})

describe('reset', () => {
  test('[FL4] code that changed since comes to what the undo brings back', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1), key: '1' } })
    await lab.execute('step', 3)
    await lab.execute('reset')
    await lab.run({ a: { definition: adder(10), key: '2' } })
    await lab.execute('step', 1)
    await lab.execute('undoReset')
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 13 })
    expect(await lab.execute('modules')).toMatchObject([{ version: 2 }])
  })

  test('[FL4] sets resources up anew, keeps those it left until they cannot come back', async () => {
    const lab = new TestEngine()
    const log: string[] = []
    let worlds = 0
    const setup = ({ onDispose }: { onDispose: (dispose: () => void) => void }) => {
      const world = ++worlds
      onDispose(() => log.push(`dispose ${world}`))
      return world
    }
    await lab.run({ a: { definition: adder(1, { setup }) } })
    await lab.execute('reset')
    expect(log).toEqual([])
    await lab.execute('undoReset')
    expect(log).toEqual(['dispose 2'])
    await lab.execute('reset')
    await lab.execute('reset')
    expect(log).toEqual(['dispose 2', 'dispose 1'])
    lab.engine.dispose()
    expect(log.toSorted()).toEqual(['dispose 1', 'dispose 2', 'dispose 3', 'dispose 4'])
  })

  test('[FL4] one whose init throws leaves everything as it was', async () => {
    const lab = new TestEngine()
    let isBad = false
    const init = () => {
      if (isBad) throw new Error('not today')
      return { n: 0 }
    }
    await lab.run({ a: { definition: adder(1, { init }) } })
    await lab.execute('step', 2)
    isBad = true
    await expect(lab.execute('reset')).rejects.toMatchObject({ code: 'load', message: 'Not reset: not today' })
    await lab.execute('step', 1)
    expect(await lab.execute('status')).toMatchObject({ timeline: 0, frame: 3 })
  })
})
