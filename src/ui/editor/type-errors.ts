// What of TypeScript's findings in a file is worth a mark: one mistake of syntax makes a hundred errors after it, and an
// error of a call paints all of its argument. Pure; typescript-worker.ts asks it.

/** Offsets in UTF-16 units. */
export interface Finding {
  readonly category: number
  readonly start: number | undefined
  readonly length: number | undefined
}

/** In the compiler's own numbers: a warning and an error; what it suggests has others. */
const markedCategories = [0, 1]

/** Of errors of syntax the first: the parser meets the others on its way back from it. */
export function worthwhileSyntaxErrors<Found extends Finding>(errors: readonly Found[]): Found[] {
  return errors.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0)).slice(0, 1)
}

/** The finding with its mark ended where its first line ends. Suggestions, as of code that is never reached, stay as they are. */
export function onFirstLine<Found extends Finding>(finding: Found, text: string): Found {
  const { category, start, length } = finding
  if (start === undefined || length === undefined || !markedCategories.includes(category)) return finding
  const [line = ''] = text.slice(start, start + length).split(/\r?\n/, 1)
  return { ...finding, length: Math.max(1, line.length) }
}
