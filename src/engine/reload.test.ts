// Reload transactions, as the rules ML1–ML3, ML6, ML11 say: what commits, what is refused, and that what runs goes on.

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

const gate = (): { readonly open: () => void; readonly passed: Promise<void> } => {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

/** Lets everything that waits on settled promises go on. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('failures before the commit', () => {
  const cases: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['no default export', undefined, 'evaluate', /no default export/],
    ['a default export that is no module', 5, 'evaluate', /the number 5/],
    ['process missing', { init: () => ({}) }, 'evaluate', /`process` is missing/],
    ['init missing', { process: () => undefined }, 'evaluate', /`init` is missing/],
    ['a field of the wrong type', { ...adder(1), render: 3 }, 'evaluate', /`render` must be a function/],
    ['a bad subscription', { ...adder(1), subscribe: ['a::b'] }, 'evaluate', /empty segment/],
    ['tasks', { ...adder(1), tasks: {} }, 'evaluate', /not supported yet/],
    ['another state version without migrate', { ...adder(1), stateVersion: 2 }, 'migrate', /no `migrate`/],
    [
      'a migrate that refuses',
      {
        ...adder(1),
        stateVersion: 2,
        migrate: () => {
          throw new Error('too old')
        },
      },
      'migrate',
      /too old/,
    ],
    [
      'a migrate that returns a promise',
      { ...adder(1), stateVersion: 2, migrate: () => Promise.resolve({}) },
      'migrate',
      /promise/,
    ],
    [
      'a migrated state with a function in it',
      { ...adder(1), stateVersion: 2, migrate: () => ({ n: 1, deep: [{ f: () => 1 }] }) },
      'validate',
      /state\.deep\[0\]\.f is a function/,
    ],
    ['validate refuses', { ...adder(1), validate: () => 'n is odd' }, 'validate', /n is odd/],
    [
      'a configuration refused',
      { ...adder(1), config: { a: 1 }, validateConfig: () => 'a is bad' },
      'validate',
      /a is bad/,
    ],
    [
      'setup throws',
      {
        ...adder(1),
        setup: () => {
          throw new Error('no world')
        },
      },
      'setup',
      /no world/,
    ],
    ['setup rejects', { ...adder(1), setup: () => Promise.reject(new Error('no file')) }, 'setup', /no file/],
    ['a dependency that is not there', { ...adder(1), dependencies: ['map'] }, 'evaluate', /depends on "map"/],
  ]
  test.each(cases)(
    '[ML1] %s: rejected with phase and cause, the old version runs on',
    async (_, definition, phase, message) => {
      const lab = new TestEngine()
      await lab.run({ a: { definition: adder(1) } })
      await lab.execute('step', 3)
      const [receipt] = await lab.run({ a: { definition } })
      expect(receipt).toMatchObject({ outcome: 'rejected', phase, modules: [{ name: 'a', from: 1 }] })
      expect(receipt?.error?.message).toMatch(message)
      expect(receipt?.error?.file).toBe('a.ts')
      expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
        { id: 'load:a', module: 'a', consequence: 'v1 runs on' },
      ])
      await lab.execute('step', 1)
      expect(await lab.execute('state', 'a')).toEqual({ n: 4 })
      const [fixed] = await lab.run({ a: { definition: adder(10) } })
      expect(fixed).toMatchObject({ outcome: 'committed', modules: [{ name: 'a', from: 1, to: 2 }] })
      expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
      await lab.execute('step', 1)
      expect(await lab.execute('state', 'a')).toEqual({ n: 14 })
    },
  )

  test('[ML1] an error at evaluation is a rejection, and is not kept', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    const code = () => {
      throw new Error('boom at load')
    }
    const [receipt] = await lab.run({ a: { code } })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'evaluate', error: { message: 'boom at load' } })
  })

  test('[ML1] a syntax error found by the server is a rejection with its line; the fix recovers', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    const error = { message: 'Unexpected token', file: 'a.ts', line: 3, column: 7 }
    const [receipt] = await lab.run({ a: { error } })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'fetch', error })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
    expect(await lab.run({ a: { definition: adder(5) } })).toMatchObject([{ outcome: 'committed' }])
  })

  test('the state of init is checked, with the path to the culprit', async () => {
    const lab = new TestEngine()
    const [receipt] = await lab.run({
      a: { definition: { ...adder(1), init: () => ({ tanks: [{ onHit: () => 1 }] }) } },
    })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'validate' })
    expect(receipt?.error?.message).toMatch(/state\.tanks\[0\]\.onHit is a function/)
  })

  test('a promise from init is refused', async () => {
    const lab = new TestEngine()
    const [receipt] = await lab.run({ a: { definition: { ...adder(1), init: () => Promise.resolve({}) } } })
    expect(receipt).toMatchObject({ outcome: 'rejected' })
    expect(receipt?.error?.message).toMatch(/`init` returned a promise/)
  })
})

describe('several modules', () => {
  test('[ML2] all commit or none', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) }, b: { definition: adder(1) } })
    const receipts = await lab.run({ a: { definition: adder(10) }, b: { definition: 7 } })
    expect(receipts).toMatchObject([{ outcome: 'rejected', modules: [{ name: 'a' }, { name: 'b' }] }])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
  })

  test('[ML2] a text rejected before does not block the others, and commits with its fix', async () => {
    const lab = new TestEngine()
    const a1 = { definition: adder(1), key: '1' }
    const a2 = { definition: adder(10), key: '2' }
    const bad = { definition: 7, key: 'bad' }
    await lab.run({ a: a1, b: { definition: adder(1), key: '1' }, c: { definition: adder(1), key: '1' } })
    await lab.run({ a: a2, b: bad, c: { definition: adder(1), key: '1' } })
    const receipts = await lab.run({ a: a2, b: bad, c: { definition: adder(100), key: '2' } })
    expect(receipts).toMatchObject([
      {
        outcome: 'committed',
        modules: [
          { name: 'a', from: 1, to: 2 },
          { name: 'c', from: 1, to: 2 },
        ],
      },
    ])
    expect(await lab.execute('modules')).toMatchObject([
      { name: 'a', version: 2 },
      { name: 'b', version: 1, error: { message: expect.stringMatching(/the number 7/) } },
      { name: 'c', version: 2 },
    ])
    const fixed = await lab.run({
      a: a2,
      b: { definition: adder(2), key: '2' },
      c: { definition: adder(100), key: '2' },
    })
    expect(fixed).toMatchObject([{ outcome: 'committed', modules: [{ name: 'b', from: 1, to: 2 }] }])
  })

  test('[ML2] the same for a text that does not compile', async () => {
    const lab = new TestEngine()
    const error = { message: 'bad', file: 'b.ts', line: 1, column: 1 }
    await lab.run({ a: { definition: adder(1) }, b: { definition: adder(1), key: '1' } })
    expect(await lab.run({ a: { definition: adder(1) }, b: { error } })).toMatchObject([{ outcome: 'rejected' }])
    expect(await lab.run({ a: { definition: adder(10) }, b: { error } })).toMatchObject([
      { outcome: 'committed', modules: [{ name: 'a' }] },
    ])
  })

  test('[ML2] a cycle is refused and named', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) }, b: { definition: adder(1), key: '1' } })
    const [receipt] = await lab.run({
      a: { definition: adder(1, { dependencies: ['b'] }) },
      b: { definition: adder(1, { dependencies: ['a'] }) },
    })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'evaluate' })
    expect(receipt?.error?.message).toMatch(/a → b → a|b → a → b/)
  })

  test('[ML2] at opening, one that cannot run does not keep the others from it, but those that need it', async () => {
    const lab = new TestEngine()
    const receipts = await lab.run({
      bad: { definition: 7 },
      needs: { definition: adder(1, { dependencies: ['bad'] }) },
      good: { definition: adder(1) },
      broken: { error: { message: 'syntax', file: 'broken.ts', line: 1, column: 1 } },
    })
    expect(receipts.map((receipt) => [receipt.outcome, receipt.modules.map((module) => module.name)])).toEqual([
      ['rejected', ['broken']],
      ['rejected', ['bad']],
      ['rejected', ['needs']],
      ['committed', ['good']],
    ])
    expect(await lab.execute('modules')).toMatchObject([
      { name: 'good', version: 1, status: 'running' },
      { name: 'bad', version: 0, status: 'failed' },
      { name: 'needs', version: 0, status: 'failed' },
      { name: 'broken', version: 0, status: 'failed' },
    ])
  })

  test('[ML2] a newer revision supersedes one that waits for its setup', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    const never = gate()
    const disposed: string[] = []
    const setup = ({ signal, onDispose }: { signal: AbortSignal; onDispose: (dispose: () => void) => void }) => {
      onDispose(() => disposed.push(`disposed, aborted ${signal.aborted}`))
      return never.passed
    }
    const first = lab.run({ a: { definition: adder(10, { setup }) } })
    await settle()
    const second = await lab.run({ a: { definition: adder(100) } })
    expect(await first).toMatchObject([{ outcome: 'superseded' }])
    expect(second).toMatchObject([{ outcome: 'committed', modules: [{ from: 1, to: 2 }] }])
    expect(disposed).toEqual(['disposed, aborted true'])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 100 })
  })

  test('[ML1] while setup is awaited the old version runs on, untouched', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    const ready = gate()
    const reload = lab.run({
      a: {
        definition: adder(10, {
          stateVersion: 2,
          migrate: (old: Counter) => ({ n: old.n + 1000 }),
          setup: () => ready.passed,
        }),
      },
    })
    await settle()
    await lab.execute('step', 5)
    expect(await lab.execute('state', 'a')).toEqual({ n: 5 })
    ready.open()
    expect(await reload).toMatchObject([
      { outcome: 'committed', moment: { frame: 5 }, stateChanges: [{ kind: 'migrated' }] },
    ])
    expect(await lab.execute('state', 'a')).toEqual({ n: 1005 })
  })
})

describe('manifest', () => {
  test('[ML2] modules come, go and keep their state under a new name', async () => {
    const lab = new TestEngine()
    const a = { definition: adder(1), key: '1', manifest: { path: 'a.ts' } }
    await lab.run({ a, b: { definition: adder(1), key: '1' } })
    await lab.execute('step', 4)
    const receipts = await lab.run({ renamed: a, c: { definition: adder(1) } })
    expect(receipts).toMatchObject([{ outcome: 'committed' }])
    expect(receipts[0]?.modules).toEqual([
      { name: 'a', from: 1 },
      { name: 'renamed', to: 1 },
      { name: 'c', to: 1 },
      { name: 'b', from: 1 },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'renamed')).toEqual({ n: 5 })
    expect(await lab.execute('state', 'c')).toEqual({ n: 1 })
    await expect(lab.execute('state', 'b')).rejects.toMatchObject({ code: 'unknown-module' })
  })

  test('a strategy that is not built is refused; what runs goes on, and so does the rest of the revision', async () => {
    const lab = new TestEngine()
    const a = { definition: adder(1), key: '1' }
    await lab.run({ a, b: { definition: adder(1), key: '1' } })
    const threaded = { ...a, manifest: { strategy: 'threaded' as const } }
    const receipts = await lab.run({ a: threaded, b: { definition: adder(10), key: '2' } })
    expect(receipts).toMatchObject([
      {
        outcome: 'rejected',
        modules: [{ name: 'a' }],
        error: { message: expect.stringContaining('"threaded" is not supported yet') },
      },
      { outcome: 'committed', modules: [{ name: 'b' }] },
    ])
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([{ id: 'manifest:a', source: 'manifest' }])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
    await lab.run({ a, b: { definition: adder(10), key: '2' } })
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
  })

  test('[FL2] rates, configuration and view change with the same code', async () => {
    const lab = new TestEngine()
    const seen: number[] = []
    const definition = {
      config: { speed: 1 },
      init: () => ({}),
      process: ({ dt, config }: { dt: number; config: { speed: number } }) => seen.push(dt, config.speed),
    }
    await lab.run({ a: { definition, key: '1' } })
    await lab.execute('step', 1)
    const receipts = await lab.run(
      { a: { definition, key: '1', manifest: { hz: 30, config: { speed: 7 } } } },
      { targetFps: 120 },
    )
    expect(receipts).toMatchObject([{ outcome: 'committed', modules: [{ name: 'a', from: 1, to: 1 }] }])
    await lab.execute('step', 4)
    expect(seen).toEqual([1 / 60, 1, 4 / 120, 7])
  })

  test('a removal that others need is refused, and does not block later changes', async () => {
    const lab = new TestEngine()
    const map = { definition: adder(1), key: '1' }
    const tank = { definition: adder(1, { dependencies: ['map'] }), key: '1' }
    await lab.run({ map, tank })
    const [receipt] = await lab.run({ tank })
    expect(receipt).toMatchObject({
      outcome: 'rejected',
      error: { message: 'tank depends on "map", which is not among the modules.' },
    })
    expect(await lab.run({ tank: { definition: adder(5, { dependencies: ['map'] }), key: '2' } })).toMatchObject([
      { outcome: 'committed' },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'map')).toEqual({ n: 1 })
  })

  test('[FL5] a change of math evaluates everything anew', async () => {
    const lab = new TestEngine()
    const seen: unknown[] = []
    const code = (globals: Readonly<Record<string, unknown>>) => {
      seen.push(globals['Math'])
      return { default: adder(1) }
    }
    await lab.run({ a: { code, key: '1' } })
    expect(await lab.run({ a: { code, key: '1' } }, { math: 'native' })).toMatchObject([{ outcome: 'committed' }])
    expect(seen).toHaveLength(2)
    expect(await lab.execute('status')).toMatchObject({ reproducible: false })
    expect(seen[0]).not.toBe(seen[1])
  })

  test('a repeated revision does nothing', async () => {
    const lab = new TestEngine()
    const modules = { a: { definition: adder(1), key: '1' } }
    await lab.run(modules)
    expect(await lab.run(modules)).toEqual([])
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

describe('receipts', () => {
  test('[ML11] every reload has one, with moment, versions, times, trigger and title', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    await lab.execute('step', 2)
    await lab.run({ a: { definition: adder(2) } })
    await lab.run({ a: { definition: 7 } })
    const receipts = await lab.execute('receipts')
    expect(receipts).toMatchObject([
      {
        id: 1,
        outcome: 'committed',
        trigger: 'open',
        modules: [{ name: 'a', to: 1 }],
        title: 'revision 1',
        revision: 1,
      },
      {
        id: 2,
        outcome: 'committed',
        trigger: 'save',
        modules: [{ name: 'a', from: 1, to: 2 }],
        moment: { timeline: 0, frame: 2 },
      },
      { id: 3, outcome: 'rejected', phase: 'evaluate', modules: [{ name: 'a', from: 2 }] },
    ])
    expect(lab.eventsOf('receipt').map((event) => event.receipt)).toEqual(receipts)
    expect(lab.eventsOf('receipt')[0]?.receipt.ms).toEqual({
      collect: 0,
      fetch: 0,
      rehearse: 0,
      evaluate: 0,
      migrate: 0,
      validate: 0,
      commit: 0,
      total: 0,
    })
  })

  test('[ML11] undo brings back the version before, on the state of now, step by step', async () => {
    const lab = new TestEngine()
    const modules = (step: number) => ({ a: { definition: adder(step), key: String(step) } })
    await lab.run(modules(1))
    await lab.run(modules(10))
    await lab.run(modules(100))
    await lab.execute('step', 1)
    expect(await lab.execute('undoReload', 'a')).toMatchObject({
      outcome: 'committed',
      trigger: 'undo',
      modules: [{ name: 'a', from: 3, to: 2 }],
    })
    await lab.execute('step', 1)
    expect(await lab.execute('undoReload', 'a')).toMatchObject({ modules: [{ name: 'a', from: 2, to: 1 }] })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 111 })
    await expect(lab.execute('undoReload', 'a')).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })

  test('[ML11] a text a user went back from stays out until it changes', async () => {
    const lab = new TestEngine()
    const a = (step: number) => ({ definition: adder(step), key: String(step) })
    await lab.run({ a: a(1), b: a(1) })
    await lab.run({ a: a(10), b: a(1) })
    await lab.execute('undoReload', 'a')
    expect(await lab.run({ a: a(10), b: a(2) })).toMatchObject([{ modules: [{ name: 'b' }] }])
    expect(await lab.run({ a: a(20), b: a(2) })).toMatchObject([{ modules: [{ name: 'a', from: 1, to: 3 }] }])
  })

  test('reload evaluates the present text afresh, unload takes a module out', async () => {
    const lab = new TestEngine()
    let evaluations = 0
    const code = () => {
      evaluations++
      return { default: adder(1) }
    }
    const revision = lab.revision({
      a: { code, key: '1' },
      b: { definition: adder(1, { dependencies: ['a'] }), key: '1' },
    })
    await lab.apply(revision)
    expect(await lab.execute('reload', 'a')).toMatchObject({
      outcome: 'committed',
      modules: [{ name: 'a', from: 1, to: 1 }],
    })
    expect(evaluations).toBe(2)
    await expect(lab.execute('reload', 'x')).rejects.toMatchObject({ code: 'unknown-module' })
    expect(await lab.execute('unload', 'a')).toMatchObject({
      outcome: 'rejected',
      error: { message: expect.stringContaining('b depends on "a"') },
    })
    expect(await lab.execute('unload', 'b')).toMatchObject({ outcome: 'committed', modules: [{ name: 'b', from: 1 }] })
    expect(
      await lab.run({ a: { code, key: '1' }, b: { definition: adder(1, { dependencies: ['a'] }), key: '1' } }),
    ).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ name: 'a' }])
    expect(await lab.execute('reload', 'b')).toMatchObject({ outcome: 'committed', modules: [{ name: 'b', to: 1 }] })
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
