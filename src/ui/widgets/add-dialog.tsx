// A small form that adds one thing: fields, a note on what becomes of it, and the button.

import type { ReactNode } from 'react'
import { Button, Form } from 'react-aria-components'
import { DialogBox } from './confirm-dialog.tsx'

export interface AddDialogProps {
  readonly title: string
  readonly note: string
  /** False: the form is not sent; its fields say why. */
  readonly isValid: boolean
  readonly onAdd: () => void
  readonly onClose: () => void
  /** The fields. */
  readonly children: ReactNode
}

/** Closes itself as it adds. */
export function AddDialog({ title, note, isValid, onAdd, onClose, children }: AddDialogProps): ReactNode {
  return (
    <DialogBox title={title} onClose={onClose}>
      <Form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isValid) return
          onClose()
          onAdd()
        }}
      >
        {children}
        <p className="quiet">{note}</p>
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
