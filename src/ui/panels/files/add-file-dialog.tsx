// Asks for the path of a new file and opens it.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { attempt, openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { AddDialog } from '../../widgets/add-dialog.tsx'

export interface AddFileDialogProps {
  /** Folder the path starts with; '' for the workspace itself. */
  readonly folder: string
  readonly onClose: () => void
}

export function AddFileDialog({ folder, onClose }: AddFileDialogProps): ReactNode {
  const { client, store } = useServices()
  const files = useUi((state) => state.files)
  const [path, setPath] = useState(folder === '' ? '' : `${folder}/`)
  const isTaken = files.some((file) => file.path === path)
  const add = async (): Promise<void> => {
    if (await attempt(store, `${path} could not be added`, () => client.files.create(path, '')))
      openPlace(store, { file: path })
  }
  return (
    <AddDialog
      title="Add file"
      note="A file that is no module is shared: modules import it."
      isValid={!isTaken}
      onAdd={() => void add()}
      onClose={onClose}
    >
      <TextField value={path} onChange={setPath} isRequired autoFocus isInvalid={isTaken}>
        <Label className="field-label">Path</Label>
        <div className="field">
          <Input className="field-input code" placeholder="geometry.ts" />
        </div>
        <FieldError className="field-error">
          {isTaken ? 'There is such a file already.' : 'A path inside the workspace, with /.'}
        </FieldError>
      </TextField>
    </AddDialog>
  )
}
