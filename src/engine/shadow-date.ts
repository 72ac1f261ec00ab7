// The Date a module sees: the present is engine time after a fixed epoch, and local time is UTC (FL5). Instances are real
// dates with a prototype of their own; times given and texts parsed mean the same in every zone.

import { shadowDateMark } from './dates.ts'
import {
  call,
  construct,
  createObject,
  defineHidden,
  isCallable,
  isObject,
  readProperty,
  type Callable,
} from './reflection.ts'

/** Engine time 0 as a date: 2000-01-01T00:00:00Z, in milliseconds. */
export const engineEpoch = 946_684_800_000

const localNames = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A Date class over the realm's. `timeMs` gives engine time. */
export function createShadowDate(RealmDate: DateConstructor, timeMs: () => number): DateConstructor {
  const now = (): number => engineEpoch + Math.floor(timeMs())
  const prototype = createObject(RealmDate.prototype)

  const ShadowDate = function (this: unknown, ...args: readonly unknown[]): unknown {
    const target: unknown = new.target
    // Called without `new` it gives the present as text.
    if (!isCallable(target)) return call(method(prototype, 'toString'), construct(RealmDate, [now()], ShadowDate), [])
    return construct(RealmDate, [timeOf(RealmDate, args, now)], target)
  }

  Object.defineProperty(ShadowDate, 'prototype', { value: prototype, writable: false })
  defineHidden(ShadowDate, 'name', 'Date')
  defineHidden(ShadowDate, 'length', 7)
  defineHidden(ShadowDate, 'now', now)
  defineHidden(ShadowDate, 'UTC', RealmDate.UTC)
  defineHidden(ShadowDate, 'parse', (text: unknown) => parseAsUtc(RealmDate, String(text)))
  defineHidden(prototype, 'constructor', ShadowDate)
  defineHidden(prototype, shadowDateMark, true)
  defineUtcMethods(prototype, RealmDate)
  if (!isDateConstructor(ShadowDate)) throw new TypeError('Date could not be shadowed')
  return ShadowDate
}

function timeOf(RealmDate: DateConstructor, args: readonly unknown[], now: () => number): unknown {
  if (args.length === 0) return now()
  if (args.length > 1) return call(RealmDate.UTC, undefined, args)
  const [value] = args
  if (value instanceof RealmDate) return value.getTime()
  const primitive = isObject(value) ? toPrimitive(value) : value
  return typeof primitive === 'string' ? parseAsUtc(RealmDate, primitive) : primitive
}

/** A text without a zone means UTC, where the realm would take its own zone. */
function parseAsUtc(RealmDate: DateConstructor, text: string): number {
  const isDateOnly = /^[+-]?\d{4,6}(-\d\d(-\d\d)?)?$/.test(text)
  const hasZone = /(Z|[+-]\d\d:?\d\d|GMT|UTC?|[ECMP][SD]T)\s*(\([^)]*\))?\s*$/i.test(text)
  if (isDateOnly || hasZone) return RealmDate.parse(text)
  return RealmDate.parse(/^[+-]?\d{4,6}-\d\d-\d\dT/.test(text) ? `${text}Z` : `${text} GMT`)
}

/** Local getters and setters become those of UTC, texts name UTC, locales default to en-US. */
function defineUtcMethods(prototype: object, RealmDate: DateConstructor): void {
  const real = RealmDate.prototype
  for (const name of localNames) {
    defineHidden(prototype, `get${name}`, method(real, `getUTC${name}`))
    defineHidden(prototype, `set${name}`, method(real, `setUTC${name}`))
  }
  defineHidden(prototype, 'getDay', method(real, 'getUTCDay'))
  defineHidden(prototype, 'getTimezoneOffset', function (this: Date) {
    return Number.isNaN(real.getTime.call(this)) ? NaN : 0
  })
  defineHidden(prototype, 'getYear', function (this: Date) {
    return real.getUTCFullYear.call(this) - 1900
  })
  defineHidden(prototype, 'setYear', function (this: Date, year: number) {
    const whole = Math.trunc(Number(year))
    return real.setUTCFullYear.call(this, whole >= 0 && whole <= 99 ? 1900 + whole : whole)
  })
  const isInvalid = (date: Date): boolean => Number.isNaN(real.getTime.call(date))
  defineHidden(prototype, 'toDateString', function (this: Date) {
    return isInvalid(this) ? 'Invalid Date' : dateText(this)
  })
  defineHidden(prototype, 'toTimeString', function (this: Date) {
    return isInvalid(this) ? 'Invalid Date' : timeText(this)
  })
  defineHidden(prototype, 'toString', function (this: Date) {
    return isInvalid(this) ? 'Invalid Date' : `${dateText(this)} ${timeText(this)}`
  })
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    const original = method(real, name)
    defineHidden(prototype, name, function (this: Date, locales?: unknown, options?: object) {
      return call(original, this, [locales ?? 'en-US', { timeZone: 'UTC', ...options }])
    })
  }
}

function dateText(date: Date): string {
  const year = date.getUTCFullYear()
  const yearText = `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`
  return `${dayNames[date.getUTCDay()]} ${monthNames[date.getUTCMonth()]} ${two(date.getUTCDate())} ${yearText}`
}

function timeText(date: Date): string {
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${clock} GMT+0000 (Coordinated Universal Time)`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function method(owner: object, name: string): Callable {
  const found = readProperty(owner, name)
  if (!isCallable(found)) throw new TypeError(`Date has no ${name}`)
  return found
}

function isDateConstructor(value: unknown): value is DateConstructor {
  return typeof value === 'function' && Reflect.has(value, 'UTC')
}

/** What the Date constructor makes of an object: `+` asks for the same, its default primitive. */
function toPrimitive(value: object): unknown {
  const convert = readProperty(value, Symbol.toPrimitive)
  if (isCallable(convert)) return call(convert, value, ['default'])
  for (const name of ['valueOf', 'toString']) {
    const convertBy = readProperty(value, name)
    const primitive = isCallable(convertBy) ? call(convertBy, value, []) : value
    if (!isObject(primitive)) return primitive
  }
  return NaN
}
