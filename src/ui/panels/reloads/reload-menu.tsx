// What can be done with one reload, as a menu at its row.

import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Receipt } from '../../../protocol/receipt.ts'
import { openPlace } from '../../store/actions.ts'
import { receiptLabel } from '../../store/receipt-words.ts'
import {
  redoReload,
  redoReloadAndState,
  redoTexts,
  restoreTexts,
  showReload,
  undoReload,
  undoReloadAndState,
} from '../../store/reload-actions.ts'
import { fileRedoRefusal, isReset, redoRefusal, stateUndoRefusal, undoRefusal } from '../../store/reload-history.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ActionMenu } from '../../widgets/action-menu.tsx'
import { MenuButton } from '../../widgets/menu-button.tsx'

export function ReloadMenu({ receipt }: { readonly receipt: Receipt }): ReactNode {
  return (
    <MenuButton
      name={`Actions for ${receiptLabel(receipt)}`}
      className="button button-quiet row-menu"
      menu={<ReloadActions receipt={receipt} />}
    >
      <Ellipsis size={14} aria-hidden />
    </MenuButton>
  )
}

function ReloadActions({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const isUndo = receipt.trigger === 'undo' && receipt.outcome === 'committed'
  const noUndo = useUi((state) => undoRefusal(receipt, state.modules))
  const noStateUndo = useUi((state) => stateUndoRefusal(receipt, state.receipts, state.modules))
  const noFileRedo = useUi((state) => fileRedoRefusal(receipt, state.modules))
  const noRedo = useUi((state) => redoRefusal(receipt, state.modules, state.differingModules))
  const place = receipt.error?.file === undefined ? receipt.changedFiles[0] : receipt.error.file
  return (
    <ActionMenu
      name={`Actions for ${receiptLabel(receipt)}`}
      actions={[
        { id: 'show', title: 'Show details', run: () => showReload(services, receipt.id) },
        isUndo
          ? { id: 'redo', title: 'Redo', refusal: noRedo, run: () => redoReload(services, receipt) }
          : { id: 'undo', title: 'Undo reload', refusal: noUndo, run: () => undoReload(services, receipt) },
        isUndo
          ? {
              id: 'redo-state',
              title: 'Redo with its state',
              refusal: noRedo,
              run: () => redoReloadAndState(services, receipt),
            }
          : {
              id: 'undo-state',
              title: isReset(receipt) ? 'Undo reset' : 'Undo reload and state',
              refusal: noStateUndo,
              run: () => undoReloadAndState(services, receipt),
            },
        ...(isUndo
          ? [
              {
                id: 'redo-file',
                title: 'Redo also in the file',
                refusal: noFileRedo,
                run: () => void redoTexts(services, receipt),
              },
            ]
          : []),
        {
          id: 'restore',
          title: isUndo ? 'Put this text into the file' : 'Undo also in the file',
          refusal: receipt.trigger === 'open' ? 'nothing stood before it' : undefined,
          run: () => void restoreTexts(services, receipt),
        },
        {
          id: 'open',
          title: 'Open file',
          refusal: place === undefined ? 'it names no file' : undefined,
          run: () =>
            openPlace(services.store, receipt.error?.file === undefined ? { file: place ?? '' } : receipt.error),
        },
      ]}
    />
  )
}
