// The loop as a host drives it: open, run, pause, step, reload. Details of each rule stand beside their files.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'

interface Counter {
  n: number
}

function counter(step: number): object {
  return {
    init: () => ({ n: 0 }),
    process({ state }: { state: Counter }) {
      state.n += step
    },
  }
}

describe('engine', () => {
  test('[FL7] a program can be opened paused at frame 0', async () => {
    const lab = new TestEngine()
    await lab.apply(lab.revision({ a: { definition: counter(1) } }), true)
    expect(await lab.execute('status')).toMatchObject({
      frame: 0,
      timeline: 0,
      paused: true,
      running: false,
      modulesLoaded: 1,
    })
    lab.clock.advance(500)
    expect(await lab.execute('state', 'a')).toEqual({ n: 0 })
  })

  test('[FL4] step runs exactly n frames', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: counter(1) } })
    await lab.execute('step', 1)
    await lab.execute('step', 10)
    expect(await lab.execute('status')).toMatchObject({ frame: 11, paused: true })
    expect(await lab.execute('state', 'a')).toEqual({ n: 11 })
  })

  test('[FL3] runs at the target rate, pauses and resumes', async () => {
    const lab = new TestEngine()
    await lab.apply(lab.revision({ a: { definition: counter(1) } }), false)
    lab.clock.advance(1000.5)
    expect(await lab.execute('status')).toMatchObject({ frame: 60, running: true })
    await lab.execute('pause')
    lab.clock.advance(1000)
    expect(await lab.execute('status')).toMatchObject({ frame: 60, paused: true })
    await lab.execute('resume')
    lab.clock.advance(500.5)
    expect(await lab.execute('status')).toMatchObject({ frame: 90 })
  })

  test('[ML1] new code runs on the old state from the next frame on', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: counter(1) } })
    await lab.execute('step', 5)
    const receipts = await lab.run({ a: { definition: counter(100) } })
    expect(receipts).toMatchObject([
      { outcome: 'committed', modules: [{ name: 'a', from: 1, to: 2 }], moment: { timeline: 0, frame: 5 } },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 105 })
  })

  test('[FL4] reset starts a new timeline, and can be undone', async () => {
    const lab = new TestEngine()
    await lab.run({ a: { definition: counter(1) } })
    await lab.execute('step', 5)
    await lab.execute('reset')
    expect(await lab.execute('status')).toMatchObject({ frame: 0, timeline: 1, canUndoReset: true })
    await lab.execute('step', 2)
    expect(await lab.execute('state', 'a')).toEqual({ n: 2 })
    await lab.execute('undoReset')
    expect(await lab.execute('status')).toMatchObject({ frame: 5, timeline: 0, canUndoReset: false })
    expect(await lab.execute('state', 'a')).toEqual({ n: 5 })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 6 })
    await expect(lab.execute('undoReset')).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })
})
