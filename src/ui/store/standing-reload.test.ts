import { describe, expect, test } from 'vitest'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { standingReloads as standing, standingWords, unreadManifest } from './standing-reload.ts'
import { receiptWith } from './testing-receipt.ts'

const standingReloads = (receipts: Parameters<typeof standing>[0], differingModules: readonly string[]) =>
  standing(receipts, { differingModules, differingPaths: [] })
const error = { message: 'hp of undefined', file: 'tank.ts', line: 23, column: 4 }

describe('[ML8] the banner stands for', () => {
  const rejected = receiptWith({ id: 2, outcome: 'rejected', modules: [{ name: 'tank', from: 12 }] })
  const rolledBack = receiptWith({ id: 2, outcome: 'rolled-back' })
  const undone = receiptWith({ id: 2, trigger: 'undo', modules: [{ name: 'tank', from: 13, to: 12 }] })
  test.each([rejected, rolledBack, undone])(
    'a reload that left other code than the file: $outcome $trigger',
    (receipt) => {
      expect(standingReloads([receipt, receiptWith()], ['tank'])).toEqual([receipt])
      expect(standingReloads([receipt, receiptWith()], [])).toEqual([])
    },
  )
  test('the newest of each module, each reload once', () => {
    const both = receiptWith({ id: 5, outcome: 'rejected', modules: [{ name: 'tank' }, { name: 'map' }] })
    const passed = receiptWith({ id: 6, outcome: 'superseded' })
    expect(standingReloads([passed, both, rejected], ['tank', 'map'])).toEqual([both])
  })
  test('the reload that hung, not the way back from it', () => {
    const back = receiptWith({ id: 3, trigger: 'hang', modules: [{ name: 'tank', from: 13, to: 12 }] })
    expect(standingReloads([back, rolledBack, receiptWith()], ['tank'])).toEqual([rolledBack])
  })
  test('an engine.json that was refused, for as long as an older one is in force', () => {
    const manifest = { trigger: 'manifest', changedFiles: ['engine.json'], modules: [] } as const
    const refused = receiptWith({ id: 2, ...manifest, outcome: 'rejected', phase: 'evaluate', error })
    const isHeld = { differingModules: [], differingPaths: ['engine.json'] }
    expect(standing([refused, receiptWith()], isHeld)).toEqual([refused])
    expect(standing([refused], { ...isHeld, differingPaths: [] })).toEqual([])
    expect(standing([receiptWith({ id: 3, ...manifest }), refused], isHeld)).toEqual([])
    expect(standingWords(refused)).toMatchObject({
      subject: 'engine.json',
      event: 'was refused',
      runs: 'The program runs on as it was.',
    })
  })
  test('an engine.json that can not be read', () => {
    const problem = { id: 'manifest::error', source: 'manifest', severity: 'error', message: 'is not JSON' } as const
    expect(unreadManifest([{ ...problem, file: 'engine.json' }])).toMatchObject({ message: 'is not JSON' })
    expect(unreadManifest([{ ...problem, file: 'engine.json', module: 'tank' }])).toBeUndefined()
  })
  test('nothing where the newest reload of the module was sound', () => {
    expect(standingReloads([receiptWith({ id: 3 }), rejected], ['tank'])).toEqual([])
  })
})

describe('[ML8] its words say what happened, where, what runs and what to do', () => {
  test('rolled back', () => {
    expect(standingWords(receiptWith({ outcome: 'rolled-back', error }))).toEqual({
      tone: 'error',
      subject: 'tank v13',
      event: 'failed on trial',
      place: error,
      cause: 'hp of undefined',
      runs: 'v12 runs on with the state it had.',
      advice: 'Fix and save.',
    })
  })
  test('rolled back: the engine says at which frame, and what the version before goes on from', () => {
    const moment = { timeline: timelineId(0), frame: frameNumber(18_120) }
    const problem = { moment, consequence: 'v12 runs again, the frames since were computed again with it' }
    expect(standingWords(receiptWith({ outcome: 'rolled-back', error }), problem)).toMatchObject({
      event: 'failed at frame 18\u00a0120',
      runs: 'v12 runs again, the frames since were computed again with it.',
    })
  })
  test('rejected', () => {
    const words = standingWords(
      receiptWith({ outcome: 'rejected', phase: 'fetch', error, modules: [{ name: 'tank', from: 12 }] }),
    )
    expect(words).toMatchObject({ subject: 'tank', event: 'does not compile', runs: 'v12 runs on, untouched.' })
  })
  test('rejected at opening: nothing runs', () => {
    const words = standingWords(
      receiptWith({ outcome: 'rejected', phase: 'evaluate', trigger: 'open', modules: [{ name: 'tank' }] }),
    )
    expect(words.runs).toBe('It does not run.')
  })
  test('rejected in two modules', () => {
    const modules = [
      { name: 'tank', from: 12 },
      { name: 'map', from: 2 },
    ]
    expect(standingWords(receiptWith({ outcome: 'rejected', modules }))).toMatchObject({
      subject: 'tank, map',
      runs: 'tank v12, map v2 run on, untouched.',
    })
  })
  test('a state that does not fit: the offers say what to do', () => {
    const stateDifferences = [{ module: 'tank', path: 'nextId', from: 'number', to: 'string' }]
    expect(standingWords(receiptWith({ outcome: 'rejected', phase: 'migrate', stateDifferences }))).toMatchObject({
      event: 'was refused: its state does not fit',
      cause: 'nextId is number, the new code wants string',
      advice: '',
    })
  })
  test('undone', () => {
    const undone = receiptWith({ trigger: 'undo', modules: [{ name: 'tank', from: 13, to: 12 }] })
    expect(standingWords(undone)).toMatchObject({
      tone: 'attention',
      event: 'went back to v12',
      runs: 'The saved file holds another text.',
    })
  })
})
