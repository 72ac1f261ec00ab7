import { expect, test } from 'vitest'
import type { DeviceInput } from '../protocol/input.ts'
import type { JournalEntry } from '../protocol/journal.ts'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { UntakenInputs } from './untaken-inputs.ts'

const key = (code: string, down = true): DeviceInput => ({ kind: 'key', code, down })
const taken = (input: DeviceInput, sequence: number): JournalEntry => ({
  sequence,
  timeline: timelineId(0),
  frame: frameNumber(1),
  input: { kind: 'device', input },
})

test('[ML9] inputs an engine accepted are kept until a frame has taken them', () => {
  const untaken = new UntakenInputs()
  for (const code of ['A', 'B', 'C']) untaken.accepted(key(code))
  untaken.entered([taken(key('A'), 1)])
  expect(untaken.list()).toEqual([key('B'), key('C')])
  // One that was merged with the next is not waited for.
  untaken.entered([taken(key('C'), 2), taken(key('other'), 3)])
  expect(untaken.list()).toEqual([])
})
