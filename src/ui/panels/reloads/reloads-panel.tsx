// The short list of reloads in the left column, newest first. A row opens the details (reload-history-panel.tsx).

import type { ReactNode } from 'react'
import { GridList } from 'react-aria-components'
import { showReload } from '../../store/reload-actions.ts'
import { isListed } from '../../store/reload-history.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ReloadMenu } from './reload-menu.tsx'
import { ReloadRow, ReloadRows } from './reload-row.tsx'
import './reloads.css'

export function ReloadsPanel(): ReactNode {
  const services = useServices()
  const receipts = useUi((state) => state.receipts)
  return (
    <section className="reloads" aria-label="Reloads">
      <div className="section-head">
        <h2 className="section-title">Reloads</h2>
      </div>
      <ReloadRows>
        <GridList
          className="row-list"
          aria-label="Reloads"
          items={receipts.filter(isListed)}
          selectionMode="none"
          onAction={(key) => typeof key === 'number' && showReload(services, key)}
          renderEmptyState={() => (
            <EmptyNote title="Nothing reloaded yet">
              Change a file and press Ctrl+S: each reload is listed here.
            </EmptyNote>
          )}
        >
          {(receipt) => (
            <ReloadRow receipt={receipt}>
              <ReloadMenu receipt={receipt} />
            </ReloadRow>
          )}
        </GridList>
      </ReloadRows>
    </section>
  )
}
