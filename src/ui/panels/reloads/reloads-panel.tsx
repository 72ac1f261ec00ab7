// What was reloaded: each transaction by what was edited, its outcome, swap time and frame; the last one can be undone.

import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import type { Receipt } from '../../../protocol/receipt.ts'
import { attempt, openPlace } from '../../store/actions.ts'
import { outcomeWord, receiptLabel, receiptSubject } from '../../store/receipt-words.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount, formatMs } from '../../widgets/format.ts'
import { MenuButton } from '../../widgets/menu-button.tsx'
import './reloads.css'

const tones = { committed: 'good', rejected: 'error', 'rolled-back': 'error', superseded: 'quiet' } as const

export function ReloadsPanel(): ReactNode {
  const { store } = useServices()
  const receipts = useUi((state) => state.receipts)
  const shown = receipts.filter((receipt) => receipt.trigger !== 'open' || receipt.outcome !== 'committed')
  return (
    <section className="reloads" aria-label="Reloads">
      <div className="section-head">
        <h2 className="section-title">Reloads</h2>
      </div>
      <GridList
        className="row-list"
        aria-label="Reloads"
        items={shown}
        selectionMode="none"
        onAction={(key) => {
          const receipt = receipts.find((candidate) => candidate.id === key)
          if (receipt !== undefined) openPlace(store, receipt.error ?? { file: receipt.changedFiles[0] ?? '' })
        }}
        renderEmptyState={() => (
          <EmptyNote title="Nothing reloaded yet">
            Change a file and press Ctrl+S: each reload is listed here.
          </EmptyNote>
        )}
      >
        {(receipt) => (
          <GridListItem
            id={receipt.id}
            textValue={`${receiptLabel(receipt)}, ${receiptSubject(receipt)} ${outcomeWord(receipt)}`}
            className="reload-row"
          >
            <ReloadContent receipt={receipt} />
          </GridListItem>
        )}
      </GridList>
    </section>
  )
}

function ReloadContent({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const { client, store } = useServices()
  const isCommitted = receipt.outcome === 'committed'
  const undo = (): void => {
    for (const change of receipt.modules)
      void attempt(store, `The reload of ${change.name} could not be undone`, () =>
        client.command('undoReload', change.name),
      )
  }
  const isUndoable = useUi(
    (state) =>
      isCommitted &&
      receipt.modules.some(
        (change) =>
          change.from !== undefined &&
          state.modules.some((module) => module.name === change.name && module.version === change.to),
      ),
  )
  return (
    <div className="reload" title={receipt.error?.message}>
      <span className="reload-dot" data-tone={tones[receipt.outcome]} aria-hidden />
      <span className="reload-title">{receiptLabel(receipt)}</span>
      <span className="reload-figure">
        {isCommitted ? formatMs(receipt.ms.commit) : `f ${formatCount(receipt.moment.frame)}`}
      </span>
      <span className="reload-line">
        {receiptSubject(receipt)}
        {isCommitted ? ` · frame ${formatCount(receipt.moment.frame + 1)}` : ''}
        {!isCommitted && <span data-tone={tones[receipt.outcome]}> {outcomeWord(receipt)}</span>}
        {receipt.trigger === 'undo' && ' · undo'}
      </span>
      <MenuButton
        name={`Actions for ${receiptLabel(receipt)}`}
        className="button button-quiet row-menu"
        actions={[
          {
            id: 'undo',
            title: 'Undo reload',
            refusal: isUndoable ? undefined : isCommitted ? 'a later version runs' : 'nothing was changed',
            run: undo,
          },
        ]}
      >
        <Ellipsis size={14} aria-hidden />
      </MenuButton>
    </div>
  )
}
