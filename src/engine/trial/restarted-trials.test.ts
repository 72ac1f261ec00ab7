// Reloads on trial as an engine was given up for another.

import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { busy } from './testing-busy.ts'
import type { Context } from './testing-busy.ts'
import { GuardedEngine } from './testing-guard.ts'

/** Throws when it has run so many frames, whatever ran between. */
const old = (save: string, end: number): TestModule =>
  busy(save, ({ state }: Context): void => {
    const age = state['of'] === save ? Number(state['age']) + 1 : 1
    Object.assign(state, { of: save, age })
    if (age === end) throw new Error(`${save} is old`)
  })

async function step(lab: GuardedEngine, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) await lab.execute('step', 1)
}

test('[ML9] a version that comes back as the newer one hangs stands its whole trial', async () => {
  const lab = new GuardedEngine()
  onTestFinished(() => lab.dispose())
  await lab.save({ a: busy('a1') })
  await step(lab, 10)
  await lab.save({ a: old('a2', 90) })
  await step(lab, 50)
  await lab.save({ a: busy('a3') })
  await step(lab, 60)
  await lab.hangInLastFrame('a')
  expect(await lab.execute('modules')).toMatchObject([{ version: 2, status: 'trial' }])
  // 120 frames after it came, and forty of its own later.
  await step(lab, 45)
  const outcomes = lab.engine.core.receipts.list().map(({ outcome, trigger }) => `${trigger} ${outcome}`)
  expect(outcomes).toEqual(['open committed', 'save rolled-back', 'save rolled-back', 'hang committed'])
  expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running', missedFrames: 0 }])
})

test('[ML9] what was proven before the newer one came is tried no more', async () => {
  const lab = new GuardedEngine()
  onTestFinished(() => lab.dispose())
  await lab.save({ a: busy('a1') })
  await lab.save({ a: busy('a2') })
  await step(lab, 130)
  await lab.save({ a: busy('a3') })
  await step(lab, 20)
  await lab.hangInLastFrame('a')
  expect(await lab.execute('modules')).toMatchObject([{ version: 2, status: 'running' }])
})

test('[ML9] reloads that stand behind a newer one on trial are tried as well when that is taken back', async () => {
  const lab = new GuardedEngine()
  onTestFinished(() => lab.dispose())
  await lab.save({ a: busy('a1'), b: busy('b1') })
  await step(lab, 10)
  for (const [a, b] of [
    ['a2', 'b1'],
    ['a3', 'b1'],
    ['a3', 'b2'],
  ] as const) {
    await lab.save({ a: old(a, 40), b: busy(b) })
    await step(lab, 2)
  }
  await lab.hangInLastFrame('b')
  await step(lab, 100)
  const outcomes = lab.engine.core.receipts.list().map(({ outcome, trigger }) => `${trigger} ${outcome}`)
  expect(outcomes).toEqual(['open committed', ...Array(3).fill('save rolled-back'), 'hang committed'])
  expect(await lab.execute('modules')).toMatchObject([
    { version: 1, status: 'running', missedFrames: 0 },
    { version: 1, status: 'running', missedFrames: 0 },
  ])
})

test('[ML9] an engine that is given up right after it took a reload back leaves all its frames to the next', async () => {
  const lab = new GuardedEngine()
  onTestFinished(() => lab.dispose())
  await lab.save({ a: busy('a1'), b: busy('b1') })
  await step(lab, 10)
  await lab.save({ a: old('a2', 20), b: busy('b1') })
  await step(lab, 20)
  expect(lab.engine.core.receipts.list().at(-1)?.outcome).toBe('rolled-back')
  const before = lab.engine.core.program.hash()
  await lab.saveThatHangs({ a: busy('a1'), b: busy('b2') }, 'b', 'evaluate')
  expect(lab.engine.core.program.frame).toBe(30)
  expect(lab.engine.core.program.hash()).toBe(before)
})

describe('[ML9] what modules set up', () => {
  /** Counts in what it sets up, notes which are there; throws when it has run so many frames. */
  const world = (save: string, living: string[], end = Infinity, more: object = {}): TestModule => ({
    // What `setup` uses is another in each version.
    text: `const save = ${JSON.stringify(save)}`,
    ...busy(
      save,
      ({ state, resources }: Context & { readonly resources?: { by: string; total: number } }): void => {
        if (resources === undefined) throw new Error('nothing is set up')
        resources.total++
        Object.assign(state, { by: resources.by, total: resources.total })
        if (resources.by === save && resources.total - Number((state['since'] ??= resources.total)) === end)
          throw new Error(`${save} is old`)
      },
      {
        setup: ({ onDispose }: { onDispose: (dispose: () => void) => void }) => {
          living.push(save)
          onDispose(() => living.splice(living.indexOf(save), 1))
          return Promise.resolve({ by: save, total: 0 })
        },
        snapshot: ({ total }: { total: number }) => ({ total }),
        restore: (held: { total: number }, { total }: { total: number }) => void (held.total = total),
        ...more,
      },
    ),
  })

  const told = (lab: GuardedEngine) => lab.engine.core.problems.list().map(({ consequence }) => consequence)

  /** The same frames without that save, and without a hang. */
  async function plainOf(lab: GuardedEngine, modules: Readonly<Record<string, TestModule>>): Promise<GuardedEngine> {
    const plain = new GuardedEngine({ codeOf: lab })
    onTestFinished(() => plain.dispose())
    await plain.save(modules)
    await step(plain, lab.engine.core.program.frame)
    return plain
  }

  test('is made again for the version before: a reload is on trial still, and is taken back with its past', async () => {
    const living: string[] = []
    const lab = new GuardedEngine()
    onTestFinished(() => lab.dispose())
    const before = { a: world('a1', living), b: busy('b1') }
    await lab.save(before)
    await step(lab, 10)
    await lab.save({ a: world('a2', living, 60), b: busy('b1') })
    await step(lab, 20)
    await lab.saveThatHangs({ a: world('a2', living, 60), b: busy('b2') }, 'b', 'evaluate')
    expect(await lab.execute('modules')).toMatchObject([{ version: 2, status: 'trial' }, {}])
    await step(lab, 60)
    expect(told(lab)).toContain('v1 runs again, the frames since were computed again with it')
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running', missedFrames: 0 }, {}])
    const plain = await plainOf(lab, before)
    expect(lab.engine.core.program.hash()).toBe(plain.engine.core.program.hash())
  })

  test('and what the version before did is disposed when the trial is over', async () => {
    const living: string[] = []
    const lab = new GuardedEngine()
    onTestFinished(() => lab.dispose())
    await lab.save({ a: world('a1', living), b: busy('b1') })
    await step(lab, 10)
    await lab.save({ a: world('a2', living), b: busy('b1') })
    await step(lab, 20)
    await lab.saveThatHangs({ a: world('a2', living), b: busy('b2') }, 'b', 'evaluate')
    expect(living.toSorted()).toEqual(['a1', 'a2'])
    await step(lab, 100)
    expect(living).toEqual(['a2'])
    expect(await lab.execute('modules')).toMatchObject([{ version: 2, status: 'running' }, {}])
  })

  test('does not keep the past of another module from being computed', async () => {
    const living: string[] = []
    const lab = new GuardedEngine()
    onTestFinished(() => lab.dispose())
    const before = { a: world('a1', living), b: busy('b1') }
    await lab.save(before)
    await step(lab, 10)
    await lab.save({ ...before, b: old('b2', 60) })
    await step(lab, 20)
    await lab.saveThatHangs({ a: busy('a2'), b: old('b2', 60) }, 'a', 'evaluate')
    await step(lab, 60)
    expect(told(lab)).toContain('v1 runs again, the frames since were computed again with it')
    const plain = await plainOf(lab, before)
    expect(lab.engine.core.program.hash()).toBe(plain.engine.core.program.hash())
  })

  test('goes with all modules of a reload: they go back together', async () => {
    const living: string[] = []
    const lab = new GuardedEngine()
    onTestFinished(() => lab.dispose())
    const before = { a: world('a1', living), b: busy('b1'), c: busy('c1') }
    await lab.save(before)
    await step(lab, 10)
    const after = { a: busy('a2'), b: old('b2', 60), c: busy('c1') }
    await lab.save(after)
    await step(lab, 20)
    await lab.saveThatHangs({ ...after, c: busy('c2') }, 'c', 'evaluate')
    await step(lab, 60)
    expect(told(lab)).toContain('v1 runs again, the frames since were computed again with it')
    const plain = await plainOf(lab, before)
    expect(lab.engine.core.program.hash()).toBe(plain.engine.core.program.hash())
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no ground')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no water'))],
    ['never resolves', () => new Promise<never>(() => undefined)],
  ] as const)('and can not be made again, as `setup` %s: that module stays, the others go back', async (_, broken) => {
    let isBroken = false
    const setup = () => (isBroken ? broken() : { by: 'a1', total: 0 })
    const lab = new TestEngine()
    const first = lab.revision({ a: world('a1', [], Infinity, { setup }), b: busy('b1') })
    const second = lab.revision({ a: busy('a2'), b: old('b2', 60) })
    await lab.apply(first)
    await lab.execute('step', 10)
    await lab.apply(second)
    await lab.execute('step', 20)
    isBroken = true
    const next = new TestEngine({ codeOf: lab })
    const kept = { revision: second, texts: first.texts, entries: lab.core.history.journal.since(0) }
    const receipts = lab.core.receipts.list()
    const captures = lab.core.history.capture.store.buffer
    let isThere = false
    const took = next.execute('takeOver', { ...structuredClone({ ...kept, receipts }), captures }).finally(() => {
      isThere = true
    })
    // What does not come is waited for for three seconds of its clock.
    while (!isThere) {
      next.clock.advance(1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await took
    await next.execute('step', 60)
    expect(await next.execute('modules')).toMatchObject([
      { version: 2, missedFrames: 0 },
      { version: 1, missedFrames: 0 },
    ])
  })
})
