// Random programs, edits, reloads and moves from thread to thread: the same states, whatever runs each module.

import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Strategy } from '../protocol/manifest.ts'
import { createNodeThreads } from '../server/headless-threads.ts'
import { buildThreadCode } from '../server/test-thread-code.ts'
import { openingUntil, type TextModule, type ThreadLab } from './testing-threads.ts'

const open = openingUntil(onTestFinished)

/** A module that does a bit of everything, and changes the shape of its state as it goes. */
const busy = (seed: number, version: number, dependencies: readonly string[] = []): string => `
class Item { constructor(x) { this.x = x } }
__coppice_classes__([['Item', Item, false]])
const definition = {
  dependencies: ${JSON.stringify(dependencies)},
  config: { speed: 1, only${version}: ${version} },
  subscribe: ['news:*', { topic: 'slow:**', every: 0.1 }, { topic: 'last', latest: true, max: 2 }],
  tasks: { weigh: (data) => data },
  init: () => ({ n: ${seed}, items: [], ${version % 3 === 0 ? `added: { deep: [${version}] }` : ''} }),
  expose: ({ n, items }) => ({ n, last: items.at(-1) instanceof Item ? 1 : items.length }),
  setup: () => ({ total: ${seed} }),
  snapshot: ({ total }) => ({ total }),
  restore: (resources, data) => Object.assign(resources, data),
  process({ state, config, resources, deps, dt, frame, time, random, input, messages, publish, after, runTask, results, log }) {
    state.n += config.speed + random() + Math.sin(time) + dt
    resources.total += state.n
    const kind = (frame * ${seed} + ${version}) % 13
    if (input.pressed('KeyA')) state.items.push(input.pointer.x, input.pointer.wheel)
    if (kind !== 12) for (const { data, topic, from } of messages(kind === 11 ? 'last' : undefined)) {
      if (state.items.length < 80) state.items.push([data, topic, from ?? 'outside'])
    }
    if (kind === 1) state.items.push(new Item(time))
    if (kind === 2) state.items.splice(0, 20)
    if (kind === 3) state['field' + (frame % 7)] = new Map([[frame, state.items.at(-1)]])
    if (kind === 4) delete state['field' + ((frame + 3) % 7)]
    if (kind === 5) publish('news:all', { n: state.n, items: state.items.length })
    if (kind === 6) after(random() / 5, 'later', frame)
    if (kind === 7) state.items.push({ ...deps })
    if (kind === 8) publish('slow:' + frame, frame)
    if (kind === 9) publish('last', [frame, new Date(frame)])
    if (kind === 10) runTask('weigh', { frame })
    for (const result of results()) state.items.push(result)
    log.debug('frame', frame)
    if (random() < 0.04) throw new Error('a bad frame')
  },
}
__vite_ssr_exportName__('default', () => definition)`

type Action =
  | { readonly kind: 'step'; readonly count: number }
  | { readonly kind: 'reload'; readonly module: number }
  | { readonly kind: 'rate'; readonly fps: number }
  | { readonly kind: 'move'; readonly module: number; readonly strategy: Strategy }
  | { readonly kind: 'config' | 'state' | 'publish' | 'key' | 'pointer'; readonly value: number }
  | { readonly kind: 'reset' }

const strategy = fc.constantFrom<Strategy>('sequential', 'threaded', 'pool')
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('step' as const), count: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reload' as const), module: fc.integer({ min: 0, max: 2 }) }) },
  fc.record({ kind: fc.constant('rate' as const), fps: fc.constantFrom(30, 60, 90) }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('move' as const), module: fc.integer({ min: 0, max: 2 }), strategy }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'config' as const,
        'state' as const,
        'publish' as const,
        'key' as const,
        'pointer' as const,
      ),
      value: fc.integer({ min: 0, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reset' as const }) },
)

const programFrames = 600

/** Runs a script, and then the program on to frame 600; gives the hash after each action. */
async function runScript(lab: ThreadLab, first: readonly Strategy[], actions: readonly Action[]): Promise<string[]> {
  const versions = [0, 0, 0]
  const strategies = [...first]
  let framesRun = 0
  let targetFps = 60
  const modules = (): Record<string, TextModule> => ({
    a: { text: busy(1, versions[0] ?? 0), strategy: strategies[0] ?? 'pool' },
    b: { text: busy(2, versions[1] ?? 0, ['a']), strategy: strategies[1] ?? 'pool', hz: 20 },
    c: { text: busy(3, versions[2] ?? 0, ['b', 'a']), strategy: strategies[2] ?? 'pool' },
  })
  await lab.run(modules())
  const hashes = [lab.core.program.hash()]
  for (const one of actions) {
    const value = 'value' in one ? one.value : 0
    const name = ['a', 'b', 'c'][value % 3] ?? 'a'
    switch (one.kind) {
      case 'step':
        await lab.execute('step', one.count)
        framesRun += one.count
        break
      case 'reload':
        versions[one.module] = (versions[one.module] ?? 0) + 1
        await lab.run(modules(), { targetFps })
        break
      case 'move':
        strategies[one.module] = one.strategy
        await lab.run(modules(), { targetFps })
        break
      case 'rate':
        targetFps = one.fps
        await lab.run(modules(), { targetFps })
        break
      case 'config':
        await lab.execute('setConfig', name, { speed: value })
        break
      case 'state':
        await lab.execute('setState', name, 'n', value)
        break
      case 'publish':
        await lab.execute('publish', 'news:outside', { value })
        break
      case 'key':
        await lab.execute('input', { kind: 'key', code: 'KeyA', down: value % 2 === 0 })
        break
      case 'pointer':
        await lab.execute('input', { kind: 'pointer', x: value, y: 1, buttons: 0, wheel: value, isInside: true })
        break
      case 'reset':
        await lab.execute('reset')
        await lab.seated()
    }
    hashes.push(lab.core.program.hash())
  }
  await lab.execute('step', Math.max(1, programFrames - framesRun))
  return [...hashes, lab.core.program.hash()]
}

test('[FL5] random programs have the same hashes over 600 frames, whatever the strategy of each module', async () => {
  const seen = { there: 0, takenBack: 0, missed: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(strategy, { minLength: 3, maxLength: 3 }),
      fc.array(action, { minLength: 25, maxLength: 50 }),
      async (strategies, actions) => {
        const here = await runScript(open(false), strategies, actions)
        const lab = open()
        const there = await runScript(lab, strategies, actions)
        seen.there += Object.values(lab.places()).filter((place) => place === 'there').length
        seen.takenBack += lab.core.receipts.list().filter(({ outcome }) => outcome === 'rolled-back').length
        seen.missed += lab.core.program.modules.reduce((sum, { missedFrames }) => sum + missedFrames, 0)
        expect(there).toEqual(here)
      },
    ),
    { numRuns: 6 },
  )
  // The programs are worth the comparison.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
}, 120_000)

test('[FL5] random programs have the same hashes over 600 frames while modules run at the same time, in threads of Node', async () => {
  const start = createNodeThreads({ code: await buildThreadCode() })
  let there = 0
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(fc.constant('threaded' as const), strategy, strategy),
      fc.array(action, { minLength: 15, maxLength: 25 }),
      async (strategies, actions) => {
        const lab = open(true, { start })
        const found = await runScript(lab, strategies, actions)
        there += Object.values(lab.places()).filter((place) => place === 'there').length
        expect(found).toEqual(await runScript(open(false), strategies, actions))
        lab.dispose()
      },
    ),
    { numRuns: 2 },
  )
  expect(there).toBeGreaterThan(0)
}, 120_000)
