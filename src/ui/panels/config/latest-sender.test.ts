import { expect, test } from 'vitest'
import { LatestSender } from './latest-sender.ts'

test('while one value is under way only the newest per key waits', async () => {
  const sent: [string, unknown][] = []
  const answers: (() => void)[] = []
  const sender = new LatestSender((key, value) => {
    sent.push([key, value])
    return new Promise((resolve) => answers.push(resolve))
  })
  const answer = async (): Promise<void> => {
    answers.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
  }
  sender.send('speed', 1)
  sender.send('speed', 2)
  sender.send('count', 9)
  sender.send('speed', 3)
  expect(sent).toEqual([['speed', 1]])
  await answer()
  await answer()
  await answer()
  expect(sent).toEqual([
    ['speed', 1],
    ['speed', 3],
    ['count', 9],
  ])
  sender.send('speed', 4)
  expect(sent.at(-1)).toEqual(['speed', 4])
})
