// A reload as a row of a list. It looks at its trial by itself, so that the list is not drawn anew as trials begin and end.

import type { ReactNode } from 'react'
import { GridListItem } from 'react-aria-components'
import type { Receipt } from '../../../protocol/receipt.ts'
import { outcomeWord, receiptLabel, receiptSubject } from '../../store/receipt-words.ts'
import { isOnTrial } from '../../store/reload-history.ts'
import { useUi } from '../../store/ui-context.tsx'
import { ReloadFace } from './reload-face.tsx'

export interface ReloadRowProps {
  readonly receipt: Receipt
  /** Stands at the end of the second line. */
  readonly children?: ReactNode
}

export function ReloadRow({ receipt, children }: ReloadRowProps): ReactNode {
  const isTried = useUi(({ modules }) => isOnTrial(receipt, modules))
  return (
    <GridListItem
      id={receipt.id}
      textValue={`${receiptLabel(receipt)}, ${receiptSubject(receipt)} ${outcomeWord(receipt, isTried)}`}
      className="reload-row"
    >
      <ReloadFace receipt={receipt} isOnTrial={isTried}>
        {children}
      </ReloadFace>
    </GridListItem>
  )
}
