import { expect, test } from 'vitest'
import type { Problem } from '../../protocol/problem.ts'
import { healthWords, reproducibilityWords, socketsWords } from './status-words.ts'

const problem: Problem = {
  id: 'x',
  source: 'replay',
  severity: 'warning',
  message: 'Frame 3 of a came out another way.',
}

test('[HS6] the status bar says whether the program is reproducible, how it is known, and why it is not', () => {
  expect(reproducibilityWords({ reproducible: true }, []).tip).toContain('computed again now and then')
  expect(reproducibilityWords({ reproducible: true, verifyingOff: 'battery' }, []).tip).toContain('battery')
  expect(reproducibilityWords({ reproducible: true, verifyingOff: 'setting' }, []).tip).toContain('as you chose')
  expect(reproducibilityWords({ reproducible: false }, []).tip).toContain('native Math')
  const told = reproducibilityWords({ reproducible: false }, [problem])
  expect(told).toMatchObject({ tone: 'attention', word: 'not reproducible' })
  expect(told.tip).toContain(problem.message)
})

const well = { name: 'tank', status: 'running', health: { status: 'ok' } } as const
const open = { name: 'players', state: 'open', detail: 'channel x', clients: [] } as const
const shut = { name: 'net', state: 'connecting', detail: 'no answer', clients: [] } as const

test('[HL1] the status bar counts what is unwell: modules, queues, sockets', () => {
  expect(healthWords([well], [problem], [open])).toMatchObject({ tone: 'good', word: 'healthy' })
  const queue: Problem = { id: 'queue:tank', source: 'queue', severity: 'error', message: 'tank reads too slowly' }
  const tired = { ...well, name: 'map', health: { status: 'warning', message: 'tired' } } as const
  expect(healthWords([well, tired], [problem], [open])).toMatchObject({ tone: 'attention', word: '1 unwell' })
  const all = healthWords([well, tired], [queue], [shut])
  expect(all).toMatchObject({ tone: 'error', word: '3 unwell' })
  expect(all.tip).toBe('map: tired. And 2 more. Press for the last minutes.')
  expect(healthWords([well, { ...well, name: 'map', status: 'failed' }], [], [])).toMatchObject({
    tone: 'error',
    word: '1 unwell',
    tip: 'map: does not run. Press for the last minutes.',
  })
  const loud = { client: 'a', waiting: 9000, entered: 1, dropped: 3 } as const
  const late = { ...open, clients: [{ ...loud, pace: 'late' } as const] }
  expect(healthWords([well], [], [late])).toMatchObject({
    tone: 'attention',
    tip: 'players: client a sends more than frames take, 9000 wait, 3 were dropped. Press for the last minutes.',
  })
  const dropping = { ...open, clients: [{ ...loud, pace: 'dropping' } as const] }
  expect(healthWords([well], [], [dropping])).toMatchObject({ tone: 'error', word: '1 unwell' })
})

test('[MB5] the status bar says how many sockets are open, where there are any', () => {
  expect(socketsWords([])).toBeUndefined()
  expect(socketsWords([open])).toMatchObject({ tone: 'good', word: '1 socket' })
  expect(socketsWords([open, shut])).toMatchObject({ tone: 'attention', word: '1 of 2 sockets open' })
  expect(socketsWords([{ ...open, state: 'closed' }])).toMatchObject({ tone: 'error', word: '0 of 1 socket open' })
})
