// One reload in a list: mark, what was edited, who, when, and how it ended. Shape and word say what the colour says.

import type { ReactNode } from 'react'
import type { Receipt } from '../../../protocol/receipt.ts'
import { outcomeTone, outcomeWord, receiptLabel, receiptSubject } from '../../store/receipt-words.ts'
import { formatCount, formatMs } from '../../widgets/format.ts'

export interface ReloadFaceProps {
  readonly receipt: Receipt
  readonly isOnTrial: boolean
  /** Stands at the end of the second line. */
  readonly children?: ReactNode
}

export function ReloadFace({ receipt, isOnTrial, children }: ReloadFaceProps): ReactNode {
  const isCommitted = receipt.outcome === 'committed'
  const tone = outcomeTone(receipt, isOnTrial)
  return (
    <div className="reload" title={receipt.error?.message}>
      <span className="reload-dot" data-tone={tone} aria-hidden />
      <span className="reload-title">{receiptLabel(receipt)}</span>
      <span className="reload-figure">
        {isCommitted ? formatMs(receipt.ms.commit) : `f ${formatCount(receipt.moment.frame)}`}
      </span>
      <span className="reload-line">
        {receiptSubject(receipt)}
        {isCommitted && ` · frame ${formatCount(receipt.moment.frame + 1)}`}
        {(!isCommitted || isOnTrial) && (
          <span className="reload-outcome" data-tone={tone}>
            {' '}
            {outcomeWord(receipt, isOnTrial)}
          </span>
        )}
        {receipt.trigger === 'undo' && ' · undo'}
      </span>
      {children}
    </div>
  )
}
