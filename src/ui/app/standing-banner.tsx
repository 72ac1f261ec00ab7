// The banner over the editor for as long as what runs is not what the file says: what happened, where, what runs now, and
// what can be done. One line per reload that stands so; it goes when file and running code agree again.

import { CirclePause, CircleX, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import type { Receipt } from '../../protocol/receipt.ts'
import type { SourceError } from '../../protocol/values.ts'
import { attempt, openPlace, setPauseOnFailure } from '../store/actions.ts'
import { redoReload, resetModule, restoreTexts, showReload, writeMigrate } from '../store/reload-actions.ts'
import { pausedFailure, problemOf, standingReloads, standingWords, unreadManifest } from '../store/standing-reload.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { ControlButton } from '../widgets/control-button.tsx'
import { formatCount, formatPlace } from '../widgets/format.ts'
import { ToldText } from '../widgets/told-text.tsx'

/** More would leave no room for the code that mends them. */
const maxShown = 3

export function StandingBanner(): ReactNode {
  const receipts = useUi(useShallow((state) => standingReloads(state.receipts, state)))
  return (
    <>
      <PausedLine />
      <ManifestLine />
      {receipts.slice(0, maxShown).map((receipt) => (
        <StandingLine key={receipt.id} receipt={receipt} />
      ))}
    </>
  )
}

function StandingLine({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const services = useServices()
  const problem = useUi((state) => problemOf(receipt, state.problems))
  const words = standingWords(receipt, problem)
  const isUndo = words.tone === 'attention'
  // As the workspace opens, no text stood there before.
  const hasBefore = receipt.trigger !== 'open'
  const Icon = isUndo ? Undo2 : CircleX
  const stub = receipt.migrateStub
  const misfits = [...new Set((receipt.stateDifferences ?? []).map(({ module }) => module))]
  return (
    <div className="standing" data-tone={words.tone} role={isUndo ? 'status' : 'alert'} aria-label="Reload">
      <Icon size={14} aria-hidden className="standing-icon" />
      <p className="standing-text">
        <strong>{words.subject}</strong> {words.event}
        <Place place={words.place} />
        {words.cause === undefined ? '. ' : ': '}
        {words.cause !== undefined && (
          <span className="standing-cause">
            <ToldText text={sentence(words.cause)} />{' '}
          </span>
        )}
        {words.runs} {words.advice}
        {receipt.outcome === 'rolled-back' && <PauseNextTime />}
      </p>
      <div className="standing-actions">
        {stub !== undefined && (
          <ControlButton
            name="Write a migrate"
            tip="Puts a migrate to start from into the module’s text; nothing is saved"
            kind="framed"
            onPress={() => writeMigrate(services, receipt)}
          >
            Write a migrate
          </ControlButton>
        )}
        {misfits.map((name) => (
          <ControlButton
            key={name}
            name={`Reset ${name}`}
            tip="Runs the saved text with a state made anew by init; the other modules keep theirs"
            kind="framed"
            onPress={() => resetModule(services, name)}
          >
            Reset {name}
          </ControlButton>
        ))}
        {hasBefore && (
          <ControlButton
            name="Show change"
            tip="What this reload changed, beside the text before"
            kind="framed"
            onPress={() => showReload(services, receipt.id)}
          >
            Show change
          </ControlButton>
        )}
        {isUndo && (
          <ControlButton
            name="Redo"
            tip="Run the saved text again"
            shortcut="Alt+Shift+Y"
            kind="framed"
            onPress={() => redoReload(services, receipt)}
          >
            Redo
          </ControlButton>
        )}
        {hasBefore && (
          <ControlButton
            name="Put the running text into the file"
            tip="Write the text of the version that runs into the file; the editor’s undo brings this one back"
            kind="framed"
            onPress={() => void restoreTexts(services, receipt)}
          >
            {isUndo ? 'Put into file' : 'Put old text back'}
          </ControlButton>
        )}
      </div>
    </div>
  )
}

/** A trial failed and the program stands at that frame, because the user wanted to look. */
function PausedLine(): ReactNode {
  const { client, store } = useServices()
  const problem = useUi(pausedFailure)
  if (problem === undefined) return null
  return (
    <div className="standing" data-tone="attention" role="alert" aria-label="Paused at a failing frame">
      <CirclePause size={14} aria-hidden className="standing-icon" />
      <p className="standing-text">
        <strong>{problem.module}</strong> failed at frame {formatCount(problem.moment?.frame ?? 0)}
        <Place place={problem} />:{' '}
        <span className="standing-cause">
          <ToldText text={sentence(problem.message)} />{' '}
        </span>
        Paused there: look at its state, fix and save, or go on with the version before.
      </p>
      <div className="standing-actions">
        <ControlButton
          name="Take it back and run"
          tip="The version before runs on as if this one had never been"
          shortcut="F5"
          kind="framed"
          onPress={() => void attempt(store, 'The program could not be run', () => client.command('resume'))}
        >
          Take it back and run
        </ControlButton>
        <ControlButton
          name="Do not pause there again"
          tip="A failing reload is taken back at once, and the program runs on"
          kind="framed"
          onPress={() => void setPauseOnFailure(client, store, false)}
        >
          Don’t pause again
        </ControlButton>
      </div>
    </div>
  )
}

/** `engine.json` can't be read as it is: no reload came of it. */
function ManifestLine(): ReactNode {
  const problem = useUi((state) => unreadManifest(state.problems))
  const isRunning = useUi((state) => state.modules.length > 0)
  if (problem === undefined) return null
  const { message, consequence } = problem
  return (
    <div className="standing" data-tone="error" role="alert" aria-label="engine.json">
      <CircleX size={14} aria-hidden className="standing-icon" />
      <p className="standing-text">
        <strong>engine.json</strong> is not in force
        <Place place={problem} />:{' '}
        <span className="standing-cause">
          <ToldText text={sentence(message)} />{' '}
        </span>
        {consequence !== undefined && `${sentence(consequence)} `}
        {isRunning && 'The program runs on as it was. '}
        Fix and save.
      </p>
    </div>
  )
}

function PauseNextTime(): ReactNode {
  const { client, store } = useServices()
  const isOn = useUi((state) => state.status?.pausesOnFailure === true)
  return isOn ? (
    <> Next time the program pauses there.</>
  ) : (
    <>
      {' Or '}
      <Button className="link" onPress={() => void setPauseOnFailure(client, store, true)}>
        pause there next time
      </Button>
      .
    </>
  )
}

function Place({ place }: { readonly place: Pick<SourceError, 'file' | 'line' | 'column'> | undefined }): ReactNode {
  const { store } = useServices()
  const words = place === undefined ? undefined : formatPlace(place)
  if (place === undefined || words === undefined) return null
  return (
    <>
      {' ('}
      <Button className="link" onPress={() => openPlace(store, place)}>
        {words}
      </Button>
      )
    </>
  )
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
