// An undo with the state: the program is where it would be had the reload, or the reset of a module, never been.

import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number }
  readonly random: () => number
  readonly messages: () => { data: unknown }[]
}

const counter = (key: string, by: number, more: object = {}): TestModule => ({
  key,
  definition: {
    subscribe: ['note'],
    init: () => ({ n: 0 }),
    process: ({ state, random, messages }: Context) => void (state.n += by + random() + messages().length * 100),
    ...more,
  },
})

function opened(codeOf?: TestEngine): TestEngine {
  const lab = new TestEngine(codeOf === undefined ? {} : { codeOf })
  onTestFinished(() => lab.core.dispose())
  return lab
}

async function drive(lab: TestEngine, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    if (lab.core.program.frame % 9 === 4) await lab.execute('publish', 'note', 'from outside')
    await lab.execute('step', 1)
  }
}

/** The same run without what `lab` took back. */
async function plainRun(
  lab: TestEngine,
  modules: Readonly<Record<string, TestModule>>,
  frames: number,
): Promise<string> {
  const plain = opened(lab)
  await plain.run(modules)
  await drive(plain, frames)
  return plain.core.program.hash()
}

const before = { a: counter('1', 1), b: counter('1', 5) }

describe('[ML11] an undo with the state', () => {
  test('on trial: all is as if the reload had never been', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 10)
    await lab.run({ ...before, a: counter('2', 1000) })
    await drive(lab, 20)
    expect(await lab.execute('undoReload', 'a', { state: 'before' })).toMatchObject({
      outcome: 'committed',
      trigger: 'undo',
      modules: [{ name: 'a', from: 2, to: 1 }],
      stateChanges: [{ kind: 'taken-back', words: expect.stringContaining('frames 11 to 30 computed again') }],
    })
    expect(lab.core.program.hash()).toBe(await plainRun(lab, before, 30))
    expect(await lab.execute('modules')).toMatchObject([{ status: 'running', version: 1 }, { status: 'running' }])
  })

  test('long after its trial', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 10)
    await lab.run({ ...before, a: counter('2', 1000) })
    await drive(lab, 200)
    await lab.execute('undoReload', 'a', { state: 'before' })
    expect(lab.core.program.hash()).toBe(await plainRun(lab, before, 210))
    // The text that was left stays out, and can be brought back.
    await lab.run({ ...before, a: counter('2', 1000), b: counter('3', 7) })
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }, { version: 2 }])
    expect(await lab.execute('redoReload', 'a')).toMatchObject({ outcome: 'committed', modules: [{ from: 1, to: 2 }] })
  })

  test('a reload after it is done again', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 10)
    await lab.run({ ...before, a: counter('2', 1000) })
    await drive(lab, 10)
    await lab.run({ a: counter('2', 1000), b: counter('2', 7) })
    await drive(lab, 10)
    await lab.execute('undoReload', 'a', { state: 'before' })
    const plain = opened(lab)
    await plain.run(before)
    await drive(plain, 20)
    await plain.run({ ...before, b: counter('2', 7) })
    await drive(plain, 10)
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
  })

  test('undoes a reset of a module', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 10)
    await lab.execute('resetModule', 'a')
    await drive(lab, 10)
    expect(await lab.execute('undoReload', 'a', { state: 'before' })).toMatchObject({ outcome: 'committed' })
    expect(lab.core.program.hash()).toBe(await plainRun(lab, before, 20))
    await expect(lab.execute('undoReload', 'a', { state: 'before' })).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })

  test('where the frames since can not be computed again, the state of its commit goes on', async () => {
    const lab = opened()
    // Resources of the version before are gone after the trial, and nothing can make them at once.
    const first = counter('1', 1, { setup: () => Promise.resolve({ first: 1 }) })
    const second = counter('2', 1000, { setup: () => Promise.resolve({ second: 2 }) })
    const setup = { a: first, b: counter('1', 5) }
    await lab.run(setup)
    await drive(lab, 9)
    const state = await lab.execute('state', 'a')
    await drive(lab, 1)
    await lab.run({ ...setup, a: second })
    await drive(lab, 200)
    const others = await lab.execute('state', 'b')
    expect(await lab.execute('undoReload', 'a', { state: 'before' })).toMatchObject({
      outcome: 'committed',
      modules: [{ name: 'a', from: 2, to: 1 }],
      stateChanges: [{ kind: 'taken-back', words: expect.stringMatching(/^State of frame 9,/) }, {}],
    })
    expect(await lab.execute('state', 'a')).toEqual(state)
    expect(await lab.execute('state', 'b')).toEqual(others)
  })

  test('is refused where there was none, and where the choice is none', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 3)
    await expect(lab.execute('undoReload', 'a', { state: 'before' })).rejects.toMatchObject({ code: 'nothing-to-undo' })
    await expect(lab.execute('undoReload', 'a', { state: 'never' })).rejects.toMatchObject({
      code: 'malformed-command',
    })
  })
})

describe('[ML11] a redo with the state', () => {
  const bad = counter('2', 1000)

  test.each([undefined, { state: 'before' }])(
    'brings back what the undo (%j) left, and nothing else',
    async (options) => {
      const lab = opened()
      await lab.run(before)
      await drive(lab, 10)
      await lab.run({ ...before, a: bad })
      await drive(lab, 20)
      const left = await lab.execute('state', 'a')
      await lab.execute('undoReload', 'a', ...(options === undefined ? [] : [options]))
      await drive(lab, 7)
      const others = await lab.execute('state', 'b')
      expect(await lab.execute('redoReload', 'a', { state: 'undone' })).toMatchObject({
        outcome: 'committed',
        title: 'redo a, state too',
        modules: [{ name: 'a', from: 1, to: 2 }],
        stateChanges: [{ kind: 'taken-back', words: 'State of frame 30, when it was undone' }],
      })
      expect(await lab.execute('state', 'a')).toEqual(left)
      expect(await lab.execute('state', 'b')).toEqual(others)
      // It is what the file says: the next save of another leaves it.
      await lab.run({ a: bad, b: counter('2', 7) })
      expect(await lab.execute('modules')).toMatchObject([{ version: 2 }, { version: 2 }])
      // And it can be undone again.
      await drive(lab, 3)
      expect(await lab.execute('undoReload', 'a')).toMatchObject({
        outcome: 'committed',
        modules: [{ from: 2, to: 1 }],
      })
    },
  )

  test('goes on version by version, each with its own state', async () => {
    const lab = opened()
    const seen: unknown[] = []
    await lab.run(before)
    for (const key of ['2', '3']) {
      await drive(lab, 5)
      await lab.run({ ...before, a: counter(key, 100) })
    }
    for (let undo = 0; undo < 2; undo++) {
      await drive(lab, 5)
      seen.push(await lab.execute('state', 'a'))
      await lab.execute('undoReload', 'a')
    }
    for (const version of [2, 3]) {
      await lab.execute('redoReload', 'a', { state: 'undone' })
      expect(await lab.execute('state', 'a')).toEqual(seen.pop())
      expect(await lab.execute('modules')).toMatchObject([{ version }, {}])
    }
  })

  test('brings back all modules that were undone together', async () => {
    const lab = opened()
    await lab.run(before)
    await drive(lab, 10)
    await lab.run({ a: bad, b: counter('2', 7) })
    await drive(lab, 10)
    const hash = await Promise.all(['a', 'b'].map((name) => lab.execute('state', name)))
    await lab.execute('undoReload', 'a', { state: 'before' })
    await drive(lab, 10)
    expect(await lab.execute('redoReload', 'b', { state: 'undone' })).toMatchObject({
      modules: [
        { name: 'a', to: 2 },
        { name: 'b', to: 2 },
      ],
    })
    expect(await Promise.all(['a', 'b'].map((name) => lab.execute('state', name)))).toEqual(hash)
  })

  test('is refused where nothing was undone, and where the state could not be kept; the code comes back without it', async () => {
    const lab = opened()
    const odd = counter('odd', 1, {
      process: ({ state }: { state: Record<string, unknown> }) => void (state['how'] = () => 1),
      allowNaN: true,
    })
    await lab.run(before)
    await drive(lab, 3)
    const redo = () => lab.execute('redoReload', 'a', { state: 'undone' })
    await expect(redo()).rejects.toMatchObject({ code: 'nothing-to-undo', message: 'No reload of a was undone.' })
    await lab.run({ ...before, a: bad })
    await lab.run({ ...before, a: odd })
    lab.core.trials.clear()
    await drive(lab, 3)
    await lab.execute('undoReload', 'a')
    await expect(redo()).rejects.toMatchObject({
      code: 'nothing-to-undo',
      message: expect.stringMatching(/not kept any more/),
    })
    expect(await lab.execute('redoReload', 'a')).toMatchObject({ outcome: 'committed' })
    await expect(lab.execute('redoReload', 'a', { state: 'before' })).rejects.toMatchObject({
      code: 'malformed-command',
    })
  })
})
