// What many reloads and frames leave behind: nothing that grows.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

setFlagsFromString('--expose_gc')
const gc: unknown = runInNewContext('gc')

/** Weak references are let go of between two turns only. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (typeof gc === 'function') gc()
  }
}

interface Context {
  readonly state: { n: number; tanks: { x: number; hp: number }[] }
  readonly frame: number
  readonly random: () => number
  readonly publish: (topic: string, data: unknown) => void
  readonly messages: () => unknown[]
}

/** Of that text; each gets a world of its own, and what was begun in it must end with it. */
interface Setup {
  readonly signal: AbortSignal
  readonly onDispose: (dispose: () => void) => void
}

interface Versions {
  readonly next: () => TestModule
  readonly alive: () => number
  /** Worlds set up that are still in memory. */
  readonly worlds: () => number
  /** Of them, whose signal has aborted and whose `onDispose` ran. */
  readonly ended: () => readonly [aborted: number, disposed: number]
}

/** A module whose every version is an object of its own, remembered weakly, and so is what it sets up. */
function versions(): Versions {
  const made: WeakRef<object>[] = []
  const worlds: WeakRef<object>[] = []
  let count = 0
  let aborted = 0
  let disposed = 0
  return {
    next: () => {
      const version = ++count
      const definition = {
        subscribe: ['n'],
        init: () => ({ n: 0, tanks: Array.from({ length: 20 }, (_, i) => ({ x: i, hp: 3 })) }),
        process: ({ state, frame, random, publish, messages }: Context) => {
          state.n += version
          for (const tank of state.tanks) tank.x += random()
          messages()
          if (frame % 10 === 0) publish('n', state.n)
        },
        setup: ({ signal, onDispose }: Setup) => {
          const world = { version, bodies: Array.from({ length: 100 }, () => ({ x: version })) }
          worlds.push(new WeakRef(world))
          signal.addEventListener('abort', () => void (aborted += world.version > 0 ? 1 : 0))
          onDispose(() => void (disposed += world.version > 0 ? 1 : 0))
          return world
        },
      }
      made.push(new WeakRef(definition))
      // By what its text declares, `setup` is another one in each version.
      return { code: () => ({ default: definition }), text: `const version = ${version}` }
    },
    alive: () => living(made),
    worlds: () => living(worlds),
    ended: () => [aborted, disposed],
  }
}

const living = (all: readonly WeakRef<object>[]): number => all.filter((one) => one.deref() !== undefined).length

async function usedBytes(): Promise<number> {
  await collect()
  return process.memoryUsage().heapUsed
}

test('[ML10] of a thousand reloads in a row at most sixteen versions stay, and the heap does not grow', async () => {
  const lab = new TestEngine()
  const code = versions()
  const reload = async (): Promise<void> => {
    const receipts = await lab.run({ a: code.next() })
    if (receipts[0]?.outcome !== 'committed') throw new Error(JSON.stringify(receipts))
    lab.forget()
  }
  for (let i = 0; i < 300; i++) {
    await reload()
    await lab.execute('step', 1)
  }
  const before = await usedBytes()
  for (let i = 0; i < 700; i++) {
    await reload()
    await lab.execute('step', 1)
  }
  await lab.execute('step', 130)
  // The running one, and fifteen to go back to.
  const growth = (await usedBytes()) - before
  expect(code.alive()).toBeLessThanOrEqual(16)
  // What each set up went with it.
  expect(code.ended()).toEqual([999, 999])
  expect(code.worlds()).toBe(1)
  expect(growth).toBeLessThan(5 * 2 ** 20)
  expect(lab.core.program.frame).toBe(1130)
}, 60_000)

test('[ML10] 36 000 frames with a reload every 300: all succeed, and the heap does not grow', async () => {
  const lab = new TestEngine({ history: { byteLimit: 2 ** 20 } })
  const code = versions()
  let before = 0
  for (let i = 0; i < 120; i++) {
    const receipts = await lab.run({ a: code.next() })
    expect(receipts).toMatchObject([{ outcome: 'committed' }])
    await lab.execute('step', 300)
    lab.forget()
    if (i === 40) before = await usedBytes()
  }
  const growth = (await usedBytes()) - before
  expect(growth).toBeLessThan(5 * 2 ** 20)
  expect(code.ended()).toEqual([119, 119])
  expect(code.worlds()).toBe(1)
  expect(code.alive()).toBeLessThanOrEqual(16)
  expect(lab.core.program.frame).toBe(36_000)
  expect(lab.core.receipts.list().every(({ outcome }) => outcome === 'committed')).toBe(true)
}, 60_000)
