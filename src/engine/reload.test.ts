// Reload transactions (ML1, ML2): what is refused, what waits, what is superseded; that what runs goes on.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

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

const throwUnprintable = (): never => {
  // A user's code may throw anything.
  throw Object.create(null)
}

describe('failures before the commit', () => {
  const cases: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['no default export', undefined, 'evaluate', /no default export/],
    ['a default export that is no module', 5, 'evaluate', /the number 5/],
    ['process missing', { init: () => ({}) }, 'evaluate', /`process` is missing/],
    ['init missing', { process: () => undefined }, 'evaluate', /`init` is missing/],
    ['a field of the wrong type', { ...adder(1), render: 3 }, 'evaluate', /`render` must be a function/],
    ['a bad subscription', { ...adder(1), subscribe: ['a::b'] }, 'evaluate', /empty segment/],
    ['tasks', { ...adder(1), tasks: { f: 1 } }, 'evaluate', /`tasks.f` must be a function/],
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

  test.each([
    ['at the top level', { code: () => throwUnprintable() }],
    ['in `init`', { definition: adder(10, { init: throwUnprintable }) }],
    ['in `setup`', { definition: adder(10, { setup: throwUnprintable }) }],
  ])('[ML1][LK1] what cannot be printed, thrown %s, is a rejection like any other', async (_place, module) => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: adder(1) } })
    expect(await lab.run({ a: module })).toMatchObject([
      { outcome: 'rejected', error: { message: expect.stringContaining('a value that cannot be printed') } },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
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

  test('[ML2] of revisions that wait together, the newest alone is evaluated', async () => {
    const lab = new TestEngine({ giveWay: (callback) => void settle().then(callback) })
    const evaluated: number[] = []
    const version = (step: number): TestModule => ({
      code: () => {
        evaluated.push(step)
        return { default: adder(step) }
      },
    })
    await lab.run({ a: version(1) })
    const receipts = await Promise.all([2, 3, 4].map((step) => lab.run({ a: version(step) })))
    expect(receipts.flat().map(({ outcome }) => outcome)).toEqual(['superseded', 'superseded', 'committed'])
    expect(evaluated).toEqual([1, 4])
  })

  test('[ML2] an opening that is superseded starts nothing; the revision after it does', async () => {
    const lab = new TestEngine()
    const never = gate()
    const first = lab.apply(lab.revision({ a: { definition: adder(1, { setup: () => never.passed }) } }), false)
    await settle()
    const second = lab.apply(lab.revision({ a: { definition: adder(1) } }), false)
    expect(await first).toMatchObject([{ outcome: 'superseded' }])
    expect(await second).toMatchObject([{ outcome: 'committed', modules: [{ name: 'a', to: 1 }] }])
    expect(await lab.execute('status')).toMatchObject({ running: true, frame: 0 })
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
      {
        outcome: 'committed',
        moment: { frame: 5 },
        stateChanges: [{ kind: 'migrated' }, { kind: 'resources-rebuilt' }],
      },
    ])
    expect(await lab.execute('state', 'a')).toEqual({ n: 1005 })
  })
})
