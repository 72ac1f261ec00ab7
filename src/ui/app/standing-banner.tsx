// The banner over the editor for as long as what runs is not what the file says: what happened, where, what runs now, and
// what can be done. One line per reload that stands so; it goes when file and running code agree again.

import { CircleX, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import type { Receipt } from '../../protocol/receipt.ts'
import { openPlace } from '../store/actions.ts'
import { restoreTexts, runFiles, showReload } from '../store/reload-actions.ts'
import { standingReloads, standingWords } from '../store/standing-reload.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { ControlButton } from '../widgets/control-button.tsx'
import { formatPlace } from '../widgets/format.ts'

/** More would leave no room for the code that mends them. */
const maxShown = 3

export function StandingBanner(): ReactNode {
  const receipts = useUi(useShallow((state) => standingReloads(state.receipts, state.differingModules)))
  return receipts.slice(0, maxShown).map((receipt) => <StandingLine key={receipt.id} receipt={receipt} />)
}

function StandingLine({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const words = standingWords(receipt)
  const isUndo = words.tone === 'attention'
  const { place } = words
  const Icon = isUndo ? Undo2 : CircleX
  return (
    <div className="standing" data-tone={words.tone} role={isUndo ? 'status' : 'alert'} aria-label="Reload">
      <Icon size={14} aria-hidden className="standing-icon" />
      <p className="standing-text">
        <strong>{words.subject}</strong> {words.event}
        {place !== undefined && (
          <>
            {' ('}
            <Button className="link" onPress={() => openPlace(services.store, place)}>
              {formatPlace(place)}
            </Button>
            )
          </>
        )}
        {words.cause === undefined ? '. ' : ': '}
        {words.cause !== undefined && <span className="standing-cause">{sentence(words.cause)} </span>}
        {words.runs} {words.advice}
      </p>
      <div className="standing-actions">
        <ControlButton
          name="Show change"
          tip="What this reload changed, beside the text before"
          kind="framed"
          onPress={() => showReload(services, receipt.id)}
        >
          Show change
        </ControlButton>
        {isUndo && (
          <ControlButton
            name="Redo"
            tip="Run the saved text again"
            shortcut="Alt+Shift+Y"
            kind="framed"
            onPress={() => runFiles(services, receipt)}
          >
            Redo
          </ControlButton>
        )}
        <ControlButton
          name="Put the running text into the file"
          tip="Write the text of the version that runs into the file; the editor's undo brings this one back"
          kind="framed"
          onPress={() => void restoreTexts(services, receipt)}
        >
          {isUndo ? 'Put into file' : 'Put old text back'}
        </ControlButton>
      </div>
    </div>
  )
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
