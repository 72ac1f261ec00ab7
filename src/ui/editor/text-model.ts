// One file's Monaco model: made from the disk's text, and brought to a newer text of the disk by the smallest edit, so
// that cursors, marks and undo survive.

import { fileUri } from './file-uri.ts'
import { monaco } from './monaco-setup.ts'

/** Files the TypeScript service reads; JavaScript is given to the same service, so that both import each other. */
export const isScript = (path: string): boolean => /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/.test(path)

const languageOf = (path: string): string | undefined => {
  if (isScript(path)) return 'typescript'
  // GLSL has no grammar of its own in Monaco; C++ colours its words, numbers and comments right.
  if (/\.(glsl|vert|frag|vs|fs)$/.test(path)) return 'cpp'
  return undefined
}

/** The language's name for people, by the file's name: `TypeScript`, `JSON`. */
export const languageName = (path: string): string => {
  if (/\.[mc]?tsx?$/.test(path)) return 'TypeScript'
  if (isScript(path)) return 'JavaScript'
  if (languageOf(path) === 'cpp') return 'GLSL'
  const extension = /\.\w+$/.exec(path)?.[0]
  const language = monaco.languages
    .getLanguages()
    .find((candidate) => extension !== undefined && candidate.extensions?.includes(extension) === true)
  return language?.aliases?.[0] ?? 'Text'
}

/** A new model for a file; one already there under its URI is given up. */
export const createTextModel = (workspace: string, path: string, text: string): monaco.editor.ITextModel => {
  const uri = fileUri(workspace, path)
  monaco.editor.getModel(uri)?.dispose()
  return monaco.editor.createModel(text, languageOf(path), uri)
}

/** The text as it would be written: line ends as they are, byte order mark kept. */
export const modelText = (model: monaco.editor.ITextModel): string =>
  model.getValue(monaco.editor.EndOfLinePreference.TextDefined, true)

/** Brings the model to `text` by one edit of the part that differs; can be undone. */
export const replaceText = (model: monaco.editor.ITextModel, text: string): void => {
  const before = model.getValue()
  const after = text.replace(/^\uFEFF/, '')
  if (before === after) return
  const shorter = Math.min(before.length, after.length)
  let prefix = 0
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1
  let suffix = 0
  while (suffix < shorter - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix])
    suffix += 1
  const range = monaco.Range.fromPositions(model.getPositionAt(prefix), model.getPositionAt(before.length - suffix))
  model.pushStackElement()
  model.pushEditOperations(
    [],
    [{ range, text: after.slice(prefix, after.length - suffix), forceMoveMarkers: false }],
    () => null,
  )
  model.pushStackElement()
}
