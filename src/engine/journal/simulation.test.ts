// Frames computed again from a capture, the code of the versions and the recorded inputs are the frames that ran: whatever came in
// between, and whichever capture they start from.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock, Timers } from '../host.ts'
import { frameNumber } from '../../protocol/values.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; items: unknown[]; [field: string]: unknown }
  readonly config: { speed: number }
  readonly resources: { total: number }
  readonly deps: Readonly<Record<string, unknown>>
  readonly frame: number
  readonly time: number
  readonly random: () => number
  readonly input: { readonly pressed: (code: string) => boolean; readonly pointer: { x: number; wheel: number } }
  readonly messages: () => { data: unknown; frame: number }[]
  readonly publish: (topic: string, data: unknown) => void
  readonly after: (seconds: number, topic: string, data: unknown) => void
}

class Item {
  x = 0
  next: Item | undefined
  constructor(x: number) {
    this.x = x
  }
}

/** A module that does a bit of everything, and changes the shape of its state as it goes. */
function busy(seed: number, version: number, more: object = {}): TestModule {
  const definition = {
    config: { speed: 1, [`only${String(version)}`]: version },
    subscribe: ['**'],
    init: () => ({ n: seed, items: [], ...(version % 3 === 0 ? { added: { deep: [version] } } : {}) }),
    expose: ({ n }: { n: number }) => ({ n }),
    setup: () => ({ total: seed }),
    snapshot: ({ total }: { total: number }) => ({ total }),
    restore: (resources: { total: number }, data: { total: number }) => Object.assign(resources, data),
    process: ({ state, config, resources, deps, frame, time, random, input, messages, publish, after }: Context) => {
      state.n += config.speed + random()
      resources.total += state.n
      const kind = (frame * seed + version) % 11
      if (input.pressed('KeyA')) state.items.push(input.pointer.x, input.pointer.wheel)
      for (const { data, frame: from } of messages()) if (state.items.length < 200) state.items.push([data, from])
      if (kind === 1) state.items.push(new Item(time))
      if (kind === 2) state.items.splice(0, 20)
      if (kind === 3) state[`field${String(frame % 7)}`] = new Map([[frame, state.items.at(-1)]])
      if (kind === 4) Reflect.deleteProperty(state, `field${String((frame + 3) % 7)}`)
      if (kind === 5) publish('news:all', { n: state.n, items: state.items.length })
      if (kind === 6) after(random() / 5, 'later', frame)
      if (kind === 7) state.items.push({ ...deps })
      if (random() < 0.04) throw new Error('a bad frame')
    },
    ...more,
  }
  return {
    code: (_globals, { classes }) => {
      classes(Item)
      return { default: definition }
    },
    key: `${String(seed)} ${String(version)} ${JSON.stringify(more)}`,
  }
}

type Action =
  | { readonly kind: 'step'; readonly count: number }
  | { readonly kind: 'reload'; readonly module: number }
  | { readonly kind: 'rate'; readonly fps: number }
  | { readonly kind: 'config' | 'state' | 'publish' | 'key'; readonly value: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('step' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  fc.record({ kind: fc.constant('reload' as const), module: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ kind: fc.constant('rate' as const), fps: fc.constantFrom(30, 60, 90) }),
  fc.record({
    kind: fc.constantFrom('config' as const, 'state' as const, 'publish' as const, 'key' as const),
    value: fc.integer({ min: 0, max: 9 }),
  }),
)

/** A module throws that read from one on trial before that came, not since: whether its captures reach back to then says nothing of it. */
const readBefore: Action[] = [
  { kind: 'step', count: 20 },
  { kind: 'reload', module: 1 },
  { kind: 'step', count: 2 },
  { kind: 'reload', module: 0 },
  { kind: 'step', count: 1 },
  { kind: 'config', value: 0 },
  { kind: 'step', count: 7 },
]

/** A clock by which everything takes time, so that captures go over their budget. */
class TickingClock implements Clock, Timers {
  #now = 0
  now(): number {
    this.#now += 0.02
    return this.#now
  }
  callAt(): () => void {
    return () => undefined
  }
}

/** Runs a script; gives the hash at the end of each frame of the past that led to the present: a reload taken back made another. */
async function runScript(lab: TestEngine, actions: readonly Action[]): Promise<Map<number, string>> {
  const versions = [0, 0, 0]
  let targetFps = 60
  let pressed = false
  const modules = () => ({
    a: busy(1, versions[0] ?? 0),
    b: { ...busy(2, versions[1] ?? 0, { dependencies: ['a'] }), manifest: { hz: 20 } },
    c: busy(3, versions[2] ?? 0, { dependencies: ['b'] }),
  })
  const hashes = new Map<number, string>()
  await lab.run(modules())
  for (const one of actions) {
    const name = ['a', 'b', 'c'][('value' in one ? one.value : 0) % 3] ?? 'a'
    switch (one.kind) {
      case 'step':
        for (let i = 0; i < one.count; i++) {
          const told = lab.events.length
          await lab.execute('step', 1)
          for (const event of lab.events.slice(told)) {
            if (event.type !== 'receipt' || event.receipt.outcome !== 'rolled-back') continue
            for (const frame of hashes.keys()) if (frame > event.receipt.moment.frame) hashes.delete(frame)
          }
          hashes.set(lab.core.program.frame, lab.core.program.hash())
        }
        break
      case 'reload':
        versions[one.module] = (versions[one.module] ?? 0) + 1
        await lab.run(modules(), { targetFps })
        break
      case 'rate':
        targetFps = one.fps
        await lab.run(modules(), { targetFps })
        break
      case 'config':
        await lab.execute('setConfig', name, { speed: one.value })
        break
      case 'state':
        await lab.execute('setState', name, 'n', one.value)
        break
      case 'publish':
        await lab.execute('publish', 'from:outside', one.value)
        break
      case 'key':
        pressed = !pressed
        await lab.execute('input', { kind: 'key', code: 'KeyA', down: pressed })
        await lab.execute('input', { kind: 'pointer', x: one.value, y: 1, buttons: 0, wheel: one.value })
    }
  }
  return hashes
}

/** Computes from the newest complete capture at or before `from` up to the end of `to`; hashes frame by frame. */
function computeAgain(lab: TestEngine, from: number, to: number): Map<number, string> {
  const { history, program } = lab.core
  const base = history.base({ timeline: program.timeline, frame: frameNumber(from) })
  if (base === undefined) throw new Error(`no capture up to ${String(from)}`)
  const hashes = new Map<number, string>()
  const before = program.hash()
  const { result, giveBack } = history.compute(program, base, history.journal.after(program.timeline, 0), {
    frame: to,
    at: 'end',
    isOverdue: () => false,
    frameEnded: (again) => hashes.set(again.frame, again.hash()),
  })
  giveBack()
  if (result.kind !== 'reached') throw new Error(JSON.stringify(result))
  expect(result.missed).toEqual([])
  expect(program.hash()).toBe(before)
  return hashes
}

/** Gives how many frames were compared. */
async function expectSame(lab: TestEngine, actions: readonly Action[], samples: readonly number[]): Promise<number> {
  const hashes = await runScript(lab, actions)
  const last = lab.core.program.frame
  let compared = 0
  for (const sample of samples) {
    const from = Math.floor(sample * last)
    for (const [frame, hash] of computeAgain(lab, from, last)) {
      if (!hashes.has(frame)) continue
      expect([frame, hash]).toEqual([frame, hashes.get(frame)])
      compared++
    }
  }
  return compared
}

describe('[HS2] what is computed again is what ran', () => {
  const script = fc.array(action, { minLength: 5, maxLength: 40 })
  const samples = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 })

  test('at every frame, for random programs, edits and reloads', { timeout: 60_000 }, async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(script, samples, async (actions, places) => {
        compared += await expectSame(new TestEngine(), actions, [0, ...places])
      }),
      { numRuns: 12 },
    )
    expect(compared).toBeGreaterThan(100)
  })

  test(
    '[HS1] and with captures over their budget, also for a state at the start of a frame that threw',
    { timeout: 60_000 },
    async () => {
      let slowest = 0
      await fc.assert(
        fc.asyncProperty(script, samples, async (actions, places) => {
          const lab = new TestEngine({ clock: new TickingClock(), history: { budgetShare: 0.001 } })
          await expectSame(lab, actions, [0, ...places])
          slowest = Math.max(slowest, ...['a', 'b', 'c'].map((name) => lab.core.history.capture.periodOf(name)))
          const plain = new TestEngine()
          await runScript(plain, actions)
          expect(lab.core.program.hash()).toBe(plain.core.program.hash())
        }),
        { numRuns: 12, examples: [[readBefore, [0]]] },
      )
      expect(slowest).toBeGreaterThan(1)
    },
  )
})
