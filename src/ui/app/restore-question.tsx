// Asked before an old text is put over a file that was changed since the reload: what would be lost, and how to get it back.

import type { ReactNode } from 'react'
import { attempt } from '../store/actions.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { ConfirmDialog } from '../widgets/confirm-dialog.tsx'

export function RestoreQuestion(): ReactNode {
  const { client, store } = useServices()
  const question = useUi((state) => state.restoreQuestion)
  if (question === undefined) return null
  const files = question.conflicts.join(', ')
  return (
    <ConfirmDialog
      title={`${files} changed since that reload`}
      action="Put the old text back"
      onClose={() => store.setState({ restoreQuestion: undefined })}
      onConfirm={() => void attempt(store, 'The text could not be put back', () => client.files.save(question.edits))}
    >
      What was written there since then gives way to the text from before. In an open file the editor’s undo brings it
      back.
    </ConfirmDialog>
  )
}
