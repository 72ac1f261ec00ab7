// Reloads on trial as an engine was given up for another.

import { expect, onTestFinished, test } from 'vitest'
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
