// Paths into a module's state as keys for sets and lists, as text for people, and back from what people type.

import type { DataPath, PathStep } from '../../../protocol/values.ts'

/** A path as a key: equal for equal paths only. */
export function pathKey(path: DataPath): string {
  return JSON.stringify(path)
}

/** The path of a key made by `pathKey`; undefined for any other text. */
export function pathOfKey(key: string): DataPath | undefined {
  try {
    const value: unknown = JSON.parse(key)
    return Array.isArray(value) && value.every(isStep) ? value : undefined
  } catch {
    return undefined
  }
}

function isStep(value: unknown): value is PathStep {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    (typeof value === 'object' && value !== null && 'key' in value)
  )
}

/** A step as a row shows it. */
export function stepText(step: PathStep): string {
  if (typeof step === 'object') return typeof step.key === 'string' ? JSON.stringify(step.key) : String(step.key)
  return String(step)
}

/** `tanks[3].hp`; the state itself is `state`. */
export function pathText(path: DataPath): string {
  if (path.length === 0) return 'state'
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (typeof step === 'object') text += `[${stepText(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

/** What was typed as a path: `tanks[3].hp`, `tanks.3.hp`; undefined where it is none. */
export function parsePath(text: string): DataPath | undefined {
  const parts = text
    .trim()
    .replace(/^state\b\.?/, '')
    .replace(/\[(\d+)\]?/g, '.$1')
    .split('.')
    .filter((part) => part !== '')
  if (parts.length === 0 || !parts.every((part) => /^[\p{L}\p{N}_$]+$/u.test(part))) return undefined
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
