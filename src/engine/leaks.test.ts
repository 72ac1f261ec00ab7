// What many reloads and frames leave behind: nothing that grows.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'

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

/** A module whose every version is an object of its own, remembered weakly. */
function versions(): { readonly next: () => object; readonly alive: () => number } {
  const made: WeakRef<object>[] = []
  let count = 0
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
      }
      made.push(new WeakRef(definition))
      return definition
    },
    alive: () => made.filter((one) => one.deref() !== undefined).length,
  }
}

async function usedBytes(): Promise<number> {
  await collect()
  return process.memoryUsage().heapUsed
}

test('[ML10] of a thousand reloads in a row at most sixteen versions stay, and the heap does not grow', async () => {
  const lab = new TestEngine()
  const code = versions()
  const reload = async (): Promise<void> => {
    const receipts = await lab.run({ a: { code: () => ({ default: code.next() }) } })
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
  expect(growth).toBeLessThan(5 * 2 ** 20)
  expect(lab.core.program.frame).toBe(1130)
}, 60_000)

test('[ML10] 36 000 frames with a reload every 300: all succeed, and the heap does not grow', async () => {
  const lab = new TestEngine({ history: { byteLimit: 2 ** 20 } })
  const code = versions()
  let before = 0
  for (let i = 0; i < 120; i++) {
    const receipts = await lab.run({ a: { code: () => ({ default: code.next() }) } })
    expect(receipts).toMatchObject([{ outcome: 'committed' }])
    await lab.execute('step', 300)
    lab.forget()
    if (i === 40) before = await usedBytes()
  }
  const growth = (await usedBytes()) - before
  expect(growth).toBeLessThan(5 * 2 ** 20)
  expect(lab.core.program.frame).toBe(36_000)
  expect(lab.core.receipts.list().every(({ outcome }) => outcome === 'committed')).toBe(true)
}, 60_000)
