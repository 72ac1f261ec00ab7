// Modules that run below the frame rate: when they are called, with what `dt`, over reloads and changes of rate.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Call {
  readonly frame: number
  readonly dt: number
  readonly time: number
}

function noting(calls: Call[], hz: number, key: string): TestModule {
  const process = ({ frame, dt, time, state }: Call & { state: { n: number } }): void => {
    state.n++
    calls.push({ frame, dt, time })
  }
  return { definition: { init: () => ({ n: 0 }), process }, key, manifest: { hz } }
}

test('[FL2] from 0.1 Hz to the frame rate: every n-th frame, its phase untouched by reloads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0.1, 0.25, 0.5, 1, 3, 7, 10, 24, 29, 31, 59, 60),
      fc.constantFrom(30, 60, 90),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
      async (hz, targetFps, reloadsAfter) => {
        const calls: Call[] = []
        const lab = new TestEngine({ history: { budgetShare: 0.0001 } })
        await lab.run({ slow: noting(calls, Math.min(hz, targetFps), '0') }, { targetFps })
        for (const [index, frames] of reloadsAfter.entries()) {
          await lab.execute('step', frames)
          await lab.run({ slow: noting(calls, Math.min(hz, targetFps), String(index + 1)) }, { targetFps })
        }
        const last = lab.core.program.frame
        const n = Math.round(targetFps / Math.min(hz, targetFps))
        const due = Array.from({ length: Math.floor(last / n) }, (_, i) => (i + 1) * n)
        expect(calls).toEqual(due.map((frame) => ({ frame, dt: n / targetFps, time: frame / targetFps })))
        expect(lab.core.program.module('slow')?.seen).toEqual({ n: due.length })
      },
    ),
    { numRuns: 25 },
  )
}, 60_000)

test('[ML8][FL2] a module of 0.1 Hz is on trial for ten calls, and taken back in the last of them', async () => {
  const lab = new TestEngine({ history: { budgetShare: 0.0001 } })
  const slow = (key: string, failsAt: number): TestModule => ({
    key,
    manifest: { hz: 0.1 },
    definition: {
      init: () => ({ n: 0 }),
      process: ({ state, frame }: { state: { n: number }; frame: number }) => {
        state.n++
        if (frame === failsAt) throw new Error('not the tenth time')
      },
    },
  })
  await lab.run({ slow: slow('1', 0) }, { targetFps: 10 })
  await lab.execute('step', 50)
  await lab.run({ slow: slow('2', 1000) }, { targetFps: 10 })
  await lab.execute('step', 940)
  expect(await lab.execute('modules')).toMatchObject([
    { status: 'trial', version: 2, hz: 0.1, trial: { frames: 0, calls: 1 } },
  ])
  await lab.execute('step', 10)
  expect(await lab.execute('modules')).toMatchObject([{ version: 1 }])
  expect(lab.core.receipts.list().at(-1)).toMatchObject({ outcome: 'rolled-back' })
  expect(lab.core.program.module('slow')?.seen).toEqual({ n: 10 })

  await lab.run({ slow: slow('3', 0) }, { targetFps: 10 })
  await lab.execute('step', 1100)
  expect(await lab.execute('modules')).toMatchObject([{ status: 'running', version: 3 }])
}, 60_000)
