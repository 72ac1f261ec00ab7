// What captures and journal add to a frame, and what a reload taken back costs: frames with them against frames without (a budget of
// nothing, by which captures all but cease), in one run.

import { distribution, type Benchmark, type BenchmarkRow } from '../../../e2e/bench/benchmark.ts'
import type { ProgramRevision } from '../../protocol/code.ts'
import { contentHash } from '../../protocol/values.ts'
import { EngineCore } from '../engine-core.ts'
import type { CodeLoader } from '../host.ts'

interface Body {
  x: number
  y: number
  vx: number
  vy: number
  hp: number
  angle: number
}

/** Moves every body; `failAt` throws in that frame. */
function definitionOf(count: number, failAt = 0): object {
  return {
    init: () => ({
      bodies: Array.from({ length: count }, (_, i) => ({
        x: i / 3,
        y: i / 7,
        vx: 1.5,
        vy: 0.5,
        hp: 3.5,
        angle: i / 9,
        name: `body ${i}`,
      })),
    }),
    process: ({ state, frame }: { state: { bodies: Body[] }; frame: number }) => {
      for (const body of state.bodies) {
        body.x += body.vx
        body.y += body.vy
        body.vx -= body.x * 0.001
        body.vy -= body.y * 0.001
        body.hp -= 0.001
        body.angle += 0.2
      }
      if (frame === failAt) throw new Error('not this time')
    },
  }
}

function open(definitions: ReadonlyMap<string, object>, budgetShare: number | undefined): EngineCore {
  const loader: CodeLoader = {
    add: () => {},
    has: () => true,
    load: (entry) => Promise.resolve({ default: definitions.get(entry) }),
    reach: (entry) => new Set([entry]),
    release: () => {},
    describe: (error) => ({ message: String(error) }),
    callSite: () => undefined,
  }
  return new EngineCore({
    clock: { now: () => performance.now() },
    timers: { callAt: () => () => {} },
    createLoader: () => loader,
    layers: { request: () => {}, release: () => {}, attach: () => {} },
    emit: () => {},
    realm: { Date, Intl, global: globalThis },
    isIsolated: true,
    history: budgetShare === undefined ? {} : { budgetShare },
  })
}

function revisionOf(revision: number, entry: string): ProgramRevision {
  return {
    revision,
    trigger: revision === 1 ? 'open' : 'save',
    title: 'benchmark',
    changedFiles: [],
    manifest: {
      targetFps: 60,
      seed: 1,
      math: 'native',
      view: { width: 1280, height: 720, fit: 'contain' },
      modules: [{ name: 'bodies', path: 'bodies.ts', strategy: 'sequential', config: {} }],
    },
    modules: [{ module: 'bodies', entry: contentHash(entry) }],
    texts: [],
    ms: { collect: 0, fetch: 0 },
    problems: [],
  }
}

/** Milliseconds per frame, in samples of ten frames: what is not captured in every frame counts with its share. */
async function frameTimes(count: number, budgetShare: number | undefined): Promise<readonly number[]> {
  const core = open(new Map([['one', definitionOf(count)]]), budgetShare)
  await core.apply(revisionOf(1, 'one'), true)
  const samples: number[] = []
  const rounds = Math.max(20, Math.min(200, Math.round(1_000_000 / count)))
  for (let round = -Math.ceil(rounds / 2); round < rounds; round++) {
    const start = performance.now()
    for (let frame = 0; frame < 10; frame++) void core.loop.step(1)
    if (round >= 0) samples.push((performance.now() - start) / 10)
  }
  core.dispose()
  return samples
}

async function frameCost(count: number): Promise<BenchmarkRow> {
  const off = distribution(await frameTimes(count, 0))
  const on = distribution(await frameTimes(count, undefined))
  const share = ((on.median - off.median) / (1000 / 60)) * 100
  return {
    what: `a frame of ${count} flat objects, journal on`,
    unit: 'ms',
    ours: on,
    reference: { name: 'journal off', figures: off },
    aim: `≤ 1.02× of a frame of 16.7 ms at 10 000: ${(1 + share / 100).toFixed(3)}×; the ratio is of the frame's own work`,
  }
}

/** Milliseconds of the frame in which a reload fails and is taken back, so many frames after it, against those frames run once. */
async function rollback(count: number, frames: number): Promise<BenchmarkRow> {
  const taken: number[] = []
  const plain: number[] = []
  for (let round = 0; round < 15; round++) {
    const definitions = new Map([
      ['one', definitionOf(count)],
      ['two', definitionOf(count, 30 + frames)],
    ])
    const core = open(definitions, undefined)
    await core.apply(revisionOf(1, 'one'), true)
    for (let frame = 0; frame < 30; frame++) void core.loop.step(1)
    await core.apply(revisionOf(2, 'two'), true)
    const start = performance.now()
    for (let frame = 1; frame < frames; frame++) void core.loop.step(1)
    const failing = performance.now()
    void core.loop.step(1)
    const end = performance.now()
    if (core.receipts.list().at(-1)?.outcome !== 'rolled-back') throw new Error('The reload was not taken back.')
    if (round >= 3) {
      plain.push(failing - start)
      taken.push(end - failing)
    }
    core.dispose()
  }
  return {
    what: `a reload of ${count} objects taken back after ${frames} frames`,
    unit: 'ms',
    ours: distribution(taken),
    reference: { name: 'those frames, run', figures: distribution(plain) },
    aim: '≤ 250 ms',
  }
}

export const benchmark: Benchmark = {
  name: 'journal',
  async run(report) {
    for (const count of [1000, 10_000, 100_000]) report(await frameCost(count))
    for (const count of [1000, 10_000]) report(await rollback(count, 100))
  },
}
