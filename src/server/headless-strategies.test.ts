// Modules in real threads beside the engine's: the same states, whatever runs each.

import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Strategy } from '../protocol/manifest.ts'
import { ThreadLab } from '../worker/testing-threads.ts'
import { runHeadless } from './headless-run.ts'
import { createNodeThreads } from './headless-threads.ts'
import { makeFolder } from './test-server.ts'
import { buildThreadCode } from './test-thread-code.ts'

const built: { code: URL | undefined } = { code: undefined }
const folders: string[] = []
const labs: ThreadLab[] = []

beforeAll(async () => {
  built.code = await buildThreadCode()
})
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose()
})
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

const threadCode = (): URL => {
  if (built.code === undefined) throw new Error('not built')
  return built.code
}

const flock = `
  import { defineModule } from 'coppice'
  class Bird { x = 0; constructor(x: number) { this.x = x } get far() { return this.x > 5 } }
  export default defineModule({
    subscribe: ['wind'],
    init: ({ random }) => ({ birds: Array.from({ length: 40 }, () => new Bird(random())), calls: new Map<number, number>() }),
    setup: () => ({ total: 0 }),
    snapshot: (world) => world.total,
    restore: (world, total) => { world.total = total },
    expose: ({ birds }) => ({ far: birds.filter((bird) => bird.far).length }),
    process({ state, random, resources, messages, publish, time, after }) {
      for (const bird of state.birds) bird.x += Math.sin(time + bird.x) * random()
      for (const { data } of messages()) state.birds.push(new Bird(Number(data)))
      resources.total += state.birds.length
      state.calls.set(resources.total % 7, time)
      publish('bird', state.birds[0]?.x)
      if (state.birds.length % 10 === 0) after(0.1, 'wind', time)
    },
  })`
const counter = `
  import { defineModule } from 'coppice'
  export default defineModule({
    dependencies: ['flock'],
    subscribe: ['bird'],
    init: () => ({ sum: 0, far: 0 }),
    process({ state, deps, messages, publish, frame }) {
      for (const { data } of messages()) state.sum += Number(data)
      state.far += (deps.flock as { far: number }).far
      if (frame % 5 === 0) publish('wind', state.sum)
    },
  })`

describe('[FL5] in threads of Node', () => {
  it('a workspace has the same hash with every strategy, and says where its modules run', async () => {
    const hashes = new Set<string>()
    const lines: string[] = []
    for (const [first, second] of [
      ['sequential', 'sequential'],
      ['threaded', 'threaded'],
      ['pool', 'sequential'],
      ['sequential', 'pool'],
    ] satisfies [Strategy, Strategy][]) {
      const folder = await makeFolder({
        'flock.ts': flock,
        'counter.ts': counter,
        'engine.json': JSON.stringify({
          modules: [
            { name: 'counter', path: 'counter.ts', strategy: second },
            { name: 'flock', path: 'flock.ts', strategy: first, hz: 30 },
          ],
        }),
      })
      folders.push(folder)
      const log = (line: string): void => void lines.push(line)
      const { stateHash } = await runHeadless({ folder, frames: 60, log, threadCode: threadCode() })
      hashes.add(stateHash)
    }
    expect(hashes.size).toBe(1)
    expect(lines.filter((line) => line.includes("engine's thread"))).toEqual([])
  })

  it('the frame ends when all have come back', async () => {
    const lab = new ThreadLab({ start: createNodeThreads({ code: threadCode() }) })
    labs.push(lab)
    const text = (step: number): string =>
      `__vite_ssr_exportName__('default', () => ({ init: () => ({ n: 0 }), process({ state }) { state.n += ${step} } }))`
    await lab.run({
      a: { text: text(1), strategy: 'threaded' },
      b: { text: text(2), strategy: 'pool' },
      c: { text: text(3), strategy: 'pool' },
    })
    await lab.execute('step', 10)
    expect(lab.places()).toEqual({ a: 'there', b: 'there', c: 'there' })
    expect(await lab.execute('state', 'c')).toEqual({ n: 30 })
  })

  it('an edit of the state, a reload and another strategy find the state where it is', async () => {
    const lab = new ThreadLab({ start: createNodeThreads({ code: threadCode() }) })
    labs.push(lab)
    const text = (step: number): string =>
      `__vite_ssr_exportName__('default', () => ({ init: () => ({ n: 0 }), process({ state }) { state.n += ${step} } }))`
    await lab.run({ a: { text: text(1), strategy: 'threaded' } })
    await lab.execute('step', 3)
    await lab.execute('setState', 'a', 'n', 100)
    await lab.execute('step', 1)
    await lab.run({ a: { text: text(10), strategy: 'threaded' } })
    await lab.execute('step', 1)
    await lab.run({ a: { text: text(10), strategy: 'sequential' } })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 121 })
  })
})
