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
  'E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2',
  'abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc',
  'f16round', 'sumPrecise',
] as const

const portableFunctions: Readonly<Record<string, (...args: never[]) => number>> = {
  acos: unary(acos), acosh: unary(acosh), asin: unary(asin), asinh: unary(asinh), atan: unary(atan), atanh: unary(atanh),
  cbrt: unary(cbrt), cos: unary(cos), cosh: unary(cosh), exp: unary(exp), expm1: unary(expm1), log: unary(ln),
  log10: unary(log10), log1p: unary(log1p), log2: unary(log2), sin: unary(sin), sinh: unary(sinh), tan: unary(tan),
  tanh: unary(tanh),
  atan2: (y: number, x: number) => atan2(+y, +x),
  pow: (base: number, exponent: number) => portablePow(+base, +exponent),
  hypot: portableHypot,
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
  for (const name of nativeNames) members.set(name, kind === 'native' ? readProperty(Math, name) : portableFunctions[name])
  members.set('random', () => random())
  const math = createObject(Object.prototype)
  Object.defineProperty(math, Symbol.toStringTag, { value: 'Math', configurable: true })
  for (const [name, value] of members) {
    const isConstant = typeof value === 'number'
    Object.defineProperty(math, name, { value, enumerable: false, writable: !isConstant, configurable: !isConstant })
    if (typeof value === 'function' && value.name !== name && Object.hasOwn(portableFunctions, name) && kind === 'portable') {
      nameFunction(value, name)
    }
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
      return generalPow(base, exponent)
  }
}

/** √ of the sum of squares, scaled by the largest argument so that squares neither overflow nor vanish. */
function portableHypot(...values: number[]): number {
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

function unary(compute: (x: number) => number): (x: number) => number {
  return (x) => compute(+x)
}

function nameFunction(target: object, name: string): void {
  Object.defineProperty(target, 'name', { value: name, configurable: true })
}

function isMath(value: object): value is Math {
  return Object.hasOwn(value, 'random') && Object.hasOwn(value, 'sin')
}

function refuseRandom(): number {
  throw new Error('Math.random() would give other numbers on every run. Use the `random` that process, init and render are handed.')
}
