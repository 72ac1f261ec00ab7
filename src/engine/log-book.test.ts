import { describe, expect, test } from 'vitest'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { LogBook, type LogEntry } from './log-book.ts'

const at = (frame: number, timeline = 0): LogEntry['moment'] => ({
  timeline: timelineId(timeline),
  frame: frameNumber(frame),
})
const entry = (text: string, more: Partial<LogEntry> & { frame?: number } = {}): LogEntry => {
  const { frame = 1, ...rest } = more
  return { level: 'info', module: 'tank', text, moment: at(frame), time: frame / 60, ...rest }
}
const texts = (book: LogBook): string[] => book.filter({}).map((line) => `${line.text} ×${line.count}`)

describe('[FL6] a line', () => {
  test('carries what it was written with, and a climbing id', () => {
    const book = new LogBook()
    const position = { file: 'tank.ts', line: 3, column: 5 }
    book.append(entry('hello', { position, level: 'warning', frame: 7 }))
    book.append({ level: 'info', text: 'engine', moment: at(8), time: 0 })
    expect(book.filter({})).toEqual([
      {
        id: 1,
        moment: at(7),
        firstMoment: at(7),
        module: 'tank',
        level: 'warning',
        text: 'hello',
        position,
        count: 1,
        perSecond: 0,
      },
      { id: 2, moment: at(8), firstMoment: at(8), level: 'info', text: 'engine', count: 1, perSecond: 0 },
    ])
  })

  test('repeated without another between is folded, with count, newest moment and rate', () => {
    const book = new LogBook()
    for (let frame = 1; frame <= 61; frame++) book.append(entry('tick', { frame }))
    const [line, ...others] = book.filter({})
    expect(others).toEqual([])
    expect(line).toMatchObject({ id: 1, count: 61, firstMoment: at(1), moment: at(61) })
    expect(line?.perSecond).toBeCloseTo(60, 6)
  })

  test('repeated within one frame has no rate yet', () => {
    const book = new LogBook()
    book.append(entry('x'))
    book.append(entry('x'))
    expect(book.filter({})[0]).toMatchObject({ count: 2, perSecond: 0 })
  })

  test.each<[string, Partial<LogEntry>]>([
    ['another text', { text: 'y' }],
    ['another module', { module: 'map' }],
    ['no module', { module: undefined }],
    ['another level', { level: 'error' }],
    ['another place', { position: { file: 'tank.ts', line: 4, column: 1 } }],
    ['another timeline', { moment: at(1, 1) }],
  ])('%s is no repeat', (_what, more) => {
    const book = new LogBook()
    const position = { file: 'tank.ts', line: 3, column: 1 }
    book.append(entry('x', { position }))
    book.append({ ...entry('x', { position }), ...more })
    expect(book.filter({})).toHaveLength(2)
  })

  test('after another between starts a fold of its own', () => {
    const book = new LogBook()
    for (const text of ['a', 'a', 'b', 'a']) book.append(entry(text))
    expect(texts(book)).toEqual(['a ×2', 'b ×1', 'a ×1'])
  })
})

describe('the ring', () => {
  test('keeps the newest lines, in order', () => {
    const book = new LogBook(3)
    for (const text of ['a', 'b', 'c', 'd', 'e', 'e']) book.append(entry(text))
    expect(texts(book)).toEqual(['c ×1', 'd ×1', 'e ×2'])
    book.append(entry('f'))
    expect(texts(book)).toEqual(['d ×1', 'e ×2', 'f ×1'])
  })

  test('keeps 5000 by default', () => {
    const book = new LogBook()
    for (let index = 0; index < 5010; index++) book.append(entry(String(index)))
    expect(book.filter({})).toHaveLength(5000)
    expect(book.filter({})[0]?.text).toBe('10')
  })
})

describe('draining', () => {
  const drained = (book: LogBook): string[] => book.drain().map((line) => `${line.id} ${line.text} ×${line.count}`)

  test('gives new lines once, and a folded one again when its count changed', () => {
    const book = new LogBook()
    book.append(entry('a'))
    book.append(entry('b'))
    expect(drained(book)).toEqual(['1 a ×1', '2 b ×1'])
    expect(drained(book)).toEqual([])
    book.append(entry('b'))
    expect(drained(book)).toEqual(['2 b ×2'])
    book.append(entry('b'))
    book.append(entry('c'))
    expect(drained(book)).toEqual(['2 b ×3', '3 c ×1'])
    expect(drained(book)).toEqual([])
  })

  test('gives what is left where more came than the ring holds', () => {
    const book = new LogBook(2)
    for (const text of ['a', 'b', 'c']) book.append(entry(text))
    expect(drained(book)).toEqual(['2 b ×1', '3 c ×1'])
  })
})

describe('filtering', () => {
  const book = new LogBook()
  book.append(entry('Quiet', { level: 'trace', frame: 1 }))
  book.append(entry('warned', { level: 'warning', frame: 2 }))
  book.append(entry('Failed', { level: 'critical', module: 'map', frame: 3 }))
  test.each([
    [{}, ['Quiet', 'warned', 'Failed']],
    [{ level: 'warning' as const }, ['warned', 'Failed']],
    [{ module: 'map' }, ['Failed']],
    [{ text: 'FAIL' }, ['Failed']],
    [{ sinceFrame: 2 }, ['warned', 'Failed']],
    [{ level: 'warning' as const, module: 'tank', text: 'a', sinceFrame: 1 }, ['warned']],
    [{ module: 'none' }, []],
  ])('%j', (filter, expected) => {
    expect(book.filter(filter).map((line) => line.text)).toEqual(expected)
  })
})
