// Every example, computed again in a second engine from captures of the first, comes out as it ran.

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Clock } from '../engine/host.ts'
import type { RehearsalResult } from '../protocol/rehearsal.ts'
import type { VerificationResult } from '../protocol/verification.ts'
import { createCodeLoader } from '../worker/code-loader.ts'
import { readProgram } from './headless-run.ts'
import { findPackageRoot } from './package-root.ts'

const engineOn = (clock: Clock): Engine => {
  const engine = createEngine({
    clock,
    timers: {
      callAt: (at, callback) => {
        const timer = setTimeout(callback, Math.max(0, at - clock.now()))
        return () => clearTimeout(timer)
      },
    },
    createLoader: (ambient) => createCodeLoader(ambient),
    layers: { request: () => undefined, release: () => undefined, attach: () => undefined },
    emit: () => undefined,
    realm: { Date, Intl, global: globalThis },
    isIsolated: true,
  })
  onTestFinished(() => engine.dispose())
  return engine
}

test.each(['boids', 'breakout', 'pile', 'planet', 'tanks'])('[HS6] %s is reproducible', async (name) => {
  const { revision } = await readProgram(join(findPackageRoot(), 'src/examples'), name)
  let passedMs = 0
  const clock = { now: () => performance.now() + passedMs }
  const living = engineOn(clock)
  const standby = engineOn(clock)
  await living.execute('applyRevision', [revision, { startPaused: true }])
  await living.execute('step', [60])
  const captures = await living.execute('captures', [])
  const results: VerificationResult[] = []
  living.useStandby({
    rehearse: async (request) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the map of commands
      (await standby.execute('rehearse', [structuredClone(request), captures])) as RehearsalResult,
    verify: async (request) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the map of commands
      const result = (await standby.execute('verify', [structuredClone(request), captures])) as VerificationResult
      results.push(result)
      return result
    },
  })
  const agreed = async (): Promise<number> => {
    passedMs += 100_000
    await living.execute('step', [15])
    expect(results.filter(({ kind }) => kind === 'diverged')).toEqual([])
    return results.filter(({ kind }) => kind === 'agreed').length
  }
  await expect.poll(agreed, { timeout: 40_000, interval: 20 }).toBeGreaterThanOrEqual(3)
  expect(await living.execute('status', [])).toMatchObject({ reproducible: true })
})
