// A run of modules in threads of their own, replayed from frame 0 in one thread, with real texts on both sides.

import { expect, onTestFinished, test } from 'vitest'
import { drive, replayIn } from '../engine/journal/testing-replay.ts'
import type { ReplayResult } from '../protocol/replay.ts'
import { openingUntil, type TextModule, type ThreadLab } from './testing-threads.ts'

const open = openingUntil(onTestFinished)

const classes = `class Ball { constructor(x) { this.x = x } grow(by) { this.x += by } }
__coppice_classes__([['Ball', Ball, false]])`
const exported = (definition: string): string => `__vite_ssr_exportName__('default', () => (${definition}))`

/** Draws numbers, hears keys and messages, holds instances, and resources of its own. */
const sender = (step: number, more = ''): string => `${classes}
${exported(`{
  subscribe: ['note'], config: { speed: 1 },
  init: () => ({ n: 0, balls: Array.from({ length: 20 }, (_, i) => new Ball(i)), heard: [] }),
  setup: () => ({ total: 0 }),
  snapshot: ({ total }) => total,
  restore: (resources, total) => { resources.total = total },
  expose: ({ n }) => n,
  process({ state, config, random, frame, input, messages, publish, resources }) {
    state.n += ${step} * config.speed + (input.pressed('KeyA') ? 100 : 0)
    for (const ball of state.balls) ball.grow(random())
    for (const { data } of messages()) state.heard.push(data)
    resources.total += state.n
    if (frame % 3 === 0) publish('sent', { n: state.n, total: resources.total })
    ${more}
  },
}`)}`
const reader = exported(`{
  dependencies: ['a'], subscribe: ['sent'],
  init: () => ({ sum: 0, read: [] }),
  process({ state, deps, messages }) { state.sum += deps.a; for (const { data } of messages()) state.read.push(data.total) },
}`)

const program = (a: string): Readonly<Record<string, TextModule>> => ({
  a: { text: a, strategy: 'threaded' },
  b: { text: reader, strategy: 'pool' },
  c: { text: reader, strategy: 'sequential' },
})

/** Replays what ran so far in an engine of its own, all in one thread. */
const replayed = (lab: ThreadLab): Promise<ReplayResult> => replayIn(open(false).core, lab)

test('[ML11] what ran in threads of its own is the same replayed from frame 0 in one, whatever a user did and reloaded', async () => {
  const lab = open()
  const [first, second] = [program(sender(1)), program(sender(1, 'void 2'))]
  await lab.run(first)
  await drive(lab, 20)
  expect(lab.places()).toEqual({ a: 'there', b: 'there', c: 'here' })
  await lab.execute('setConfig', 'a', { speed: 3 })
  await lab.execute('setState', 'b', 'sum', 40)
  await drive(lab, 10)
  await lab.execute('resetModule', 'a')
  await lab.seated()
  await drive(lab, 10)
  await lab.run(second)
  await drive(lab, 10)
  expect(lab.places()).toEqual({ a: 'there', b: 'there', c: 'here' })
  expect(await replayed(lab)).toMatchObject({ kind: 'same', moment: { frame: 50 }, reloads: 1 })
})

test('[ML11] what a reload of a threaded module left behind is named, and that reloads are why', async () => {
  const lab = open()
  const [first, second] = [program(sender(1)), program(sender(2))]
  await lab.run(first)
  await drive(lab, 10)
  await lab.run(second)
  await drive(lab, 10)
  expect(lab.places()).toEqual({ a: 'there', b: 'there', c: 'here' })
  expect(await replayed(lab)).toMatchObject({
    kind: 'differs',
    moment: { frame: 20 },
    difference: { module: 'a', path: 'state.n' },
    cause: { kind: 'reloads', reloads: 1 },
  })
})
