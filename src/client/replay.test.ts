// What the page does for a replay and for the search of a hang's loop: a worker of its own is asked, and ended whatever it does.

import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../protocol/journal.ts'
import type { ReplayProgress, ReplayResult } from '../protocol/replay.ts'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { CodeStore } from './code-store.ts'
import { EnginePeer } from './link-peers.ts'
import type { Reply } from './link-peers.ts'
import { findLoop } from './loop-search.ts'
import { startReplay } from './replay.ts'

const timeline = timelineId(0)
const entry = (sequence: number): JournalEntry => ({
  sequence,
  timeline,
  frame: frameNumber(1),
  input: { kind: 'publish', topic: 'note', data: sequence },
})

function started(reply: Reply | undefined, count = 5000) {
  const peer = new EnginePeer((name) => (name === 'replay' ? reply : { result: [] }))
  const asked: number[] = []
  const told: ReplayProgress[] = []
  const all = Array.from({ length: count }, (_, index) => entry(index + 1))
  const journal = (since: number, limit: number): Promise<readonly JournalEntry[]> => {
    asked.push(limit)
    return Promise.resolve(all.slice(since, since + limit))
  }
  const source = { timeline, texts: [], captures: new ArrayBuffer(8), journal }
  const replay = startReplay(
    () => peer.thread,
    source,
    (progress) => told.push(progress),
  )
  return { peer, asked, told, replay }
}

describe('[ML11] a replay', () => {
  test('has all that entered, asked for a bit at a time; its worker goes when it has answered', async () => {
    const moment = { timeline, frame: frameNumber(9) }
    const result: ReplayResult = { kind: 'same', moment, reloads: 0, ms: 1 }
    const { peer, asked, replay } = started({ result })
    expect(await replay.result).toEqual(result)
    expect(asked).toEqual([2000, 2000, 2000])
    expect(peer.commands.at(-1)).toMatchObject({ name: 'replay', args: [{ entries: { length: 5000 } }, {}] })
    expect(peer.isTerminated).toBe(true)
  })

  test('tells how far it is, and is ended when it is cancelled', async () => {
    const { peer, told, replay } = started(undefined, 1)
    const progress = { pass: 'present-code', frame: 3, of: 9 } as const
    peer.emit({ type: 'replayed', progress })
    await expect.poll(() => told).toEqual([progress])
    replay.cancel()
    await expect(replay.result).rejects.toMatchObject({ code: 'interrupted' })
    expect(peer.isTerminated).toBe(true)
  })
})

describe('[ML9] the search for the loop that did not come to an end', () => {
  test('ends its worker at the first place that is found', async () => {
    const position = { file: 'a.ts', line: 9, column: 5 }
    const peer = new EnginePeer((name) => (name === 'step' ? undefined : { result: [] }))
    const search = { startEngine: () => peer.thread, store: new CodeStore(), watchLoops: async () => [] }
    const found = findLoop(search, undefined, undefined)
    await expect.poll(() => peer.commands.map(({ name }) => name)).toEqual(['status', 'addTexts', 'step'])
    peer.emit({ type: 'loop-found', position })
    expect(await found).toEqual(position)
    expect(peer.isTerminated).toBe(true)
  })

  test('finds nothing where what hung can not be done once more', async () => {
    const peer = new EnginePeer((name) =>
      name === 'step' ? { error: { code: 'not-paused', message: 'no' } } : { result: [] },
    )
    const search = { startEngine: () => peer.thread, store: new CodeStore(), watchLoops: async () => [] }
    expect(await findLoop(search, undefined, undefined)).toBeUndefined()
    expect(peer.isTerminated).toBe(true)
  })
})
