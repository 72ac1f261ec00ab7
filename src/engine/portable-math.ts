// The Math a module sees. `portable`: transcendental functions in plain arithmetic, the same bits in every JavaScript
// engine (FL5); what the standard defines exactly stays native. `native`: the realm's own, faster, bits may differ.

import acos from '@stdlib/math-base-special-acos'
import acosh from '@stdlib/math-base-special-acosh'
import asin from '@stdlib/math-base-special-asin'
import asinh from '@stdlib/math-base-special-asinh'
import atan from '@stdlib/math-base-special-atan'
import atan2 from '@stdlib/math-base-special-atan2'
import atanh from '@stdlib/math-base-special-atanh'
import cbrt from '@stdlib/math-base-special-cbrt'
import cos from '@stdlib/math-base-special-cos'
import cosh from '@stdlib/math-base-special-cosh'
import exp from '@stdlib/math-base-special-exp'
import expm1 from '@stdlib/math-base-special-expm1'
import ln from '@stdlib/math-base-special-ln'
import log10 from '@stdlib/math-base-special-log10'
import log1p from '@stdlib/math-base-special-log1p'
import log2 from '@stdlib/math-base-special-log2'
import generalPow from '@stdlib/math-base-special-pow'
import sin from '@stdlib/math-base-special-sin'
import sinh from '@stdlib/math-base-special-sinh'
import tan from '@stdlib/math-base-special-tan'
import tanh from '@stdlib/math-base-special-tanh'
import { createObject, readProperty } from './reflection.ts'

/** `portable` gives equal bits everywhere; `native` opts out (manifest field `math`). */
export type MathKind = 'portable' | 'native'

/** Members the standard defines to the last bit, so that the realm's own will do. */
const exactNames = [
  'E',
  'LN10',
  'LN2',
  'LOG10E',
  'LOG2E',
  'PI',
  'SQRT1_2',
  'SQRT2',
  'abs',
  'ceil',
  'clz32',
  'floor',
  'fround',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
  'f16round',
  'sumPrecise',
] as const

/** A function of its own for each, so that calls of one are compiled apart from calls of another. */
const portableFunctions: Readonly<Record<string, (...args: never[]) => number>> = {
  acos: (x: number) => acos(+x),
  acosh: (x: number) => acosh(+x),
  asin: (x: number) => asin(+x),
  asinh: (x: number) => asinh(+x),
  atan: (x: number) => atan(+x),
  atan2: (y: number, x: number) => portableAtan2(+y, +x),
  atanh: (x: number) => atanh(+x),
  cbrt: (x: number) => cbrt(+x),
  cos: (x: number) => cos(+x),
  cosh: (x: number) => portableCosh(+x),
  exp: (x: number) => exp(+x),
  expm1: (x: number) => expm1(+x),
  hypot: (...values: number[]) => portableHypot(values),
  log: (x: number) => ln(+x),
  log10: (x: number) => log10(+x),
  log1p: (x: number) => log1p(+x),
  log2: (x: number) => log2(+x),
  pow: (base: number, exponent: number) => portablePow(+base, +exponent),
  sin: (x: number) => sin(+x),
  sinh: (x: number) => sinh(+x),
  tan: (x: number) => tan(+x),
  tanh: (x: number) => tanh(+x),
}

const nativeNames = Object.keys(portableFunctions)

/**
 * A Math object with every member of the realm's. `random` replaces `Math.random`; without one, calling it throws an
 * error that names `random`, because an unseeded number would make the program irreproducible.
 */
export function createMath(kind: MathKind, random: () => number = refuseRandom): Math {
  const members = new Map<string, unknown>()
  for (const name of exactNames) {
    const member = readProperty(Math, name)
    if (member !== undefined) members.set(name, member)
  }
  for (const name of nativeNames)
    members.set(name, kind === 'native' ? readProperty(Math, name) : portableFunctions[name])
  members.set('random', () => random())
  const math = createObject(Object.prototype)
  Object.defineProperty(math, Symbol.toStringTag, { value: 'Math', configurable: true })
  for (const [name, value] of members) {
    const isConstant = typeof value === 'number'
    Object.defineProperty(math, name, { value, enumerable: false, writable: !isConstant, configurable: !isConstant })
  }
  if (!isMath(math)) throw new TypeError('Math could not be built')
  return math
}

/** What a rewritten `a ** b` calls: numbers by the kind's power function, bigints exactly, anything else as `**` coerces it. */
export function power(kind: MathKind): (base: number | bigint, exponent: number | bigint) => number | bigint {
  const pow = kind === 'native' ? Math.pow : portablePow
  return (base, exponent) => {
    if (typeof base === 'number' && typeof exponent === 'number') return pow(base, exponent)
    // Two negations are ToNumeric: objects and strings become numbers or bigints, base before exponent.
    const left = -(-base)
    const right = -(-exponent)
    if (typeof left === 'number' && typeof right === 'number') return pow(left, right)
    if (typeof left === 'bigint' && typeof right === 'bigint') return left ** right
    throw new TypeError('Cannot mix BigInt and other types, use explicit conversions')
  }
}

/**
 * The power function behind `Math.pow` and `**`. Exponents −1, 0.5, 0 … 4 go by multiplication and square root, for
 * speed; that choice depends on the exponent alone, so equal arguments always give equal bits.
 */
export function portablePow(base: number, exponent: number): number {
  switch (exponent) {
    case 2:
      return base * base
    case 3:
      return base * base * base
    case 0.5:
      // √ of −0 is −0 and of −∞ is NaN, but their powers are 0 and ∞.
      return base === -Infinity ? Infinity : Math.sqrt(base) + 0
    case 1:
      return base
    case -1:
      return 1 / base
    case 0:
      return 1
    case 4: {
      const square = base * base
      return square * square
    }
    default:
      // The C library's pow(±1, ±∞) and pow(1, NaN) are 1, ECMAScript's are NaN.
      if (exponent !== exponent) return NaN
      if ((base === 1 || base === -1) && (exponent === Infinity || exponent === -Infinity)) return NaN
      return generalPow(hasSignOfPower(base, exponent) ? base : -base, exponent)
  }
}

/**
 * False where a negative base gives what its absolute value gives: an even exponent (all from 2⁵³ on are), and for −0 and
 * −∞ any that is not an odd integer. The general function takes the wrong sign or value for some of these.
 */
function hasSignOfPower(base: number, exponent: number): boolean {
  const isNegative = base < 0 || (base === 0 && 1 / base < 0)
  if (!isNegative) return true
  if (Math.abs(exponent) >= 9007199254740992 || exponent % 2 === 0) return false
  return Number.isInteger(exponent) || (base !== 0 && base !== -Infinity)
}

/** Where e^x would overflow although half of it does not, the square of e^(x/2) is taken. */
function portableCosh(x: number): number {
  const size = Math.abs(x)
  if (!(size > 709) || size === Infinity) return cosh(x)
  const root = exp(size / 2)
  return 0.5 * root * root
}

/** The general function loses the sign where y/x vanishes. */
function portableAtan2(y: number, x: number): number {
  const angle = atan2(y, x)
  return y < 0 && angle > 0 ? -angle : angle
}

/** √ of the sum of squares, scaled by the largest argument so that squares neither overflow nor vanish. */
function portableHypot(values: number[]): number {
  let largest = 0
  let hasNaN = false
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(Number(values[index]))
    values[index] = size
    if (size > largest) largest = size
    else if (size !== size) hasNaN = true
  }
  if (largest === Infinity) return Infinity
  if (hasNaN) return NaN
  if (largest === 0) return 0
  // Kahan's summation keeps the error below one unit in the last place for any number of arguments.
  let sum = 0
  let lost = 0
  for (const size of values) {
    const ratio = size / largest
    const term = ratio * ratio - lost
    const next = sum + term
    lost = next - sum - term
    sum = next
  }
  return Math.sqrt(sum) * largest
}

function isMath(value: object): value is Math {
  return Object.hasOwn(value, 'random') && Object.hasOwn(value, 'sin')
}

function refuseRandom(): number {
  throw new Error(
    'Math.random() would give other numbers on every run. Use the `random` that process, init and render are handed.',
  )
}
