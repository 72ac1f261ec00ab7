// Numbers and words as the screen shows them: fixed decimals and figure spaces, so that nothing jumps as they change.

import type { SourceError } from '../../protocol/values.ts'

/** No-break space between thousands: one cell in the code font, so that nothing jumps. */
const groupSpace = '\u00a0'

/** `18402` → `18 402`. */
export function formatCount(value: number): string {
  return Math.trunc(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, groupSpace)
}

/** `1.836` → `1.84 ms`; from 100 ms on without decimals. */
export function formatMs(value: number): string {
  if (!Number.isFinite(value)) return '– ms'
  return `${value.toFixed(value >= 100 ? 0 : 2)} ms`
}

/** Share of a budget as whole per cent: `0.1104` → `11 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '– %'
}

/** `1` → `1×`, `Infinity` → `max`. */
export function formatSpeed(speed: number): string {
  return speed === Infinity ? 'max' : `${speed}×`
}

/** A primitive of a module's state, short: numbers with at most 3 decimals, strings quoted. */
export function formatPrimitive(value: unknown): string {
  switch (typeof value) {
    case 'number':
      if (Object.is(value, -0)) return '-0'
      return Number.isInteger(value) || !Number.isFinite(value)
        ? String(value)
        : Number(value.toPrecision(15)) === 0
          ? '0'
          : trimDecimals(value)
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    default:
      return value === null ? 'null' : '…'
  }
}

function trimDecimals(value: number): string {
  const size = Math.abs(value)
  return size >= 0.001 && size < 1e9 ? value.toFixed(3) : value.toPrecision(4)
}

/** `1 tank`, `52 tanks`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** `tank.ts:23`, or undefined where no place is known. */
export function formatPlace(error: Pick<SourceError, 'file' | 'line'>): string | undefined {
  if (error.file === undefined) return undefined
  return error.line === undefined ? error.file : `${error.file}:${error.line}`
}
