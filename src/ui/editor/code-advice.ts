// Warnings on what a reload loses or a replay can't repeat (ML12): asked of the dev server for each text as it is in the
// editor, drawn as squiggles, and mended by quick fixes.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { CodeFix, CodeWarning } from '../../protocol/code-warning.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import { monaco } from './monaco-setup.ts'
import { isScript } from './text-model.ts'

const owner = 'coppice-advice'
/** Nobody wants advice on half a word. */
const typingPauseMs = 400

interface Advice {
  readonly warnings: readonly CodeWarning[]
  /** The version of the text that the offsets belong to. */
  readonly version: number
}

export class CodeAdvice {
  readonly #client: Pick<CoppiceClient, 'request'>
  readonly #given = new WeakMap<monaco.editor.ITextModel, Advice>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #provider: monaco.IDisposable

  constructor(client: Pick<CoppiceClient, 'request'>) {
    this.#client = client
    this.#provider = monaco.languages.registerCodeActionProvider(
      'typescript',
      { provideCodeActions: (model, range) => ({ actions: this.#actions(model, range), dispose: () => undefined }) },
      { providedCodeActionKinds: ['quickfix'] },
    )
  }

  /** A file is in front, or its text changed. */
  lookAt(path: string, model: monaco.editor.ITextModel): void {
    if (!isScript(path) || this.#given.get(model)?.version === model.getVersionId()) return
    clearTimeout(this.#timers.get(path))
    const pauseMs = this.#given.has(model) ? typingPauseMs : 0
    this.#timers.set(
      path,
      setTimeout(() => void this.#ask(path, model), pauseMs),
    )
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#provider.dispose()
  }

  async #ask(path: string, model: monaco.editor.ITextModel): Promise<void> {
    this.#timers.delete(path)
    if (model.isDisposed()) return
    const version = model.getVersionId()
    let warnings: readonly CodeWarning[]
    try {
      warnings = await this.#client.request('codeWarnings', path, model.getValue())
    } catch (error) {
      // Without a dev server there is no advice; the text is asked about again when it changes.
      if (error instanceof CoppiceError) return
      throw error
    }
    if (model.isDisposed() || model.getVersionId() !== version) return
    this.#given.set(model, { warnings, version })
    monaco.editor.setModelMarkers(
      model,
      owner,
      warnings.map((warning) => ({
        ...plainRange(rangeOf(model, warning)),
        severity: monaco.MarkerSeverity.Warning,
        message: warning.message,
        source: 'coppice',
        code: warning.rule,
      })),
    )
  }

  #actions(model: monaco.editor.ITextModel, range: monaco.Range): monaco.languages.CodeAction[] {
    const advice = this.#given.get(model)
    if (advice === undefined || advice.version !== model.getVersionId()) return []
    const markers = monaco.editor.getModelMarkers({ resource: model.uri, owner })
    return advice.warnings.flatMap((warning) => {
      const marker = markers.find(
        (candidate) => candidate.message === warning.message && isAt(model, candidate, warning),
      )
      if (!monaco.Range.areIntersectingOrTouching(rangeOf(model, warning), range)) return []
      return warning.fixes.map((fix, index) => ({
        title: fix.title,
        kind: 'quickfix',
        isPreferred: index === 0,
        diagnostics: marker === undefined ? [] : [marker],
        edit: editOf(model, fix),
      }))
    })
  }
}

const isAt = (model: monaco.editor.ITextModel, marker: monaco.editor.IMarker, warning: CodeWarning): boolean => {
  const start = model.getPositionAt(warning.start)
  return marker.startLineNumber === start.lineNumber && marker.startColumn === start.column
}

const rangeOf = (
  model: monaco.editor.ITextModel,
  { start, end }: { readonly start: number; readonly end: number },
): monaco.Range => monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end))

const plainRange = ({ startLineNumber, startColumn, endLineNumber, endColumn }: monaco.Range): monaco.IRange => ({
  startLineNumber,
  startColumn,
  endLineNumber,
  endColumn,
})

const editOf = (model: monaco.editor.ITextModel, fix: CodeFix): monaco.languages.WorkspaceEdit => ({
  edits: fix.edits.map((edit) => ({
    resource: model.uri,
    versionId: model.getVersionId(),
    textEdit: { range: rangeOf(model, edit), text: edit.text },
  })),
})
