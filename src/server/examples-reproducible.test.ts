// Every example comes out the same: computed again in a second engine from captures of the first, and whatever runs its modules.

import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Clock, ModuleThreads } from '../engine/host.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import type { Strategy } from '../protocol/manifest.ts'
import type { ModuleInfo } from '../protocol/program.ts'
import type { RehearsalResult } from '../protocol/rehearsal.ts'
import type { VerificationResult } from '../protocol/verification.ts'
import { createCodeLoader } from '../worker/code-loader.ts'
import { SideThreads } from '../worker/side-threads.ts'
import { readProgram } from './headless-run.ts'
import { createNodeThreads } from './headless-threads.ts'
import { findPackageRoot } from './package-root.ts'
import { buildThreadCode } from './test-thread-code.ts'

const examples = ['boids', 'breakout', 'pile', 'planet', 'tanks']

const engineOn = (clock: Clock, moduleThreads?: ModuleThreads): Engine => {
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
    ...(moduleThreads === undefined ? {} : { moduleThreads }),
  })
  onTestFinished(() => engine.dispose())
  return engine
}

test.each(examples)('[HS6] %s is reproducible', async (name) => {
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

const built: { code: URL | undefined } = { code: undefined }
beforeAll(async () => {
  built.code = await buildThreadCode()
})

/** The hash after 600 frames, strategies given to the modules in turn, and where they ran. */
const runWith = async (revision: ProgramRevision, strategies: readonly Strategy[]) => {
  const { code } = built
  if (code === undefined) throw new Error('not built')
  const threads = new SideThreads(createNodeThreads({ code }), 1)
  const engine = engineOn(performance, threads)
  const modules = revision.manifest.modules.map((module, index) => ({
    ...module,
    strategy: strategies[index % strategies.length] ?? 'sequential',
  }))
  const wanted = { ...revision, manifest: { ...revision.manifest, modules } }
  await engine.execute('applyRevision', [wanted, { startPaused: true }])
  await threads.settled()
  for (let i = 0; i < 600; i += 50) await engine.execute('step', [50])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the map of commands
  const infos = (await engine.execute('modules', [])) as readonly ModuleInfo[]
  const away = infos.filter(({ strategy, hostNote }) => strategy !== 'sequential' && hostNote === undefined)
  const hash = await engine.execute('stateHash', [])
  engine.dispose()
  return { hash, away: away.length, missed: infos.map(({ missedFrames }) => missedFrames) }
}

test.each(examples)(
  '[FL5] 600 frames of %s give the same hash with every strategy',
  async (name) => {
    const { revision } = await readProgram(join(findPackageRoot(), 'src/examples'), name)
    const count = revision.manifest.modules.length
    const missed = revision.manifest.modules.map(() => 0)
    const { hash } = await runWith(revision, ['sequential'])
    expect(await runWith(revision, ['threaded'])).toEqual({ hash, away: count, missed })
    expect(await runWith(revision, ['pool'])).toEqual({ hash, away: count, missed })
    if (count > 1) expect((await runWith(revision, ['threaded', 'sequential', 'pool', 'threaded'])).hash).toBe(hash)
  },
  60_000,
)
