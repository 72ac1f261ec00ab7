// The status bar: connection, isolation, reproducibility, running or paused, health and sockets, what the last reload did, cursor, problems.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import { receiptMessage } from '../store/receipt-words.ts'
import { healthWords, isolationWords, reproducibilityWords, socketsWords } from '../store/status-words.ts'
import type { StatusWords } from '../store/status-words.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import type { PanelName } from '../store/ui-context.tsx'
import type { UiState } from '../store/ui-store.ts'
import { Tip } from '../widgets/tip.tsx'

const connections = {
  connected: { tone: 'good', word: 'Vite connected', tip: 'The dev server answers: saves and changes on disk reload.' },
  connecting: { tone: 'attention', word: 'Vite connecting', tip: 'The page waits for the dev server.' },
  disconnected: {
    tone: 'error',
    word: 'Vite disconnected',
    tip: 'The dev server is gone. The program runs on; saves wait until it is back.',
  },
} as const satisfies Record<UiState['connection'], StatusWords>

const notSaving: StatusWords = {
  tone: 'attention',
  word: 'not saving',
  tip: 'Another tab has this workspace open, and writes what modules save. What they save here is not kept.',
}
const running: StatusWords = { tone: 'good', word: 'running', tip: 'The program runs.' }
const paused: StatusWords = {
  tone: 'attention',
  word: 'paused',
  tip: 'The program stands at a frame boundary. F6 runs it, F10 steps.',
}

export function StatusBar(): ReactNode {
  const hasStatus = useUi((state) => state.status !== undefined)
  const isReproducible = useUi((state) => state.status?.reproducible === true)
  return (
    <footer className="status-bar" aria-label="Status">
      <StatusItem words={(state) => connections[state.connection]} />
      {hasStatus && (
        <>
          <StatusItem words={({ status }) => status && isolationWords(status)} />
          <StatusItem
            words={({ status, problems }) => status && reproducibilityWords(status, problems)}
            panel={isReproducible ? undefined : 'problems'}
          />
          <StatusItem words={(state) => (state.isSaver ? undefined : notSaving)} />
          <StatusItem words={({ status }) => (status?.running === true ? running : paused)} />
          <StatusItem
            words={({ modules, problems, sockets }) => healthWords(modules, problems, sockets)}
            panel="health"
          />
          <StatusItem words={({ sockets }) => socketsWords(sockets)} panel="sockets" />
        </>
      )}
      <ReloadLine />
      <div className="status-end">
        <Cursor />
        <ProblemCount />
      </div>
    </footer>
  )
}

interface StatusItemProps {
  /** Undefined: there is nothing to say. */
  readonly words: (state: UiState) => StatusWords | undefined
  /** Comes to the front when it is pressed. */
  readonly panel?: PanelName | undefined
}

/** Drawn anew when its words change, which is seldom, and not when what they are made of does. */
function StatusItem({ words, panel }: StatusItemProps): ReactNode {
  const { dock } = useServices()
  const told = useUi(useShallow(words))
  if (told === undefined) return null
  const { tone, word, tip } = told
  return (
    <Tip text={tip} placement="top">
      <Button
        className="status-item"
        aria-label={`${word}. ${tip}`}
        onPress={() => {
          if (panel !== undefined) dock.show(panel)
        }}
      >
        <span className="dot status-dot" data-tone={tone} aria-hidden />
        {word}
      </Button>
    </Tip>
  )
}

/** The last reload, once its card has been seen often enough. */
function ReloadLine(): ReactNode {
  const notice = useUi((state) => state.notice)
  if (notice?.place !== 'status-bar') return null
  const message = receiptMessage(notice.receipt)
  if (message === undefined) return null
  return (
    <span key={notice.receipt.id} className="status-reload" role="status">
      <strong>{message.subject}</strong> {message.event}
      <span className="quiet"> · {message.facts.join(' · ')}</span>
    </span>
  )
}

function Cursor(): ReactNode {
  const cursor = useUi((state) => state.editor.cursor)
  const language = useUi((state) => state.editor.language)
  return (
    <>
      {cursor !== undefined && (
        <span className="status-text status-cursor">
          Ln {cursor.line}, Col {cursor.column}
        </span>
      )}
      {language !== undefined && <span className="status-text">{language}</span>}
    </>
  )
}

function ProblemCount(): ReactNode {
  const { dock } = useServices()
  const errors = useUi(({ problems }) => problems.filter(({ severity }) => severity === 'error').length)
  const warnings = useUi(({ problems }) => problems.length) - errors
  const words = [
    errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
  ].filter((word) => word !== '')
  const text = words.length === 0 ? 'No problems' : words.join(', ')
  return (
    <Button
      className="status-item"
      data-tone={errors > 0 ? 'error' : warnings > 0 ? 'attention' : 'quiet'}
      onPress={() => dock.show('problems')}
    >
      {text}
    </Button>
  )
}
