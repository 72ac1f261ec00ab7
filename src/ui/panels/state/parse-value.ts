// An edited primitive: from what was typed to a value of the type it had.

export type ParsedValue =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly reason: string }

const numberWords: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

/** The text an edit of a value starts from. */
export function editText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'bigint'
      ? value.toString()
      : Object.is(value, -0)
        ? '-0'
        : String(value)
}

/** What was typed in place of `old`: numbers stay numbers, strings strings; `null` and `undefined` may become anything JSON has. */
export function parseValue(text: string, old: unknown): ParsedValue {
  const trimmed = text.trim()
  switch (typeof old) {
    case 'string':
      return { isValid: true, value: text }
    case 'number': {
      const word = numberWords[trimmed]
      if (word !== undefined) return { isValid: true, value: word }
      const value = Number(trimmed)
      return trimmed === '' || Number.isNaN(value)
        ? { isValid: false, reason: 'not a number' }
        : { isValid: true, value }
    }
    case 'bigint':
      return /^-?\d+$/.test(trimmed)
        ? { isValid: true, value: BigInt(trimmed) }
        : { isValid: false, reason: 'not a whole number' }
    case 'boolean':
      return trimmed === 'true' || trimmed === 'false'
        ? { isValid: true, value: trimmed === 'true' }
        : { isValid: false, reason: 'true or false' }
    default:
      if (trimmed === 'undefined') return { isValid: true, value: undefined }
      try {
        const value: unknown = JSON.parse(trimmed)
        return { isValid: true, value }
      } catch {
        return { isValid: false, reason: 'not JSON' }
      }
  }
}
