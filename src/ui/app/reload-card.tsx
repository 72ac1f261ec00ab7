// Places the message of the last reload at the editor's corner, and tells when it may go. What the banner over the editor
// says is not said twice.

import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { openPlace } from '../store/actions.ts'
import { receiptMessage } from '../store/receipt-words.ts'
import { standingReloads } from '../store/standing-reload.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { ReloadMessage } from '../widgets/reload-message.tsx'

/** How long the message of a success stays; that of a failure stays until it is closed or repaired. */
const successMs = 6000

export function ReloadCard(): ReactNode {
  const { store } = useServices()
  const notice = useUi((state) => state.notice)
  const isInBanner = useUi(
    (state) =>
      notice !== undefined &&
      standingReloads(state.receipts, state).some((receipt) => receipt.id === notice.receipt.id),
  )
  const message = notice?.place === 'card' ? receiptMessage(notice.receipt) : undefined
  useEffect(() => {
    if (notice === undefined || receiptMessage(notice.receipt)?.isFailure !== false) return undefined
    const timer = setTimeout(
      () => store.setState((state) => (state.notice === notice ? { notice: undefined } : {})),
      successMs,
    )
    return () => clearTimeout(timer)
  }, [notice, store])
  if (notice === undefined || message === undefined || isInBanner) return null
  const error = notice.receipt.error
  return (
    <ReloadMessage
      key={notice.receipt.id}
      message={message}
      title={notice.receipt.title}
      onOpen={error?.file === undefined ? undefined : () => openPlace(store, error)}
      onClose={() => store.setState({ notice: undefined })}
    />
  )
}
