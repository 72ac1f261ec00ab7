// Tasks: asked for in a frame, computed elsewhere, read in a later frame; and how they fare in reloads, throws and re-simulation.

import { describe, expect, test } from 'vitest'
import { contentHash } from '../../protocol/values.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { TestTasks } from '../testing-tasks.ts'

interface Context {
  readonly state: { asked: number[]; got: unknown[] }
  readonly frame: number
  readonly runTask: (task: string, data: unknown) => number
  readonly results: (task?: string) => unknown[]
}

/** Asks `double` for its frame in the frames given, and keeps what comes. */
function asking(frames: readonly number[], more: object = {}, then: (context: Context) => void = () => {}): TestModule {
  return {
    definition: {
      tasks: { double: (data: number) => data * 2, other: () => 0 },
      init: () => ({ asked: [], got: [] }),
      process: (context: Context) => {
        const { state, frame, runTask, results } = context
        state.got.push(...results())
        if (frames.includes(frame)) state.asked.push(runTask('double', frame))
        then(context)
      },
      ...more,
    },
  }
}

async function open(module: TestModule, more: Readonly<Record<string, TestModule>> = {}) {
  const tasks = new TestTasks()
  const lab = new TestEngine({ tasks })
  await lab.run({ a: module, ...more })
  return { lab, tasks }
}

const stateOf = (lab: TestEngine): Promise<unknown> => lab.execute('state', 'a')
const value = (id: number, result: number) => ({ id, task: 'double', ok: true, value: result })

describe('[TK1] a task', () => {
  test('goes out when its frame is done; its result is in the next frame after it came', async () => {
    const { lab, tasks } = await open(asking([1, 2]))
    await lab.execute('step', 2)
    expect(tasks.out.map(({ order }) => order)).toMatchObject([
      { module: 'a', path: 'a.ts', task: 'double', id: 1, data: 1, seed: 1 },
      { module: 'a', task: 'double', id: 2, data: 2 },
    ])
    expect(await lab.execute('modules')).toMatchObject([{ tasks: { waiting: 2, running: 0, failed: 0 } }])
    await lab.execute('step', 5)
    expect(await stateOf(lab)).toEqual({ asked: [1, 2], got: [] })
    tasks.out[0]?.watch.began()
    expect(await lab.execute('modules')).toMatchObject([{ tasks: { waiting: 1, running: 1 } }])
    tasks.double()
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toEqual({ asked: [1, 2], got: [value(1, 2), value(2, 4)] })
    const [info] = Object.values(Object(await lab.execute('modules')))
    expect(info).not.toHaveProperty('tasks')
  })

  test('is part of the hash while it is pending, and so is a result that is not read', async () => {
    const ofProcess = (process: (context: Context) => void): TestModule => asking([], { process })
    const { lab, tasks } = await open(
      ofProcess(({ frame, runTask }) => {
        if (frame === 2) runTask('double', 1)
      }),
    )
    const without = new TestEngine()
    await without.run({ a: ofProcess(() => {}) })
    await lab.execute('step', 1)
    await without.execute('step', 1)
    expect(lab.core.program.hash()).toBe(without.core.program.hash())
    await lab.execute('step', 1)
    await without.execute('step', 1)
    const pending = lab.core.program.hash()
    expect(pending).not.toBe(without.core.program.hash())
    tasks.double()
    await lab.execute('step', 1)
    await without.execute('step', 1)
    expect(lab.core.program.hash()).not.toBe(without.core.program.hash())
  })

  test('results can be read by name, and those not read stay', async () => {
    const reading = asking([], {
      process: ({ state, frame, runTask, results }: Context) => {
        if (frame === 1) state.asked.push(runTask('double', 1), runTask('other', 2), runTask('double', 3))
        if (frame === 2) state.got.push(results('other'))
        if (frame === 3) state.got.push(results())
      },
    })
    const { lab, tasks } = await open(reading)
    await lab.execute('step', 1)
    tasks.double()
    await lab.execute('step', 2)
    expect(await stateOf(lab)).toMatchObject({ asked: [1, 2, 3], got: [[{ id: 2 }], [{ id: 1 }, { id: 3 }]] })
  })

  test('what can be none is refused where it is asked for', async () => {
    const { lab } = await open(asking([], {}, ({ runTask }) => runTask('twice', 1)))
    await lab.execute('step', 1)
    expect(lab.core.problems.get('run:a')?.message).toMatch(/no task of that name. Tasks: double, other/)
    const other = await open(asking([], {}, ({ runTask }) => runTask('double', { then: { f: () => 1 } })))
    await other.lab.execute('step', 1)
    expect(other.lab.core.problems.get('run:a')?.message).toMatch(/data\.then\.f is a function/)
  })

  test('where there is nothing to compute it, it fails and says so', async () => {
    const lab = new TestEngine()
    await lab.run({ a: asking([1]) })
    await lab.execute('step', 2)
    expect(await stateOf(lab)).toMatchObject({
      got: [{ id: 1, ok: false, error: expect.stringContaining('not computed here') }],
    })
  })
})

test('[TK2] one that fails gives an error result, a line in the log, and is counted', async () => {
  const { lab, tasks } = await open(asking([1, 2]))
  await lab.execute('step', 2)
  tasks.end(() => ({ ok: false, error: { message: 'no way there', file: 'a.ts', line: 3, column: 5 } }))
  tasks.end(() => ({ ok: true, value: { f: () => 1 } }))
  await lab.execute('step', 1)
  expect(await stateOf(lab)).toMatchObject({
    got: [
      { id: 1, task: 'double', ok: false, error: 'no way there' },
      { id: 2, ok: false, error: expect.stringContaining('result.f is a function') },
    ],
  })
  expect(lab.core.logBook.filter({ level: 'error' })).toMatchObject([
    { module: 'a', text: 'task double: no way there', position: { file: 'a.ts', line: 3, column: 5 } },
    { text: expect.stringContaining('result.f') },
  ])
  expect(await lab.execute('modules')).toMatchObject([{ tasks: { waiting: 0, running: 0, failed: 2 } }])
})

describe('[FL8] in a frame that does not count', () => {
  test('nothing is asked for, and what was read is unread', async () => {
    const { lab, tasks } = await open(
      asking([1, 3], {}, ({ frame }) => {
        if (frame === 3) throw new Error('not this time')
      }),
    )
    await lab.execute('step', 1)
    tasks.double()
    // Its result comes into frame 2 by a frame that reads it: make it come into the one that throws.
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toMatchObject({ asked: [1], got: [value(1, 2)] })
    await lab.execute('step', 1)
    expect(tasks.out).toEqual([])
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toMatchObject({ asked: [1], got: [value(1, 2)] })
  })

  test('a result that came into it is read in the next one', async () => {
    const { lab, tasks } = await open(
      asking([1], {}, ({ frame }) => {
        if (frame === 2) throw new Error('not this time')
      }),
    )
    await lab.execute('step', 1)
    tasks.double()
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toMatchObject({ got: [] })
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toMatchObject({ got: [value(1, 2)] })
  })
})

describe('[TK3] over reloads and other pasts', () => {
  test('a result goes to the new version, and is computed by the code that asked', async () => {
    const { lab, tasks } = await open(asking([1]))
    await lab.execute('step', 1)
    const asked = tasks.out[0]?.order.entry
    await lab.run({ a: asking([], { tasks: {} }) })
    await lab.execute('step', 1)
    expect(tasks.out[0]?.order.entry).toBe(asked)
    tasks.double()
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toEqual({ asked: [1], got: [value(1, 2)] })
  })

  test('a renamed module keeps what it asked for; what one that went asked for is called off', async () => {
    const { lab, tasks } = await open(asking([1]), { b: asking([1]) })
    await lab.execute('step', 1)
    await lab.run({ c: { ...asking([]), manifest: { path: 'a.ts' } } })
    await lab.execute('step', 1)
    expect(tasks.out.map(({ order }) => order.module)).toEqual(['c'])
    tasks.double()
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'c')).toMatchObject({ got: [value(1, 2)] })
  })

  test('what a version asked for that was taken back is called off; its past asks anew', async () => {
    const { lab, tasks } = await open(asking([3], {}))
    await lab.execute('step', 2)
    await lab.run({
      a: asking([3, 4, 5], {}, ({ frame }) => {
        if (frame === 6) throw new Error('not this time')
      }),
    })
    await lab.execute('step', 3)
    expect(tasks.out.map(({ order }) => order.id)).toEqual([1, 2, 3])
    tasks.double()
    await lab.execute('step', 1)
    expect(lab.core.receipts.list().at(-1)?.outcome).toBe('rolled-back')
    // The same question, but asked by other code: its recorded result is not taken for it.
    expect(tasks.out.map(({ order }) => [order.id, order.data])).toEqual([[1, 3]])
    expect(await stateOf(lab)).toEqual({ asked: [1], got: [] })
    tasks.double()
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toEqual({ asked: [1], got: [value(1, 6)] })
  })

  test('a reset calls off what is under way; undone, it is asked for again', async () => {
    const { lab, tasks } = await open(asking([2]))
    await lab.execute('step', 2)
    await lab.execute('reset')
    expect([tasks.out.length, tasks.calledOff]).toEqual([0, 1])
    await lab.execute('undoReset')
    expect(tasks.out.map(({ order }) => order.data)).toEqual([2])
    tasks.double()
    await lab.execute('step', 1)
    expect(await stateOf(lab)).toMatchObject({ got: [value(1, 4)] })
  })

  test('another engine that takes over runs again what has no recorded result, and has the same hash', async () => {
    const tasks = new TestTasks()
    const lab = new TestEngine({ tasks })
    const revision = lab.revision({ a: asking([2, 3, 9]) })
    await lab.apply(revision)
    await lab.execute('step', 5)
    tasks.end(({ data }) => ({ ok: true, value: Number(data) * 2 }))
    await lab.execute('step', 5)
    const again = new TestTasks()
    const other = new TestEngine({ codeOf: lab, tasks: again })
    const source = { revision, texts: revision.texts, entries: lab.core.history.journal.since(0) }
    await other.execute('takeOver', { ...structuredClone(source), captures: lab.core.history.capture.store.buffer })
    await other.execute('step', 1)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
    expect(again.out.map(({ order }) => order.data)).toEqual([3, 9])
    for (const [engine, pool] of [[lab, tasks] as const, [other, again] as const]) {
      pool.double()
      await engine.execute('step', 3)
    }
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
    expect(await stateOf(other)).toMatchObject({ got: [value(1, 4), value(2, 6), value(3, 18)] })
  })
})

test('[HS2] a result is recorded as an input, by its question', async () => {
  const { lab, tasks } = await open(asking([1]))
  await lab.execute('step', 1)
  tasks.double()
  await lab.execute('step', 1)
  const entry = lab.core.history.journal.since(0).find(({ input }) => input.kind === 'task')
  expect(entry).toMatchObject({ frame: 2, input: { module: 'a', id: 1, outcome: { ok: true, value: 2 } } })
  // One that answers another question is not taken for it.
  const { tasks: book } = lab.core.program
  book.port('a').run('double', 5, contentHash('x'))
  book.settle('a', 2, 'another question', { ok: true, value: 1 })
  expect(book.port('a').pending).toHaveLength(1)
})
