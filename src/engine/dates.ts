// Dates as data. The engine reads no clock through them; modules get a Date class of their own (shadow-globals.ts) whose
// instances count as dates of the state like the realm's.

// oxlint-disable-next-line eslint/no-restricted-globals -- recognises and copies dates, never asks for the present time
const RealmDate = Date

/** Marks the prototypes of Date classes that shadow the realm's. */
export const shadowDateMark: unique symbol = Symbol('coppice.date')

/** True for Date's prototype and those that shadow it. */
export function isDatePrototype(prototype: object | null): boolean {
  return prototype === RealmDate.prototype || (prototype !== null && Object.hasOwn(prototype, shadowDateMark))
}

/** True for every date, of classes that extend Date too. */
export function isDate(value: unknown): value is Date {
  return value instanceof RealmDate
}

/** A date of the same class and time. */
export function copyDate(date: Date): Date {
  const copy = new RealmDate(date.getTime())
  Object.setPrototypeOf(copy, Reflect.getPrototypeOf(date))
  return copy
}

/** A date of the realm's class, or of the given prototype's. */
export function makeDate(time: number, prototype?: object): Date {
  const date = new RealmDate(time)
  if (prototype !== undefined) Object.setPrototypeOf(date, prototype)
  return date
}

/** True where the date's class shadows the realm's. */
export function isShadowDate(date: Date): boolean {
  return Reflect.getPrototypeOf(date) !== RealmDate.prototype
}
