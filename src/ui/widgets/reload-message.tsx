// The card a save brings up: which version runs since which frame, the swap time, that the state was kept; or what went
// wrong, where, and what runs on.

import { CircleX, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { ReceiptMessage } from '../store/receipt-words.ts'
import { ToldText } from './told-text.tsx'

export interface ReloadMessageProps {
  readonly message: ReceiptMessage
  readonly title: string
  /** Goes to the place of the failure. */
  readonly onOpen: (() => void) | undefined
  readonly onClose: () => void
}

export function ReloadMessage({ message, title, onOpen, onClose }: ReloadMessageProps): ReactNode {
  const [place, ...rest] = message.facts
  return (
    <div
      className="reload-message"
      data-failure={message.isFailure}
      role={message.isFailure ? 'alert' : 'status'}
      aria-label="Reload"
    >
      {message.isFailure ? (
        <CircleX size={14} aria-hidden className="reload-message-mark" />
      ) : (
        <span className="dot reload-message-mark" aria-hidden />
      )}
      <p className="reload-message-text">
        <strong>{message.subject}</strong> <ToldText text={message.event} />
        {onOpen === undefined ? (
          message.facts.length > 0 && (
            <span className="quiet">
              {' '}
              · <ToldText text={message.facts.join(' · ')} />
            </span>
          )
        ) : (
          <>
            <Button className="link" onPress={onOpen}>
              {place}
            </Button>
            {rest.length > 0 && (
              <span className="quiet">
                {' '}
                <ToldText text={rest.join(' · ')} />
              </span>
            )}
          </>
        )}
        {title !== '' && <span className="visually-hidden">. Edited: {title}</span>}
      </p>
      <Button className="search-clear" aria-label="Close message" onPress={onClose}>
        <X size={12} aria-hidden />
      </Button>
    </div>
  )
}
