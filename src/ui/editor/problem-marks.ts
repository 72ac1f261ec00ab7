// Problems of compile, load and run as marks in a text: where they stand, how far they reach, and what stands at the end
// of their line. Pure; problem-decorations.ts draws them.

import type { Problem } from '../../protocol/problem.ts'
import { mapLine } from './line-diff.ts'

/** Lines and columns from 1, ends exclusive as Monaco's are. */
export interface ProblemMark {
  readonly id: string
  readonly severity: 'error' | 'warning'
  readonly line: number
  readonly column: number
  readonly endColumn: number
  /** Full text, for the hover and the marker. */
  readonly message: string
  /** Short text at the line's end: errors met while running only; those of compile and load have their squiggle. */
  readonly inline: string | undefined
}

const inlineSources: readonly Problem['source'][] = ['run', 'render']

/**
 * Marks of one file's problems in the text as it is in the editor. `base` is the text their positions belong to (the
 * one last saved), so that a file edited since is still marked at the right line.
 */
export const problemMarks = (
  problems: readonly Problem[],
  base: string | undefined,
  current: string,
): readonly ProblemMark[] => {
  const lines = current.split(/\r\n|\r|\n/)
  return problems.map((problem) => {
    const reported = problem.line ?? 1
    const mapped = base === undefined ? reported : mapLine(base, current, reported)
    const line = Math.min(Math.max(1, mapped), lines.length)
    const text = lines[line - 1] ?? ''
    const span = problemSpan(text, problem.column)
    return {
      id: problem.id,
      severity: problem.severity,
      line,
      ...span,
      message: fullMessage(problem),
      inline: inlineSources.includes(problem.source) ? firstLine(problem.message) : undefined,
    }
  })
}

/** The word at the column, or the rest of the line's text; the whole text of the line where no column is known. */
export const problemSpan = (
  text: string,
  column: number | undefined,
): { readonly column: number; readonly endColumn: number } => {
  const start = text.length - text.trimStart().length
  const end = Math.max(start + 1, text.trimEnd().length)
  if (column === undefined || column < 1 || column > text.length)
    return { column: Math.min(start + 1, Math.max(1, end)), endColumn: end + 1 }
  const word = /^[\w$#]+/.exec(text.slice(column - 1))
  return { column, endColumn: word === null ? column + 1 : column + word[0].length }
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message

const fullMessage = (problem: Problem): string => {
  const module = problem.module === undefined ? '' : `${problem.module}: `
  const consequence = problem.consequence === undefined ? '' : `\n${problem.consequence}`
  return `${module}${problem.message}${consequence}`
}
