// The bar over a text that needs a decision: a conflict with the disk, a file gone, a save that failed. Nothing is lost while
// it stands.

import type { ReactNode } from 'react'
import { ControlButton } from '../widgets/control-button.tsx'
import type { DocumentState } from './document-state.ts'

export interface EditorNoticeProps {
  readonly document: DocumentState
  readonly isComparing: boolean
  readonly isConnected: boolean
  /** The browser has no room to keep this unsaved text. */
  readonly isNotKept: boolean
  readonly onSave: () => void
  readonly onClose: () => void
  readonly onCompare: (isComparing: boolean) => void
  readonly onResolve: (choice: 'mine' | 'disk') => void
}

/** At most one notice for the file in front, the most pressing first. */
export function EditorNotice(props: EditorNoticeProps): ReactNode {
  const { document, isComparing, isConnected, isNotKept, onSave, onClose, onCompare, onResolve } = props
  const { path, disk, save } = document
  if (disk.kind === 'changed') {
    return (
      <Notice kind="attention" text={`${path} changed on disk under your unsaved edits. Both texts are kept.`}>
        <ControlButton
          name={isComparing ? 'Hide comparison' : 'Compare'}
          kind="framed"
          onPress={() => onCompare(!isComparing)}
        >
          {isComparing ? 'Hide comparison' : 'Compare'}
        </ControlButton>
        <ControlButton
          name="Keep mine"
          tip="Write your text over the disk's"
          kind="framed"
          onPress={() => onResolve('mine')}
        >
          Keep mine
        </ControlButton>
        <ControlButton
          name="Take disk's"
          tip="Show the disk's text here; undo brings yours back"
          kind="framed"
          onPress={() => onResolve('disk')}
        >
          Take disk’s
        </ControlButton>
      </Notice>
    )
  }
  if (save.kind === 'failed') {
    const isOffline = save.code === 'disconnected' || save.code === 'closed' || save.code === 'timeout'
    const text = isOffline
      ? isConnected
        ? `${path} was not saved: the dev server was not there. It is back.`
        : `${path} was not saved: the dev server is not there. Your text is kept here.`
      : `${path} was not saved. ${save.message}`
    return (
      <Notice kind="error" text={text}>
        <ControlButton name="Save again" kind="framed" onPress={onSave}>
          Save again
        </ControlButton>
      </Notice>
    )
  }
  if (disk.kind === 'deleted' && document.content.kind === 'text') {
    return (
      <Notice kind="attention" text={`${path} was deleted or renamed on disk. Its text is kept here.`}>
        <ControlButton name="Save it again" kind="framed" onPress={onSave}>
          Save it again
        </ControlButton>
        <ControlButton name="Close" kind="framed" onPress={onClose}>
          Close
        </ControlButton>
      </Notice>
    )
  }
  if (isNotKept) {
    return (
      <Notice
        kind="attention"
        text={`The browser has no room to keep the unsaved text of ${path}. Save it before the page is closed.`}
      />
    )
  }
  return undefined
}

function Notice({
  kind,
  text,
  children,
}: {
  readonly kind: 'attention' | 'error'
  readonly text: string
  readonly children?: ReactNode
}): ReactNode {
  return (
    <div className={`editor-notice is-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <span className="editor-notice-text">{text}</span>
      {children}
    </div>
  )
}
