// Draws problems of compile, load and run into the texts: a squiggle with its hover (F8 goes to it), a mark in the gutter, a
// tint of the line, and for errors met while running the message at the line's end. Marks move with edits.

import type { Problem } from '../../protocol/problem.ts'
import { monaco } from './monaco-setup.ts'
import type { ProblemMark } from './problem-marks.ts'
import { problemMarks } from './problem-marks.ts'

const owner = 'coppice'
const longestInline = 140

interface DrawnFile {
  readonly model: monaco.editor.ITextModel
  readonly decorations: readonly string[]
  /** The problems as they were drawn, to leave marks that moved with edits alone. */
  readonly drawn: string
}

export class ProblemDecorations {
  readonly #files = new Map<string, DrawnFile>()
  #problems: ReadonlyMap<string, readonly Problem[]> = new Map()

  /** Takes over all problems there are now; returns the files concerned, before or now. */
  setProblems(problems: readonly Problem[]): ReadonlySet<string> {
    const concerned = new Set(this.#problems.keys())
    const byFile = new Map<string, Problem[]>()
    for (const problem of problems) {
      if (problem.file === undefined) continue
      const list = byFile.get(problem.file)
      if (list === undefined) byFile.set(problem.file, [problem])
      else list.push(problem)
      concerned.add(problem.file)
    }
    this.#problems = byFile
    return concerned
  }

  /** Files with an error now. */
  failingFiles(): readonly string[] {
    return [...this.#problems]
      .filter(([, problems]) => problems.some((problem) => problem.severity === 'error'))
      .map(([path]) => path)
  }

  /** Draws a file's problems into its model, where that has changed; `base` is the text their positions belong to. */
  draw(path: string, model: monaco.editor.ITextModel | undefined, base: string | undefined): void {
    const before = this.#files.get(path)
    const problems = this.#problems.get(path) ?? []
    const drawn = JSON.stringify(
      problems.map(({ id, severity, line, column, message, consequence }) => [
        id,
        severity,
        line,
        column,
        message,
        consequence,
      ]),
    )
    if (before !== undefined && before.model === model && before.drawn === drawn) return
    if (before !== undefined && !before.model.isDisposed() && before.model !== model) this.#clear(before)
    if (model === undefined || model.isDisposed()) {
      this.#files.delete(path)
      return
    }
    const marks = problemMarks(problems, base, model.getValue())
    monaco.editor.setModelMarkers(model, owner, marks.map(markerOf))
    const old = before?.model === model ? [...before.decorations] : []
    const decorations = model.deltaDecorations(
      old,
      marks.flatMap((mark) => decorationsOf(mark, model)),
    )
    this.#files.set(path, { model, decorations, drawn })
  }

  /** Where a problem reported at a line stands now that the text has been edited; undefined where it is not drawn. */
  currentLine(path: string, reported: number): number | undefined {
    const file = this.#files.get(path)
    const index = this.#problems.get(path)?.findIndex((problem) => (problem.line ?? 1) === reported) ?? -1
    if (file === undefined || index < 0) return undefined
    const marker = file.decorations[index * 2]
    return marker === undefined ? undefined : file.model.getDecorationRange(marker)?.startLineNumber
  }

  forget(path: string): void {
    this.#files.delete(path)
  }

  #clear(file: DrawnFile): void {
    file.model.deltaDecorations([...file.decorations], [])
    monaco.editor.setModelMarkers(file.model, owner, [])
  }
}

const markerOf = (mark: ProblemMark): monaco.editor.IMarkerData => ({
  severity: mark.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
  message: mark.message,
  source: owner,
  startLineNumber: mark.line,
  startColumn: mark.column,
  endLineNumber: mark.line,
  endColumn: mark.endColumn,
})

// Two for each mark, in order: currentLine relies on it.
const decorationsOf = (mark: ProblemMark, model: monaco.editor.ITextModel): monaco.editor.IModelDeltaDecoration[] => {
  const end = model.getLineMaxColumn(mark.line)
  const stickiness = monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges
  return [
    {
      range: new monaco.Range(mark.line, 1, mark.line, 1),
      options: {
        isWholeLine: true,
        className: `editor-problem-line is-${mark.severity}`,
        glyphMarginClassName: `editor-problem-glyph is-${mark.severity}`,
        glyphMarginHoverMessage: { value: mark.message },
        stickiness,
      },
    },
    {
      range: new monaco.Range(mark.line, end, mark.line, end),
      options: {
        showIfCollapsed: true,
        stickiness,
        ...(mark.inline === undefined
          ? {}
          : {
              after: {
                content: `\u2003${shorten(mark.inline)}`,
                inlineClassName: `editor-problem-text is-${mark.severity}`,
                cursorStops: monaco.editor.InjectedTextCursorStops.None,
              },
            }),
      },
    },
  ]
}

const shorten = (text: string): string => (text.length > longestInline ? `${text.slice(0, longestInline - 1)}…` : text)
