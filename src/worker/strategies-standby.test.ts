// What a second engine does for modules that run beside the engine's thread: it computes their frames again (HS6), tries out their new
// code (ML4), and replays their run (ML11), all in one thread. And what of them can be looked at, wherever their state is.

import { describe, expect, onTestFinished, test } from 'vitest'
import type { Strategy } from '../protocol/manifest.ts'
import { rehearse } from '../engine/journal/rehearsal.ts'
import { replayIn } from '../engine/journal/testing-replay.ts'
import { verify } from '../engine/journal/verification.ts'
import { openingUntil, type TextModule, type ThreadLab } from './testing-threads.ts'

const open = openingUntil(onTestFinished)

/** Counts, remembers and speaks; `more` is done in each call. */
const counting = (step: number, more = ''): string => `
class Ball { constructor(x) { this.x = x } }
__coppice_classes__([['Ball', Ball, false]])
__vite_ssr_exportName__('default', () => ({
  subscribe: ['ball'],
  init: () => ({ n: 0, balls: [], by: new Map() }),
  setup: () => ({ total: 0 }),
  snapshot: ({ total }) => ({ total }),
  restore: (resources, data) => Object.assign(resources, data),
  process({ state, resources, random, frame, messages, publish }) {
    state.n += ${step} + random()
    resources.total += messages().length
    state.total = resources.total
    state.balls.push(new Ball(state.n))
    if (state.balls.length > 30) state.balls.shift()
    state.by.set(frame % 5, { hp: frame % 20 })
    if (frame % 3 === 0) publish('ball', frame)
    ${more}
  },
}))`
const leaking = `let leak = 0\n${counting(1, 'state.leak = ++leak')}`

const program = (text = counting(2)): Readonly<Record<string, TextModule>> => ({
  a: { text: counting(1), strategy: 'threaded' },
  b: { text, strategy: 'pool', hz: 30 },
  c: { text: counting(3), strategy: 'sequential' },
})

/** `lab` with another engine as its standby, as two workers of one page. */
async function haveStandby(lab: ThreadLab): Promise<void> {
  const { core } = open(false)
  const { standbyWork: work } = core
  const captures = lab.core.history.capture.store.buffer
  lab.useStandby({
    rehearse: (request, copy) =>
      work.exclusively(() => rehearse(core, work, structuredClone(request), copy ?? captures)),
    verify: (request, copy) => work.exclusively(() => verify(core, work, structuredClone(request), copy ?? captures)),
  })
  while (!lab.core.rehearsals.isWarm) await new Promise((resolve) => setTimeout(resolve))
}

/** Runs on, with time for frames to be computed again. */
async function verified(lab: ThreadLab): Promise<void> {
  for (let i = 0; i < 4; i++) {
    lab.clock.advance(100_000)
    await lab.execute('step', 30)
    for (let turns = 0; turns < 200; turns++) await Promise.resolve()
  }
}

const allAway = { a: 'there', b: 'there', c: 'here' }

describe('[HS6] frames of modules in other threads, computed again in the standby', () => {
  test('come out the same, over messages, edits, a reload and a change of strategy', async () => {
    const lab = open()
    await lab.run(program())
    await lab.execute('step', 20)
    await haveStandby(lab)
    await verified(lab)
    expect(lab.places()).toEqual(allAway)
    await lab.execute('publish', 'ball', { from: 'outside' })
    await lab.execute('setState', 'a', 'n', 17)
    await lab.run(program(counting(5)))
    await verified(lab)
    const { b, ...rest } = program(counting(5))
    await lab.run({ ...rest, b: { text: b?.text ?? '', hz: 30, strategy: 'threaded' } })
    await verified(lab)
    expect(lab.places()).toEqual(allAway)
    expect(lab.core.problems.list()).toEqual([])
    expect(await lab.execute('status')).toMatchObject({ reproducible: true })
  })

  test.each<Strategy>(['threaded', 'pool'])(
    'a leak in a module that is %s is told with module, frame and field',
    async (strategy) => {
      const lab = open()
      await lab.run({ a: { text: counting(1), strategy: 'threaded' }, leak: { text: leaking, strategy } })
      await lab.execute('step', 20)
      await haveStandby(lab)
      await verified(lab)
      expect(lab.places()).toEqual({ a: 'there', leak: 'there' })
      expect(lab.core.problems.list()).toMatchObject([
        {
          id: 'reproducibility:leak',
          module: 'leak',
          message: expect.stringMatching(
            /^Frame \d+ of leak, computed again, came out another way: state\.leak is \d+/,
          ),
        },
      ])
    },
  )
})

test('[ML4] new code of a module in another thread is tried out first, and one that throws never gets there', async () => {
  const lab = open()
  await lab.run(program())
  await lab.execute('step', 20)
  await haveStandby(lab)
  const before = lab.core.program.hash()
  expect(await lab.run(program(counting(5, "throw new Error('never')")))).toMatchObject([
    { outcome: 'rejected', phase: 'rehearse', error: { message: 'never', file: 'b.ts' } },
  ])
  expect(lab.core.program.hash()).toBe(before)
  await lab.execute('step', 2)
  expect(lab.places()).toEqual(allAway)
  expect(await lab.run(program(counting(7)))).toMatchObject([{ outcome: 'committed' }])
})

test('[ML11] a run of modules in other threads, replayed from frame 0, is the same, or the first difference is named', async () => {
  const lab = open()
  await lab.run(program())
  for (let i = 0; i < 4; i++) {
    await lab.execute('publish', 'ball', i)
    await lab.execute('step', 9)
  }
  await lab.execute('resetModule', 'a')
  await lab.execute('setState', 'b', 'n', 17)
  await lab.execute('step', 9)
  expect(lab.places()).toEqual(allAway)
  expect(await replayIn(open(false).core, lab)).toMatchObject({ kind: 'same', moment: { timeline: 0, frame: 45 } })
  await lab.run(program(counting(4)))
  await lab.execute('step', 9)
  expect(await replayIn(open(false).core, lab)).toMatchObject({
    kind: 'differs',
    difference: { module: 'b', path: 'state.n' },
    cause: { kind: 'reloads', reloads: 1 },
  })
})

test('[ST1] what is looked at, searched, hashed and edited is the same wherever the state is', async () => {
  const looked = async (lab: ThreadLab): Promise<readonly unknown[]> => {
    await lab.run(program())
    const seen: unknown[] = []
    for (let i = 0; i < 3; i++) {
      await lab.execute('step', 8)
      for (const module of ['a', 'b']) {
        // As the panel asks for a pinned entity: alone, and what stands above it by its place.
        const expanded = [
          { path: [] },
          { path: ['balls'], first: 2, count: 1 },
          { path: ['balls', 2] },
          { path: ['by'] },
        ]
        seen.push(
          await lab.execute('inspect', { module, expanded }),
          await lab.execute('findState', module, 'balls.*.x'),
          await lab.execute('findState', module, 'hp < 10'),
          await lab.execute('stateHash', module, 'balls'),
        )
      }
      await lab.execute('setState', 'a', 'balls[2].x', i)
    }
    return seen
  }
  const lab = open()
  const there = await looked(lab)
  await lab.execute('step', 1)
  expect(lab.places()).toEqual(allAway)
  expect(there).toEqual(await looked(open(false)))
  expect(there.slice(0, 4)).toMatchObject([{ root: { size: 4 } }, { total: 8 }, { total: 5 }, expect.any(String)])
})
