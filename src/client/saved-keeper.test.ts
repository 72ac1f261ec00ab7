// Saved data between program, dev server and browser, with a server that answers when the test says so.

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
        setItem: (key, text) => this.stored.set(key, text),
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

test('what stands in the browser’s storage and is none of ours is let be', async () => {
  const page = new Page(new Map([['coppice.saved.game', '{"a": ']]))
  await page.keeper.open('game', nothing)
  expect(page.written).toEqual([])
})
