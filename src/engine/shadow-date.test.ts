import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createShadowDate, engineEpoch } from './shadow-date.ts'

const clock = { ms: 0 }
const ShadowDate = createShadowDate(Date, () => clock.ms)

// Tests run in whatever zone the machine has; a zone far from UTC makes the difference visible.
beforeAll(() => void vi.stubEnv('TZ', 'Pacific/Kiritimati'))
afterAll(() => void vi.unstubAllEnvs())

describe('[FL5] the present is engine time', () => {
  test('in every way of asking', () => {
    clock.ms = 1500.7
    expect(ShadowDate.now()).toBe(engineEpoch + 1500)
    expect(new ShadowDate().getTime()).toBe(engineEpoch + 1500)
    expect(ShadowDate()).toBe('Sat Jan 01 2000 00:00:01 GMT+0000 (Coordinated Universal Time)')
    clock.ms = 0
    expect(new ShadowDate().toISOString()).toBe('2000-01-01T00:00:00.000Z')
  })
})

describe('[FL5] local time is UTC', () => {
  test('the zone of this test is another one', () => {
    expect(new Date(0).getTimezoneOffset()).not.toBe(0)
  })

  test.each<[string, readonly unknown[], string]>([
    ['parts', [2024, 1, 29, 12, 30, 15, 7], '2024-02-29T12:30:15.007Z'],
    ['two parts', [99, 0], '1999-01-01T00:00:00.000Z'],
    ['a number', [5], '1970-01-01T00:00:00.005Z'],
    ['a date', [new Date(7)], '1970-01-01T00:00:00.007Z'],
    ['a day', ['2024-03-01'], '2024-03-01T00:00:00.000Z'],
    ['a time without a zone', ['2024-03-01T10:00'], '2024-03-01T10:00:00.000Z'],
    ['a time of UTC', ['2024-03-01T10:00:00Z'], '2024-03-01T10:00:00.000Z'],
    ['a time with an offset', ['2024-03-01T10:00:00+02:00'], '2024-03-01T08:00:00.000Z'],
    ['an old format', ['Mar 1, 2024 10:00'], '2024-03-01T10:00:00.000Z'],
    ['an old format with zone', ['Fri, 01 Mar 2024 10:00:00 GMT'], '2024-03-01T10:00:00.000Z'],
  ])('made from %s', (_what, args, expected) => {
    const made: unknown = Reflect.construct(ShadowDate, args)
    expect(made instanceof Date ? made.toISOString() : undefined).toBe(expected)
  })

  test('getters, setters and texts', () => {
    const date = new ShadowDate(2024, 1, 29, 12, 30, 15, 7)
    expect([
      date.getFullYear(),
      date.getMonth(),
      date.getDate(),
      date.getDay(),
      date.getHours(),
      date.getMinutes(),
      date.getSeconds(),
      date.getMilliseconds(),
    ]).toEqual([2024, 1, 29, 4, 12, 30, 15, 7])
    expect(date.getTimezoneOffset()).toBe(0)
    expect(date.toString()).toBe('Thu Feb 29 2024 12:30:15 GMT+0000 (Coordinated Universal Time)')
    expect(date.toDateString()).toBe('Thu Feb 29 2024')
    expect(date.toLocaleDateString()).toBe('2/29/2024')
    expect(date.toLocaleString('de-DE', { timeZone: 'UTC' })).toContain('29.2.2024')
    expect(date.toLocaleTimeString()).toBe('12:30:15 PM')
    expect(String(date)).toBe(date.toString())
    date.setHours(1, 2)
    date.setMonth(0)
    expect(date.toISOString()).toBe('2024-01-29T01:02:15.007Z')
    expect(JSON.stringify({ date })).toBe('{"date":"2024-01-29T01:02:15.007Z"}')
  })

  test('invalid dates stay invalid', () => {
    const date = new ShadowDate('no date')
    expect([date.getTime(), date.getTimezoneOffset(), date.getDay()]).toEqual([NaN, NaN, NaN])
    expect([date.toString(), date.toDateString(), date.toTimeString()]).toEqual([
      'Invalid Date',
      'Invalid Date',
      'Invalid Date',
    ])
    expect(new ShadowDate(NaN).getTime()).toBeNaN()
  })

  test('the old two-digit methods', () => {
    const date = new ShadowDate(2024, 0)
    const call = (name: string, ...args: number[]): unknown => {
      const method: unknown = Reflect.get(date, name)
      return typeof method === 'function' ? Reflect.apply(method, date, args) : undefined
    }
    expect(call('getYear')).toBe(124)
    call('setYear', 95)
    expect(date.getFullYear()).toBe(1995)
  })
})

describe('it is a Date', () => {
  test('for instanceof, both ways that matter, and for classes that extend it', () => {
    expect(new ShadowDate()).toBeInstanceOf(ShadowDate)
    expect(new ShadowDate()).toBeInstanceOf(Date)
    expect(new ShadowDate().constructor).toBe(ShadowDate)
    expect(Object.prototype.toString.call(new ShadowDate())).toBe('[object Date]')
    class Day extends ShadowDate {
      next(): number {
        return this.getDate() + 1
      }
    }
    const day = new Day(2024, 0, 5)
    expect(day).toBeInstanceOf(Day)
    expect(day.next()).toBe(6)
    expect([ShadowDate.name, ShadowDate.length, ShadowDate.UTC(2000, 0)]).toEqual(['Date', 7, engineEpoch])
    expect(ShadowDate.parse('2024-03-01T00:00')).toBe(Date.UTC(2024, 2, 1))
  })

  test('values that turn into primitives are taken as Date takes them', () => {
    const from = (value: unknown): number => {
      const made: unknown = Reflect.construct(ShadowDate, [value])
      return made instanceof Date ? made.getTime() : NaN
    }
    expect(from({ valueOf: () => 5 })).toBe(5)
    expect(from({ toString: () => '2024-03-01T00:00' })).toBe(Date.UTC(2024, 2, 1))
    expect(from({ [Symbol.toPrimitive]: () => 7 })).toBe(7)
    expect(from(true)).toBe(1)
    expect(from(null)).toBe(0)
    expect(from(undefined)).toBeNaN()
  })

  test('the realm’s Date is as it was', () => {
    expect(Object.hasOwn(Date.prototype, 'constructor') && Date.prototype.constructor === Date).toBe(true)
    expect(Math.abs(Date.now() - new Date().getTime())).toBeLessThan(1000)
  })
})
