// The Intl a module sees: the realm's formatters with fixed defaults (en-US, UTC), and engine time where a formatter
// would take the present. Instances are the realm's own.

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
import { engineEpoch } from './shadow-date.ts'

const defaultLocale = 'en-US'
const localised = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'DurationFormat',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
]
const unchanged = ['Locale', 'getCanonicalLocales', 'supportedValuesOf']

/** `realmIntl` is the realm's Intl; `timeMs` gives engine time. */
export function createShadowIntl(realmIntl: object, timeMs: () => number): object {
  const shadow = createObject(Object.prototype)
  Object.defineProperty(shadow, Symbol.toStringTag, { value: 'Intl', configurable: true })
  for (const name of unchanged) {
    const value = readProperty(realmIntl, name)
    if (value !== undefined) defineHidden(shadow, name, value)
  }
  for (const name of localised) {
    const formatter = readProperty(realmIntl, name)
    if (isCallable(formatter))
      defineHidden(shadow, name, withDefaults(formatter, name === 'DateTimeFormat' ? timeMs : undefined))
  }
  return shadow
}

/** `timeMs` is given for DateTimeFormat, which needs a zone and a present too. */
function withDefaults(formatter: Callable, timeMs: (() => number) | undefined): object {
  const argumentsWithDefaults = (args: readonly unknown[]): unknown[] => {
    const [locales, options, ...rest] = args
    if (timeMs === undefined) return [locales ?? defaultLocale, options, ...rest]
    const given = isObject(options) ? options : {}
    return [
      locales ?? defaultLocale,
      readProperty(given, 'timeZone') === undefined ? { ...given, timeZone: 'UTC' } : given,
    ]
  }
  const create = (args: readonly unknown[], newTarget: unknown): object => {
    const made = construct(
      formatter,
      argumentsWithDefaults(args),
      isCallable(newTarget) && newTarget !== proxy ? newTarget : formatter,
    )
    if (timeMs !== undefined) takePresentFromEngine(made, timeMs)
    return made
  }
  const proxy: object = new Proxy(formatter, {
    construct: (_target, args, newTarget) => create(args, newTarget),
    // Some formatters may be called without `new`.
    apply: (_target, _self, args) => create(args, undefined),
  })
  return proxy
}

/** `format()` without a date means now. */
function takePresentFromEngine(formatter: object, timeMs: () => number): void {
  for (const name of ['format', 'formatToParts']) {
    const original = readProperty(formatter, name)
    if (!isCallable(original)) continue
    defineHidden(formatter, name, (date?: unknown) =>
      call(original, formatter, [date ?? engineEpoch + Math.floor(timeMs())]),
    )
  }
}
