// Which control a configuration value gets, and the range a number may be dragged over.

export type ConfigKind = 'number' | 'boolean' | 'colour' | 'text' | 'list' | 'data'

/** The control for a value; what is neither primitive nor a colour is edited as JSON. */
export function configKind(value: unknown): ConfigKind {
  switch (typeof value) {
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'string':
      return /^#[0-9a-f]{6}$/i.test(value) ? 'colour' : 'text'
    default:
      return isSimpleList(value) ? 'list' : 'data'
  }
}

/** A list of numbers, or of strings: each item has a field of its own. */
export function isSimpleList(value: unknown): value is readonly (number | string)[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 16) return false
  return ['number', 'string'].some((type) => value.every((item) => typeof item === type))
}

/** The list with what was typed in place of an item; undefined where that is no number and the others are. */
export function withItem(
  list: readonly (number | string)[],
  index: number,
  typed: string,
): readonly (number | string)[] | undefined {
  if (typeof list[0] === 'string') return list.with(index, typed)
  const number = Number(typed)
  return typed.trim() === '' || !Number.isFinite(number) ? undefined : list.with(index, number)
}

export interface DragRange {
  readonly min: number
  readonly max: number
  readonly step: number
}

/** A range around the value it starts from: three times as much, or down to its negative; whole numbers stay whole. */
export function dragRange(start: number): DragRange {
  const size = Math.abs(start)
  if (!Number.isFinite(start)) return { min: 0, max: 1, step: 0.01 }
  if (size === 0) return { min: 0, max: 10, step: 0.1 }
  const isWhole = Number.isInteger(start)
  const max = isWhole ? Math.max(10, size * 3) : size * 3
  const step = isWhole ? Math.max(1, 10 ** Math.floor(Math.log10(max / 200))) : 10 ** Math.floor(Math.log10(max / 100))
  return start < 0 ? { min: -max, max, step } : { min: 0, max, step }
}

/** A number with no more digits than its step has. */
export function roundToStep(value: number, step: number): number {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)))
  return Number(value.toFixed(Math.min(12, decimals)))
}
