// Every example comes out the same: computed again in a second engine from captures of the first, and whatever runs its modules.

import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Clock, ModuleThreads } from '../engine/host.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import type { Strategy } from '../protocol/manifest.ts'
import type { ModuleInfo } from '../protocol/program.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { RehearsalResult } from '../protocol/rehearsal.ts'
import { contentHash } from '../protocol/values.ts'
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

/** A throw in one call of 97; `more` at the end of the module's text. */
const throwing = (revision: ProgramRevision, more: readonly string[]): ProgramRevision => {
  const texts = new Map(revision.texts.map((text) => [text.hash, text]))
  const modules = revision.modules.map((code, index) => {
    const text = 'entry' in code ? texts.get(code.entry) : undefined
    if (text === undefined) throw new Error(`no text of ${code.module}`)
    const extra = more[index] ?? ''
    const hash = contentHash(`${text.hash}:${extra}`)
    const wrapped = `${text.text}
;{
  const definition = __vite_ssr_export_default__
  const { process } = definition
  definition.process = (context) => {
    process.call(definition, context)
    const { frame } = context
    if (frame % 97 === ${40 + index}) throw new Error('now and then')
    ${extra}
  }
}`
    texts.set(hash, { ...text, hash, text: wrapped })
    return { module: code.module, entry: hash }
  })
  return { ...revision, modules, texts: [...texts.values()] }
}

/** 600 frames with throws, reloads that stay and one that is taken back, each with the strategies moved on by one. */
const runWith = async (revision: ProgramRevision, strategies: readonly Strategy[]) => {
  const { code } = built
  if (code === undefined) throw new Error('not built')
  const threads = new SideThreads(createNodeThreads({ code }), 1)
  // Time goes slowly: a past must be computed again within 250 ms, also on a machine that has other things to do.
  const engine = engineOn({ now: () => performance.now() / 20 }, threads)
  const away: number[] = []
  const hashes: unknown[] = []
  const run = async (number: number, more: readonly string[], ...frames: readonly number[]): Promise<void> => {
    const modules = revision.manifest.modules.map((module, index) => ({
      ...module,
      strategy: strategies[(index + number) % strategies.length] ?? 'sequential',
    }))
    const wanted = { ...throwing(revision, more), revision: number, manifest: { ...revision.manifest, modules } }
    await engine.execute('applyRevision', [wanted, { startPaused: true }])
    for (const count of frames) {
      await threads.settled()
      for (let left = count; left > 0; left -= 50) await engine.execute('step', [Math.min(50, left)])
    }
    const infos = await infosOf(engine)
    away.push(infos.filter(({ strategy, hostNote }) => strategy !== 'sequential' && hostNote === undefined).length)
    hashes.push(await engine.execute('stateHash', []))
  }
  const all = (text: string): readonly string[] => revision.manifest.modules.map(() => text)
  await run(1, [], 130)
  await run(2, ['/* the first one anew */'], 130)
  await run(3, all("if (frame === 290) throw new Error('taken back')"), 30, 140)
  await run(4, all('/* all anew */'), 170)
  const missed = (await infosOf(engine)).map(({ missedFrames }) => missedFrames)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the map of commands
  const receipts = (await engine.execute('receipts', [])) as readonly Receipt[]
  engine.dispose()
  return { hashes, missed, receipts: receipts.map(({ outcome, moment }) => [outcome, moment.frame]), away }
}

const infosOf = async (engine: Engine): Promise<readonly ModuleInfo[]> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the map of commands
  (await engine.execute('modules', [])) as readonly ModuleInfo[]

test.each(examples)(
  '[FL5] 600 frames of %s with throws, reloads and one that is taken back give the same hashes with every strategy',
  async (name) => {
    const { revision } = await readProgram(join(findPackageRoot(), 'src/examples'), name)
    const count = revision.manifest.modules.length
    const { away: _none, ...expected } = await runWith(revision, ['sequential'])
    expect(expected.receipts).toMatchObject([
      ['committed', 0],
      ['committed', 130],
      ['rolled-back', 260],
      ['committed', 430],
    ])
    expect(new Set(expected.hashes).size).toBe(4)
    expect(Math.max(...expected.missed)).toBeGreaterThan(0)
    expect(await runWith(revision, ['threaded'])).toEqual({ ...expected, away: [count, count, count, count] })
    const { away: _some, ...mixed } = await runWith(revision, ['threaded', 'sequential', 'pool'])
    expect(mixed).toEqual(expected)
  },
  120_000,
)
