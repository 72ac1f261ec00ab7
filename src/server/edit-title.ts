// What an edit did, in a few words for receipts and reload lists: `speed 5 → 25`, `tank.ts: 3 lines`, `tank.ts, map.ts`.
// Pure: from the texts before and after.

export interface EditedFile {
  readonly path: string
  /** Undefined: there was none (or none is known). */
  readonly before: string | undefined
  /** Undefined: it is gone. */
  readonly after: string | undefined
}

const tokenPattern =
  /[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[^\s\p{L}\p{N}_$]/gu
const namePattern = /^[\p{L}_$][\p{L}\p{N}_$]*$/u
const maxTokenLength = 24

const tokensOf = (text: string): readonly string[] => text.match(tokenPattern) ?? []

interface Difference {
  readonly start: number
  readonly endBefore: number
  readonly endAfter: number
}

/** The one stretch in which two lists differ. */
const differenceOf = (before: readonly string[], after: readonly string[]): Difference => {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  return { start, endBefore: before.length - end, endAfter: after.length - end }
}

const shorten = (token: string): string =>
  token.length > maxTokenLength ? `${token.slice(0, maxTokenLength - 1)}…` : token

/** A value may be signed: `- 5` is one thing to a reader. */
const valueIn = (tokens: readonly string[], start: number, end: number): string | undefined => {
  const [first, second] = tokens.slice(start, end)
  if (end - start === 1 && first !== undefined) return first
  return end - start === 2 && first === '-' && second !== undefined && /^\d/.test(second) ? `-${second}` : undefined
}

const singleChange = (before: readonly string[], after: readonly string[]): string | undefined => {
  const { start, endBefore, endAfter } = differenceOf(before, after)
  // A sign that came or went belongs to the number after it.
  const more = endBefore === start || endAfter === start ? 1 : 0
  const old = valueIn(before, start, endBefore + more)
  const now = valueIn(after, start, endAfter + more)
  if (old === undefined || now === undefined) return undefined
  const isRename =
    namePattern.test(old) && namePattern.test(now) && after[start - 1] !== ':' && after[start - 1] !== '='
  const name = isRename
    ? undefined
    : after.slice(Math.max(0, start - 12), start).findLast((token) => namePattern.test(token))
  return `${name === undefined ? '' : `${shorten(name)} `}${shorten(old)} → ${shorten(now)}`
}

/** Lines that only one of the texts has, within the stretch in which they differ; all of that where lines only changed places. */
const changedLines = (before: string, after: string): number => {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const { start, endBefore, endAfter } = differenceOf(old, now)
  const counts = new Map<string, number>()
  for (const line of old.slice(start, endBefore)) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of now.slice(start, endAfter)) counts.set(line, (counts.get(line) ?? 0) - 1)
  let gone = 0
  let come = 0
  for (const count of counts.values()) {
    gone += Math.max(0, count)
    come += Math.max(0, -count)
  }
  return Math.max(gone, come) || Math.max(endBefore, endAfter) - start
}

const titleOfFile = ({ path, before, after }: EditedFile): string => {
  if (after === undefined) return `${path} deleted`
  if (before === undefined) return path
  const change = singleChange(tokensOf(before), tokensOf(after))
  if (change !== undefined) return change
  const lines = changedLines(before, after)
  return lines === 0 ? path : `${path}: ${lines} ${lines === 1 ? 'line' : 'lines'}`
}

/** At most three files are named. No file: ''. */
export const editTitle = (files: readonly EditedFile[]): string => {
  const [only] = files
  if (only !== undefined && files.length === 1) return titleOfFile(only)
  const named = files.slice(0, 3).map(({ path }) => path)
  return files.length > 3 ? `${named.join(', ')} and ${files.length - 3} more` : named.join(', ')
}
