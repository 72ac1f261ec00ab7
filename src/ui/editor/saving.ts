// One save: the texts of some files go to disk in one write, so that they reload as one transaction, and each file is told
// what became of it. A refused save loses nothing: the text stays in the editor.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { FileConflict, FileEdit } from '../../protocol/workspace.ts'
import type { DocumentEvent, DocumentState } from './document-state.ts'

/** What a save needs of the files; WorkspaceDocuments is one. */
export interface SaveableDocuments {
  state(path: string): DocumentState
  text(path: string): string | undefined
  baseHash(path: string): FileEdit['base']
  dispatch(path: string, event: DocumentEvent): void
}

export interface SavedFile {
  readonly path: string
  /** The disk's text before, where it was known. */
  readonly before: string | undefined
  readonly text: string
}

export interface SaveOutcome {
  readonly saved: readonly SavedFile[]
  readonly receipts: readonly Receipt[]
}

const nothing: SaveOutcome = { saved: [], receipts: [] }

/** Saves those of `paths` that hold text; resolves when their reloads are decided, also where the save was refused. */
export const saveDocuments = async (
  client: Pick<CoppiceClient, 'files'>,
  documents: SaveableDocuments,
  paths: readonly string[],
): Promise<SaveOutcome> => {
  const edits: FileEdit[] = []
  const files: SavedFile[] = []
  for (const path of paths) {
    const text = documents.text(path)
    const state = documents.state(path)
    if (text === undefined || (state.save.kind === 'saving' && state.save.text === text)) continue
    const base = documents.baseHash(path)
    edits.push(base === undefined ? { path, text } : { path, text, base })
    files.push({ path, before: state.base.text, text })
    documents.dispatch(path, { type: 'save-started', text })
  }
  if (edits.length === 0) return nothing
  try {
    const { result, receipts } = await client.files.save(edits)
    for (const file of files) {
      const hash = result.files.find((written) => written.path === file.path)?.hash
      const current = documents.text(file.path)
      if (hash !== undefined && current !== undefined)
        documents.dispatch(file.path, { type: 'saved', text: file.text, hash, current })
    }
    return { saved: files, receipts }
  } catch (error) {
    refused(documents, files, error)
    return nothing
  }
}

const refused = (documents: SaveableDocuments, files: readonly SavedFile[], error: unknown): void => {
  const code = error instanceof CoppiceError ? error.code : 'internal'
  const message = error instanceof Error ? error.message : String(error)
  const conflict =
    error instanceof CoppiceError && error.code === 'file-conflict' ? conflictOf(error.details) : undefined
  for (const file of files) {
    if (conflict === undefined) {
      documents.dispatch(file.path, { type: 'save-failed', code, message })
    } else if (conflict.path === file.path && conflict.onDisk === file.text) {
      // What stands on disk is this very text: an earlier save whose answer is still to come.
      documents.dispatch(file.path, {
        type: 'saved',
        text: file.text,
        hash: conflict.onDiskHash,
        current: documents.text(file.path) ?? file.text,
      })
    } else if (conflict.path === file.path) {
      documents.dispatch(file.path, { type: 'conflict', text: conflict.onDisk, hash: conflict.onDiskHash })
    } else {
      documents.dispatch(file.path, {
        type: 'save-failed',
        code,
        message: `Nothing was saved: ${conflict.path} changed on disk.`,
      })
    }
  }
}

const conflictOf = (details: unknown): FileConflict | undefined => (isConflict(details) ? details : undefined)

const isConflict = (details: unknown): details is FileConflict =>
  typeof details === 'object' &&
  details !== null &&
  'path' in details &&
  'onDisk' in details &&
  typeof details.onDisk === 'string' &&
  'onDiskHash' in details
