// Saved data between program, dev server and browser, with a server that answers when the test says so.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Output } from '../protocol/outputs.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { SavedEntry, SavedWrite } from '../protocol/saved.ts'
import { SavedKeeper } from './saved-keeper.ts'

const save = (key: string, data: unknown): Output => ({ kind: 'save', module: 'tank', key, data })

class Page {
  readonly written: (readonly unknown[])[] = []
  readonly engine: unknown[] = []
  readonly told: string[] = []
  readonly writers: boolean[] = []
  readonly stored = new Map<string, string>()
  readonly keeper: SavedKeeper
  refusesStorage = false
  #answers: { resolve: (result: SavedWrite) => void; reject: (error: Error) => void }[] = []
  #later: (() => void)[] = []

  constructor(stored = new Map<string, string>()) {
    this.stored = stored
    this.keeper = new SavedKeeper({
      write: (entries: readonly SavedEntry[]) => {
        this.written.push(entries.map(({ key, data }) => [key, data]))
        return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }))
      },
      setSaved: async (saved) => {
        this.engine.push(saved)
      },
      tell: (problems) => this.told.push(problems.map(({ message }) => message).join('; ')),
      writerChanged: (isWriter) => this.writers.push(isWriter),
      storage: {
        getItem: (key) => this.stored.get(key) ?? null,
        setItem: (key, text) => {
          if (this.refusesStorage) throw new Error('QuotaExceededError')
          this.stored.set(key, text)
        },
        removeItem: (key) => this.stored.delete(key),
      },
      later: (callback) => this.#later.push(callback),
    })
  }

  /** The server's answer, and the time after it. */
  async answer(result: SavedWrite | Error = { isWriter: true, problems: [] }): Promise<void> {
    const next = this.#answers.shift()
    if (result instanceof Error) next?.reject(result)
    else next?.resolve(result)
    for (let i = 0; i < 5; i++) await Promise.resolve()
    for (const callback of this.#later.splice(0)) callback()
  }
}

const nothing = { saved: {}, problems: [], isWriter: true }

test('while a write is under way, the newest of each key waits', async () => {
  const page = new Page()
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 1)])
  page.keeper.keep([save('a', 2), save('b', 1)])
  page.keeper.keep([save('a', 3)])
  expect(page.written).toEqual([[['a', 1]]])
  await page.answer()
  expect(page.written).toEqual([
    [['a', 1]],
    [
      ['a', 3],
      ['b', 1],
    ],
  ])
})

test('the engine is told what is saved before the program opens, and when others change it', async () => {
  const page = new Page()
  await page.keeper.open('game', { ...nothing, saved: { tank: { a: 1 } } })
  await page.keeper.came({ ...nothing, saved: {} })
  expect(page.engine).toEqual([{ tank: { a: 1 } }, {}])
})

test('without a server it waits in the browser, and is written when the server is back, also by the next page', async () => {
  const page = new Page()
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 1)])
  await page.answer(new CoppiceError('disconnected', 'gone'))
  expect(page.told.at(-1)).toMatch(/The dev server is gone: saved data waits in this browser/)
  const next = new Page(page.stored)
  await next.keeper.open('game', { ...nothing, saved: { tank: { a: 0, b: 2 } } })
  expect(next.engine).toEqual([{ tank: { a: 1, b: 2 } }])
  expect(next.written).toEqual([[['a', 1]]])
  await next.answer()
  expect(page.stored.size).toBe(0)
  expect(next.told.at(-1)).toBe('')
})

test('[WS5] a page that does not write says so and writes nothing', async () => {
  const page = new Page()
  await page.keeper.open('game', { ...nothing, isWriter: false })
  page.keeper.keep([save('a', 1)])
  expect(page.written).toEqual([])
  page.keeper.leased(true)
  page.keeper.keep([save('a', 2)])
  expect(page.written).toEqual([[['a', 2]]])
  expect(page.writers).toEqual([false, true])
})

test('[WS5] what a page leaves unwritten is written by the page that writes next, and by no other', async () => {
  const first = new Page()
  const second = new Page(first.stored)
  await first.keeper.open('game', nothing)
  await second.keeper.open('game', { ...nothing, isWriter: false })
  first.keeper.keep([save('a', 1)])
  first.keeper.keep([save('b', 2)])
  first.keeper.leave()
  second.keeper.keep([save('a', 7)])
  expect(second.written).toEqual([])
  second.keeper.leased(true)
  expect(second.written).toEqual([
    [
      ['b', 2],
      ['a', 1],
    ],
  ])
  await second.answer()
  expect(first.stored.size).toBe(0)
})

test('[WS5] a page that does not write leaves what the other keeps in the browser', async () => {
  const first = new Page()
  const second = new Page(first.stored)
  await first.keeper.open('game', nothing)
  await second.keeper.open('game', { ...nothing, isWriter: false })
  first.keeper.keep([save('a', 1)])
  await first.answer(new CoppiceError('disconnected', 'gone'))
  second.keeper.keep([save('a', 7)])
  second.keeper.leave()
  expect(first.stored.size).toBe(1)
})

test('[WS5] a page that wrote and does no more takes back what it kept in the browser', async () => {
  const page = new Page()
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 1)])
  await page.answer(new CoppiceError('disconnected', 'gone'))
  await page.answer(new CoppiceError('disconnected', 'gone'))
  expect(page.stored.size).toBe(1)
  await page.keeper.open('game', { ...nothing, isWriter: false })
  await page.answer({ isWriter: false, problems: [] })
  expect(page.stored.size).toBe(0)
})

test('what waits when the server comes back is not lost where the browser keeps nothing', async () => {
  const page = new Page()
  page.refusesStorage = true
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 1)])
  await page.answer(new CoppiceError('disconnected', 'gone'))
  expect(page.told.at(-1)).toMatch(/waits in this page alone .* Do not close it/)
  await page.keeper.open('game', { ...nothing, saved: { tank: { a: 0 } } })
  expect(page.engine.at(-1)).toEqual({ tank: { a: 1 } })
  await page.answer()
  expect(page.written.at(-1)).toEqual([['a', 1]])
})

test('another workspace gets nothing of what waits for the one before, which finds it again', async () => {
  const page = new Page()
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 1)])
  page.keeper.keep([save('b', 2)])
  await page.keeper.open('other', nothing)
  await page.answer(new CoppiceError('disconnected', 'gone'))
  expect(page.written).toEqual([[['a', 1]]])
  await page.keeper.open('game', nothing)
  expect(page.engine.at(-1)).toEqual({ tank: { a: 1, b: 2 } })
  await page.answer()
  expect(page.stored.size).toBe(0)
})

test('what is not written yet stays when others change saved data', async () => {
  const page = new Page()
  await page.keeper.open('game', nothing)
  page.keeper.keep([save('a', 2)])
  await page.keeper.came({ ...nothing, saved: { tank: { a: 1, b: 3 } } })
  expect(page.engine).toEqual([{ tank: { a: 2, b: 3 } }])
})

test('[SV3] whatever stands in the browser’s storage, the page opens, and of it only entries are written', async () => {
  const entry = fc.record(
    {
      module: fc.oneof(fc.string(), fc.constantFrom('tank', '__proto__'), fc.jsonValue()),
      key: fc.oneof(fc.string(), fc.jsonValue()),
      data: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.oneof(entry, fc.jsonValue())).map((kept) => JSON.stringify(kept)),
  )
  await fc.assert(
    fc.asyncProperty(text, async (kept) => {
      const page = new Page(new Map([['coppice.saved.game', kept]]))
      await page.keeper.open('game', { ...nothing, saved: { tank: { best: 1 } } })
      for (const [key, data] of page.written.flat().map((one) => Object.values(Object(one)))) {
        expect(key).toBeTypeOf('string')
        expect(data).toBeDefined()
      }
      expect(page.engine).toMatchObject([{ tank: expect.any(Object) }])
      page.keeper.keep([save('best', 2)])
      await page.answer()
      await page.answer()
      expect(page.written.flat()).toContainEqual(['best', 2])
    }),
  )
})

test('what stands in the browser’s storage and is none of ours is let be', async () => {
  const page = new Page(new Map([['coppice.saved.game', '{"a": ']]))
  await page.keeper.open('game', nothing)
  expect(page.written).toEqual([])
})
