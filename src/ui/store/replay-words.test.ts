import { describe, expect, test } from 'vitest'
import type { ReplayCause } from '../../protocol/replay.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { progressWords, replayWords } from './replay-words.ts'

const moment = { timeline: timelineId(0), frame: frameNumber(1200) }
const difference = { module: 'tank', path: 'state.hp', running: '3', replayed: '5' }

describe('[ML11] a replay from frame 0 says', () => {
  test('that a program without residue is what its code makes', () => {
    expect(replayWords({ kind: 'same', moment, reloads: 2, ms: 1 })).toMatchObject({
      tone: 'good',
      event: 'Same state at frame 1\u00a0200',
      meaning: expect.stringContaining('No residue of the 2 reloads'),
    })
  })
  test.each<[ReplayCause, string, RegExp]>([
    [{ kind: 'reloads', reloads: 1 }, 'attention', /^Residue of 1 reload:/],
    [{ kind: 'unrecorded' }, 'error', /^A bug, and no residue/],
    [{ kind: 'unknown', reason: 'the code is gone' }, 'attention', /can not be told: The code is gone\.$/],
  ])('what differs, and why: %o', (cause, tone, meaning) => {
    expect(replayWords({ kind: 'differs', moment, difference, cause, ms: 1 })).toEqual({
      tone,
      event: 'tank: state.hp is 3 here, and 5 in a clean run, at frame 1\u00a0200',
      meaning: expect.stringMatching(meaning),
    })
  })
  test('where a clean run throws', () => {
    const threw = { kind: 'threw', module: 'tank', moment, error: { message: 'no hp' }, ms: 1 } as const
    expect(replayWords({ ...threw, cause: { kind: 'reloads', reloads: 1 } }).event).toBe(
      'tank throws at frame 1\u00a0200 of a clean run: no hp',
    )
  })
  test('how far it is', () => {
    expect(progressWords({ pass: 'recorded', frame: 10, of: 20 })).toMatch(/with all reloads.* frame 10 of 20$/)
  })
})
