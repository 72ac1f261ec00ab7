// One reload in full: outcome, moment, phases, what it did to the state, the error with its place, and the code before
// and after.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { Receipt, StateChange } from '../../../protocol/receipt.ts'
import { openPlace } from '../../store/actions.ts'
import {
  outcomeTone,
  outcomeWord,
  receiptLabel,
  receiptVersions,
  sentWords,
  stateChangeWords,
  triggerWords,
} from '../../store/receipt-words.ts'
import { takeOffer } from '../../store/config-actions.ts'
import {
  redoReload,
  redoReloadAndState,
  redoTexts,
  resetModule,
  restoreTexts,
  runFiles,
  undoReload,
  undoReloadAndState,
} from '../../store/reload-actions.ts'
import { fileRedoRefusal, isReset, redoRefusal, stateUndoRefusal, undoRefusal } from '../../store/reload-history.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ConfigNotes } from '../../widgets/config-notes.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { formatCount, formatPlace } from '../../widgets/format.ts'
import { PhaseBar } from './phase-bar.tsx'
import { ReloadDiff } from './reload-diff.tsx'
import { StateDifferences } from './state-differences.tsx'
import { ToldText } from '../../widgets/told-text.tsx'

export interface ReloadDetailProps {
  readonly receipt: Receipt
  readonly isOnTrial: boolean
}

export function ReloadDetail({ receipt, isOnTrial }: ReloadDetailProps): ReactNode {
  return (
    <article className="reload-detail" aria-label={`Reload ${receipt.id}: ${receiptLabel(receipt)}`}>
      <header className="reload-head">
        <h3 className="reload-head-title">{receiptLabel(receipt)}</h3>
        <span className="reload-badge" data-tone={outcomeTone(receipt, isOnTrial)}>
          {outcomeWord(receipt, isOnTrial)}
        </span>
        <p className="reload-head-facts">
          {receiptVersions(receipt)} · {triggerWords(receipt.trigger)} ·{' '}
          <span className="code">
            {receipt.moment.timeline > 0 && `timeline ${receipt.moment.timeline}, `}frame{' '}
            {formatCount(receipt.moment.frame)}
          </span>
        </p>
        <ReloadActions receipt={receipt} />
      </header>
      <ReloadError receipt={receipt} />
      <PhaseBar receipt={receipt} />
      <StateChanges receipt={receipt} />
      <Notes receipt={receipt} />
      <AlreadySent receipt={receipt} />
      <StateDifferences receipt={receipt} />
      <ReloadDiff receipt={receipt} />
    </article>
  )
}

function ReloadActions({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const isUndo = receipt.trigger === 'undo' && receipt.outcome === 'committed'
  const noUndo = useUi((state) => undoRefusal(receipt, state.modules))
  const noStateUndo = useUi((state) => stateUndoRefusal(receipt, state.receipts, state.modules))
  const isOnlyReset = isReset(receipt)
  const noRedo = useUi((state) => redoRefusal(receipt, state.modules, state.differingModules))
  const noFileRedo = useUi((state) => fileRedoRefusal(receipt, state.modules))
  const isRunnable = useUi((state) => receipt.modules.some(({ name }) => state.differingModules.includes(name)))
  const isFailed = receipt.outcome === 'rejected' || receipt.outcome === 'rolled-back'
  return (
    <div className="reload-actions">
      {receipt.outcome === 'committed' && !isUndo && !isOnlyReset && (
        <ControlButton
          name="Undo"
          tip="The version before runs on the state of now; the file stays"
          kind="framed"
          refusal={noUndo}
          onPress={() => undoReload(services, receipt)}
        >
          Undo
        </ControlButton>
      )}
      {receipt.outcome === 'committed' && !isUndo && (
        <ControlButton
          name={isOnlyReset ? 'Undo reset' : 'Undo state too'}
          tip={
            isOnlyReset
              ? 'The state goes on as if it had not been reset'
              : 'The version before runs, and the state goes on as if this reload had never been; the file stays'
          }
          kind="framed"
          refusal={noStateUndo}
          onPress={() => undoReloadAndState(services, receipt)}
        >
          {isOnlyReset ? 'Undo reset' : 'Undo state too'}
        </ControlButton>
      )}
      {isUndo && (
        <ControlButton
          name="Redo"
          tip="Run the version gone back from again"
          kind="framed"
          refusal={noRedo}
          onPress={() => redoReload(services, receipt)}
        >
          Redo
        </ControlButton>
      )}
      {isUndo && (
        <ControlButton
          name="Redo state too"
          tip="Run the version gone back from again, on the state it had when it was undone"
          kind="framed"
          refusal={noRedo}
          onPress={() => redoReloadAndState(services, receipt)}
        >
          Redo state too
        </ControlButton>
      )}
      {isUndo && (
        <ControlButton
          name="Redo also in the file"
          tip="Run the version gone back from again, and write its text into the file where another stands there"
          kind="framed"
          refusal={noFileRedo}
          onPress={() => void redoTexts(services, receipt)}
        >
          Redo in file too
        </ControlButton>
      )}
      {isFailed && (
        <ControlButton
          name="Try again"
          tip="Run the saved text again, on the state of now"
          kind="framed"
          refusal={isRunnable ? undefined : 'the saved text runs'}
          onPress={() => runFiles(services, receipt)}
        >
          Try again
        </ControlButton>
      )}
      {!isOnlyReset && (
        <ControlButton
          name={isUndo ? 'Put this text into the file' : isFailed ? 'Put the old text back' : 'Undo also in the file'}
          tip={
            isUndo
              ? 'Write the text that runs into the file'
              : 'Write the text from before into the file; it reloads as any save does'
          }
          kind="framed"
          refusal={receipt.trigger === 'open' ? 'nothing stood before it' : undefined}
          onPress={() => void restoreTexts(services, receipt)}
        >
          {isUndo ? 'Put into file' : isFailed ? 'Put old text back' : 'Undo in file too'}
        </ControlButton>
      )}
    </div>
  )
}

function ReloadError({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const { store } = useServices()
  const { error } = receipt
  if (error === undefined) return null
  const place = formatPlace(error)
  return (
    <p className="reload-error">
      <span className="reload-error-text">
        <ToldText text={error.message} />
      </span>
      {place !== undefined && (
        <Button className="link" onPress={() => openPlace(store, error)}>
          {place}
        </Button>
      )}
      {receipt.phase !== undefined && <span className="quiet">failed at {receipt.phase}</span>}
    </p>
  )
}

function Notes({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  return (
    <ConfigNotes
      notes={receipt.configNotes ?? []}
      onTake={(note) => void takeOffer(services, note)}
      onReset={(module) => resetModule(services, module)}
    />
  )
}

/** What left the program before it was taken back can't be. */
function AlreadySent({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const sent = receipt.alreadySent ?? []
  if (sent.length === 0) return null
  return (
    <section className="reload-state" aria-label="Already sent">
      <p className="quiet">Sent in frames that were taken back, and out for good:</p>
      <ul>
        {sent.map((output) => (
          <li key={`${output.kind} ${output.module ?? ''} ${output.what}`}>{sentWords(output)}</li>
        ))}
      </ul>
    </section>
  )
}

function StateChanges({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const changes = receipt.stateChanges ?? []
  if (changes.length === 0) {
    const isKept =
      receipt.outcome === 'committed' && receipt.modules.some(({ from, to }) => from !== undefined && to !== undefined)
    return isKept ? <p className="reload-state">State kept as it was.</p> : null
  }
  return (
    <ul className="reload-state" aria-label="Changes of the state">
      {changes.map((change) => (
        <li key={`${change.module} ${change.kind} ${change.path}`}>
          {receipt.modules.length > 1 && <strong>{change.module} </strong>}
          <ToldText text={stateChangeWords(change)} />
          {isAppliedAtReset(change) && (
            <>
              {': '}
              <Button className="link" onPress={() => resetModule(services, change.module)}>
                Reset {change.module}
              </Button>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Values that `init` gives now and the state has from before. */
function isAppliedAtReset(change: StateChange): boolean {
  return change.kind === 'kept' && change.path === ''
}
