import { expect, test } from 'vitest'
import type { Problem } from '../../protocol/problem.ts'
import { reproducibilityWords } from './status-words.ts'

const problem: Problem = {
  id: 'x',
  source: 'replay',
  severity: 'warning',
  message: 'Frame 3 of a came out another way.',
}

test('[HS6] the status bar says whether the program is reproducible, how it is known, and why it is not', () => {
  const verifyingOff = undefined
  expect(reproducibilityWords({ reproducible: true, verifyingOff }, []).tip).toContain('computed again now and then')
  expect(reproducibilityWords({ reproducible: true, verifyingOff: 'battery' }, []).tip).toContain('battery')
  expect(reproducibilityWords({ reproducible: true, verifyingOff: 'setting' }, []).tip).toContain('as you chose')
  expect(reproducibilityWords({ reproducible: false, verifyingOff }, []).tip).toContain('native Math')
  const told = reproducibilityWords({ reproducible: false, verifyingOff }, [problem])
  expect(told).toMatchObject({ tone: 'attention', word: 'not reproducible' })
  expect(told.tip).toContain(problem.message)
})
