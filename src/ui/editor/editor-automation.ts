// `window.coppice.editor`: texts in the editor for tests, since typing into Monaco from outside is unreliable.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { EditorAutomation } from '../../protocol/automation.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { EditorSession } from './editor-session.ts'
import { monaco } from './monaco-setup.ts'

const severities: Readonly<Record<number, 'error' | 'warning' | 'information' | 'hint'>> = {
  [monaco.MarkerSeverity.Error]: 'error',
  [monaco.MarkerSeverity.Warning]: 'warning',
  [monaco.MarkerSeverity.Info]: 'information',
  [monaco.MarkerSeverity.Hint]: 'hint',
}

/** Puts the editor on the automation API; returns how to take it off. */
export const createEditorAutomation = (session: EditorSession, client: CoppiceClient): (() => void) => {
  const modelOf = async (path: string): Promise<monaco.editor.ITextModel> => {
    await session.openFile(path, undefined, false)
    const model = session.model(path)
    if (model === undefined) throw new CoppiceError('file-binary', `${path} is not shown as text.`)
    return model
  }
  const editor: EditorAutomation = {
    open: (path) => session.openFile(path),
    setText: async (path, text) => {
      const model = await modelOf(path)
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
    },
    text: async (path) => (await modelOf(path)).getValue(),
    save: () => session.api.saveActive(),
    saveAll: () => session.api.saveAll(),
    markers: async (path) => {
      const model = await modelOf(path)
      return monaco.editor.getModelMarkers({ resource: model.uri }).map((marker) => ({
        severity: severities[marker.severity] ?? 'hint',
        message: marker.message,
        source: marker.owner,
        line: marker.startLineNumber,
        column: marker.startColumn,
      }))
    },
    isDirty: async (path) => session.isDirty(path),
  }
  client.automation.editor = editor
  return () => {
    if (client.automation.editor === editor) delete client.automation.editor
  }
}
