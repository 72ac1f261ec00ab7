// Data typed by hand: JSON, or nothing.

export type ParsedData = { readonly isValid: true; readonly value: unknown } | { readonly isValid: false }

/** The value of a JSON text; an empty one is `undefined`. */
export function parseData(text: string): ParsedData {
  if (text.trim() === '') return { isValid: true, value: undefined }
  try {
    const value: unknown = JSON.parse(text)
    return { isValid: true, value }
  } catch {
    return { isValid: false }
  }
}
