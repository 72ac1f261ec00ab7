// Which lines a save changed, and where a line of one text stands in another. Coarse on purpose: it marks lines for the
// eye and moves problem marks; the exact comparison of two texts is Monaco's diff editor.

interface ChangedSpan {
  /** Equal lines at the start of both. */
  readonly prefix: number
  /** Equal lines at the end of both. */
  readonly suffix: number
  readonly before: readonly string[]
  readonly after: readonly string[]
}

const changedSpan = (beforeText: string, afterText: string): ChangedSpan => {
  const before = beforeText.split(/\r\n|\r|\n/)
  const after = afterText.split(/\r\n|\r|\n/)
  const shorter = Math.min(before.length, after.length)
  let prefix = 0
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1
  let suffix = 0
  while (suffix < shorter - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix])
    suffix += 1
  return { prefix, suffix, before, after }
}

/** Lines of `after`, from 1 and ascending, that `before` does not have (a deletion marks none). */
export const changedLines = (before: string, after: string): readonly number[] => {
  const span = changedSpan(before, after)
  const known = new Map<string, number>()
  for (const line of span.before.slice(span.prefix, span.before.length - span.suffix))
    known.set(line, (known.get(line) ?? 0) + 1)
  const lines: number[] = []
  for (let at = span.prefix; at < span.after.length - span.suffix; at += 1) {
    const line = span.after[at] ?? ''
    const count = known.get(line) ?? 0
    if (count > 0) known.set(line, count - 1)
    else lines.push(at + 1)
  }
  return lines
}

/** Where `line` of `before` (from 1) stands in `after`: itself, shifted, or the nearest line where it is gone. */
export const mapLine = (before: string, after: string, line: number): number => {
  if (before === after) return line
  const span = changedSpan(before, after)
  if (line <= span.prefix) return line
  const shift = span.after.length - span.before.length
  if (line > span.before.length - span.suffix) return Math.max(1, line + shift)
  const wanted = span.before[line - 1]
  let nearest: number | undefined
  for (let at = span.prefix; at < span.after.length - span.suffix; at += 1) {
    if (span.after[at] !== wanted) continue
    if (nearest === undefined || Math.abs(at + 1 - line) < Math.abs(nearest - line)) nearest = at + 1
  }
  return nearest ?? Math.min(line, Math.max(1, span.after.length - span.suffix))
}
