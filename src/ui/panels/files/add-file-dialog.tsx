// Asks for the path of a new file and opens it.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components'
import { attempt, openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { DialogBox } from '../../widgets/confirm-dialog.tsx'

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
    onClose()
    if (await attempt(store, `${path} could not be added`, () => client.files.create(path, '')))
      openPlace(store, { file: path })
  }
  return (
    <DialogBox title="Add file" onClose={onClose}>
      <Form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isTaken) void add()
        }}
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
        <p className="quiet">A file that is no module is shared: modules import it.</p>
        <div className="dialog-actions">
          <Button className="button button-framed" onPress={onClose}>
            Cancel
          </Button>
          <Button className="button button-primary" type="submit">
            Add
          </Button>
        </div>
      </Form>
    </DialogBox>
  )
}
