// The saved lines glow once, so that a reload is felt. Reduced motion: the style sheet leaves the glow out.

import { changedLines } from './line-diff.ts'
import { monaco } from './monaco-setup.ts'

const glowMs = 600

/** Lights up the lines of `after` that `before` did not have. */
export const glowSavedLines = (model: monaco.editor.ITextModel, before: string, after: string): void => {
  const decorations = changedLines(before, after)
    .filter((line) => line <= model.getLineCount())
    .map((line) => ({
      range: new monaco.Range(line, 1, line, 1),
      options: { isWholeLine: true, className: 'editor-saved-line' },
    }))
  if (decorations.length === 0) return
  const ids = model.deltaDecorations([], decorations)
  setTimeout(() => {
    if (!model.isDisposed()) model.deltaDecorations(ids, [])
  }, glowMs)
}
