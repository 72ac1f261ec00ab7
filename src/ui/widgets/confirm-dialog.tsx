// Dialogs: a question before something that can't be undone, and a box for small forms.

import type { ReactNode } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

export interface DialogBoxProps {
  readonly title: string
  readonly isAlert?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A modal box with a heading; Escape and a press outside close it. */
export function DialogBox({ title, isAlert = false, onClose, children }: DialogBoxProps): ReactNode {
  return (
    <ModalOverlay className="scrim" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog" role={isAlert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

export interface ConfirmDialogProps {
  readonly title: string
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Asks before `onConfirm`. */
export function ConfirmDialog({ title, action, onConfirm, onClose, children }: ConfirmDialogProps): ReactNode {
  return (
    <DialogBox title={title} isAlert onClose={onClose}>
      <p className="dialog-text">{children}</p>
      <div className="dialog-actions">
        <Button className="button button-framed" onPress={onClose}>
          Cancel
        </Button>
        <Button
          className="button button-danger"
          autoFocus
          onPress={() => {
            onClose()
            onConfirm()
          }}
        >
          {action}
        </Button>
      </div>
    </DialogBox>
  )
}
