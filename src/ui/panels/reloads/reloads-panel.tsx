// The short list of reloads in the left column, newest first. A row opens the details (reload-history-panel.tsx).

import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { outcomeWord, receiptLabel, receiptSubject } from '../../store/receipt-words.ts'
import { showReload } from '../../store/reload-actions.ts'
import { isListed, isOnTrial } from '../../store/reload-history.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ReloadFace } from './reload-face.tsx'
import { ReloadMenu } from './reload-menu.tsx'
import './reloads.css'

export function ReloadsPanel(): ReactNode {
  const services = useServices()
  const receipts = useUi((state) => state.receipts)
  const trial = useUi((state) => receipts.find((receipt) => isOnTrial(receipt, state.modules))?.id)
  return (
    <section className="reloads" aria-label="Reloads">
      <div className="section-head">
        <h2 className="section-title">Reloads</h2>
      </div>
      <GridList
        className="row-list"
        aria-label="Reloads"
        items={receipts.filter(isListed)}
        dependencies={[trial]}
        selectionMode="none"
        onAction={(key) => typeof key === 'number' && showReload(services, key)}
        renderEmptyState={() => (
          <EmptyNote title="Nothing reloaded yet">
            Change a file and press Ctrl+S: each reload is listed here.
          </EmptyNote>
        )}
      >
        {(receipt) => (
          <GridListItem
            id={receipt.id}
            textValue={`${receiptLabel(receipt)}, ${receiptSubject(receipt)} ${outcomeWord(receipt, receipt.id === trial)}`}
            className="reload-row"
          >
            <ReloadFace receipt={receipt} isOnTrial={receipt.id === trial}>
              <ReloadMenu receipt={receipt} />
            </ReloadFace>
          </GridListItem>
        )}
      </GridList>
    </section>
  )
}
