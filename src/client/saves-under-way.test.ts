import { expect, test } from 'vitest'
import { SavesUnderWay } from './saves-under-way.ts'

test('a save is waited for until it settles, whether it succeeds or fails', async () => {
  const saves = new SavesUnderWay(() => 0)
  expect(saves.isWaitedFor).toBe(false)
  const good = saves.follow(Promise.resolve('saved'))
  const bad = saves.follow(Promise.reject(new Error('conflict')))
  expect(saves.isWaitedFor).toBe(true)
  expect(await good).toBe('saved')
  await expect(bad).rejects.toThrow('conflict')
  expect(saves.isWaitedFor).toBe(false)
})

test('saves that take long, or follow each other without a gap, are not waited for for ever', async () => {
  let now = 0
  const saves = new SavesUnderWay(() => now)
  let settle: () => void = () => undefined
  const first = saves.follow(new Promise<void>((resolve) => (settle = resolve)))
  now = 199
  expect(saves.isWaitedFor).toBe(true)
  const second = saves.follow(Promise.resolve())
  now = 200
  expect(saves.isWaitedFor).toBe(false)
  settle()
  await Promise.all([first, second])
  void saves.follow(new Promise(() => undefined))
  expect(saves.isWaitedFor).toBe(true)
})
