// Lists of reloads, and a reload as a row of one. Each save adds a row: only those to be seen are drawn, and each looks at its trial by
// itself.

import type { ReactNode } from 'react'
import { GridListItem, ListLayout, Virtualizer } from 'react-aria-components'
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

/** Pixels: two lines of text. */
const rowSize = 42

/** Draws of the list in it the rows that can be seen. */
export function ReloadRows({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize }}>
      {children}
    </Virtualizer>
  )
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
