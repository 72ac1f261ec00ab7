// What the engine itself costs: frames of modules that do nothing against a bare loop that calls them, and the swap of a
// module's code (`ms.commit`) against carrying its state over by JSON, as engines do that reload by serializing.

import { distribution, type Benchmark, type BenchmarkRow } from '../../e2e/bench/benchmark.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import { contentHash } from '../protocol/values.ts'
import { RealClock } from '../worker/real-clock.ts'
import { createEngine, type Engine } from './engine.ts'
import type { CodeLoader } from './host.ts'

type Definition = Readonly<Record<string, unknown>>

/** Hands out definitions by hash; no text is evaluated. */
function loaderOf(definitions: ReadonlyMap<string, Definition>): CodeLoader {
  return {
    add: () => {},
    has: (hash) => definitions.has(hash),
    load: (entry) => Promise.resolve({ default: definitions.get(entry) }),
    reach: (entry) => new Set([entry]),
    release: () => {},
    describe: (error) => ({ message: String(error) }),
    callSite: () => undefined,
  }
}

/** A revision that runs each of these hashes as a module of its own. */
function revisionOf(revision: number, hashes: readonly string[]): ProgramRevision {
  return {
    revision,
    trigger: revision === 1 ? 'open' : 'save',
    title: 'benchmark',
    changedFiles: revision === 1 ? [] : ['module-0.ts'],
    manifest: {
      targetFps: 60,
      seed: 1,
      math: 'portable',
      view: { width: 1280, height: 720, fit: 'contain' },
      modules: hashes.map((_, i) => ({
        name: `module-${i}`,
        path: `module-${i}.ts`,
        strategy: 'sequential' as const,
        config: {},
      })),
    },
    modules: hashes.map((hash, i) => ({ module: `module-${i}`, entry: contentHash(hash) })),
    texts: hashes.map((hash, i) => ({ hash: contentHash(hash), file: `module-${i}.ts`, text: hash, imports: {} })),
    ms: { collect: 0, fetch: 0 },
    problems: [],
  }
}

interface BenchEngine {
  readonly engine: Engine
  dispose(): void
}

function openEngine(definitions: ReadonlyMap<string, Definition>): BenchEngine {
  const clock = new RealClock()
  const engine = createEngine({
    clock,
    timers: clock,
    createLoader: () => loaderOf(definitions),
    layers: { request: () => {}, release: () => {}, attach: () => {} },
    emit: () => {},
    realm: { Date, Intl, global: globalThis },
    isIsolated: false,
  })
  return {
    engine,
    dispose: () => {
      engine.dispose()
      clock.dispose()
    },
  }
}

const batches = 200
const framesPerBatch = 500

/** Modules that do nothing, and modules that count, each in a field of another name. */
const kinds: Readonly<Record<string, (i: number) => Definition>> = {
  idle: () => ({ init: () => ({ x: 0 }), process: () => {} }),
  counting: (i) => ({
    init: () => ({ [`count${i}`]: 0, name: `module ${i}` }),
    process: ({ state }: { state: Record<string, number> }) => {
      state[`count${i}`] = (state[`count${i}`] ?? 0) + 1
    },
  }),
}

/** Microseconds per frame, one sample per batch of frames. Captures, journal and metrics are on. */
async function engineFrameCost(kind: string, count: number): Promise<readonly number[]> {
  const definitions = new Map<string, Definition>()
  for (let i = 0; i < count; i++) definitions.set(`${kind}-${i}`, kinds[kind]?.(i) ?? {})
  const bench = openEngine(definitions)
  await bench.engine.execute('applyRevision', [revisionOf(1, [...definitions.keys()]), { startPaused: true }])
  await bench.engine.execute('step', [5 * framesPerBatch])
  const samples: number[] = []
  for (let batch = 0; batch < batches; batch++) {
    const start = performance.now()
    await bench.engine.execute('step', [framesPerBatch])
    samples.push(((performance.now() - start) * 1000) / framesPerBatch)
  }
  bench.dispose()
  return samples
}

/** The same modules called in a loop with a context each, and nothing else. */
function bareFrameCost(count: number): readonly number[] {
  const modules = Array.from({ length: count }, () => ({
    context: { state: { x: 0 }, config: {}, dt: 1 / 60, frame: 0 },
    process: (context: { readonly frame: number }) => context.frame,
  }))
  const samples: number[] = []
  let sum = 0
  for (let batch = -5; batch < batches; batch++) {
    const start = performance.now()
    for (let frame = 0; frame < framesPerBatch; frame++) {
      for (const { context, process } of modules) {
        context.frame = frame
        sum += process(context)
      }
    }
    if (batch >= 0) samples.push(((performance.now() - start) * 1000) / framesPerBatch)
  }
  if (Number.isNaN(sum)) throw new Error('The loop must not be optimized away.')
  return samples
}

async function frameCost(kind: string, count: number): Promise<BenchmarkRow> {
  const ours = distribution(await engineFrameCost(kind, count))
  return {
    what: `a frame of ${count} ${kind} module${count === 1 ? '' : 's'}`,
    unit: 'µs',
    ours,
    reference: { name: 'a bare loop', figures: distribution(bareFrameCost(count)) },
    aim: `≤ 0.5 µs a module and frame; ${(ours.median / count).toFixed(2)} µs`,
  }
}

const makeEntities = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ x: i, y: i / 2, vx: 1, vy: 0.5, hp: 3, angle: i / 7, name: `tank ${i}` }))

const swaps = 100
/** Reloads in a row, to see whether what came before makes the next one dearer. */
const manySwaps = 1000

/** Milliseconds of `commit`, one per reload. The program is swapped from version to version and runs a frame in between. */
async function swapPauses(count: number, swaps: number): Promise<readonly number[]> {
  const init = (): unknown => ({ entities: makeEntities(count), swapped: 0 })
  const definitions = new Map<string, Definition>()
  for (let i = 0; i <= swaps; i++) definitions.set(`version-${i}`, { init, process: () => i })
  const bench = openEngine(definitions)
  await bench.engine.execute('applyRevision', [revisionOf(1, ['version-0']), { startPaused: true }])
  const samples: number[] = []
  for (let i = 1; i <= swaps; i++) {
    await bench.engine.execute('step', [1])
    const receipts = await bench.engine.execute('applyRevision', [revisionOf(i + 1, [`version-${i}`])])
    samples.push(commitMs(receipts))
  }
  bench.dispose()
  return samples
}

function commitMs(receipts: unknown): number {
  const newest: unknown = Array.isArray(receipts) ? receipts.at(-1) : undefined
  if (typeof newest === 'object' && newest !== null && 'outcome' in newest && newest.outcome === 'committed') {
    if ('ms' in newest && typeof newest.ms === 'object' && newest.ms !== null && 'commit' in newest.ms) {
      return Number(newest.ms.commit)
    }
  }
  throw new Error(`The reload was not committed: ${JSON.stringify(newest)}`)
}

function jsonPauses(count: number): readonly number[] {
  let state: unknown = { entities: makeEntities(count), swapped: 0 }
  return Array.from({ length: count > 10_000 ? 10 : swaps }, () => {
    const start = performance.now()
    state = JSON.parse(JSON.stringify(state))
    return performance.now() - start
  })
}

async function swapPause(count: number): Promise<BenchmarkRow> {
  return {
    what: `swap pause, ${count} entities`,
    unit: 'ms',
    ours: distribution(await swapPauses(count, swaps)),
    reference: { name: 'state carried over by JSON', figures: distribution(jsonPauses(count)) },
    aim: '≤ 0.1 ms, p99 ≤ 0.4 ms, whatever the count',
  }
}

/** Of many reloads in a row the last hundred, against the first when all is warm. */
async function swapsInARow(): Promise<BenchmarkRow> {
  const samples = await swapPauses(1000, manySwaps)
  const ours = distribution(samples.slice(-swaps))
  const first = distribution(samples.slice(swaps, 2 * swaps))
  return {
    what: `swap pause, the last ${swaps} of ${manySwaps} reloads in a row`,
    unit: 'ms',
    ours,
    reference: { name: `the second ${swaps} of them`, figures: first },
    aim: `not rising; ${(ours.median / first.median).toFixed(2)} ×`,
  }
}

export const benchmark: Benchmark = {
  name: 'engine',
  async run(report) {
    for (const kind of Object.keys(kinds)) for (const count of [1, 10, 50]) report(await frameCost(kind, count))
    for (const count of [10, 1000, 100_000]) report(await swapPause(count))
    report(await swapsInARow())
  },
}
