// Puts a `migrate` to start from into a module's text. The dev server, which has a parser, says where; here it becomes one
// edit that can be undone.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { CodeView } from './code-view.ts'
import { monaco } from './monaco-setup.ts'

/** Rejects where the text has no place for it. `view` shows the model. */
export const insertMigrate = async (
  client: Pick<CoppiceClient, 'request'>,
  path: string,
  model: monaco.editor.ITextModel,
  view: CodeView,
  stub: string,
): Promise<void> => {
  const version = model.getVersionId()
  const edits = await client.request('migrateEdits', path, model.getValue(), stub)
  if (model.isDisposed() || model.getVersionId() !== version) return
  model.pushStackElement()
  model.pushEditOperations(
    [],
    edits.map(({ start, end, text }) => ({
      range: monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end)),
      text,
    })),
    () => null,
  )
  model.pushStackElement()
  const found = model.findNextMatch('migrate: ', { lineNumber: 1, column: 1 }, false, true, null, false)
  if (found !== null) view.goTo({ line: found.range.startLineNumber + 1, column: 5 })
  view.editor.focus()
}
