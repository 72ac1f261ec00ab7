// The status bar: connection, isolation, reproducibility, running or paused, health and sockets, what the last reload did, cursor, problems.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { receiptMessage } from '../store/receipt-words.ts'
import { healthWords, isolationWords, reproducibilityWords, socketsWords } from '../store/status-words.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { Tip } from '../widgets/tip.tsx'

type Tone = 'good' | 'attention' | 'error' | 'quiet'

const connections = {
  connected: { tone: 'good', word: 'Vite connected', tip: 'The dev server answers: saves and changes on disk reload.' },
  connecting: { tone: 'attention', word: 'Vite connecting', tip: 'The page waits for the dev server.' },
  disconnected: {
    tone: 'error',
    word: 'Vite disconnected',
    tip: 'The dev server is gone. The program runs on; saves wait until it is back.',
  },
} as const

export function StatusBar(): ReactNode {
  const connection = connections[useUi((state) => state.connection)]
  const hasStatus = useUi((state) => state.status !== undefined)
  const { dock } = useServices()
  const isolated = useUi((state) => state.status?.isolated ?? false)
  const copiedEvery = useUi((state) => state.status?.copiedEvery)
  const reproducible = useUi((state) => state.status?.reproducible ?? false)
  const verifyingOff = useUi((state) => state.status?.verifyingOff)
  const problems = useUi((state) => state.problems)
  const isRunning = useUi((state) => state.status?.running ?? false)
  const isSaver = useUi((state) => state.isSaver)
  return (
    <footer className="status-bar" aria-label="Status">
      <StatusItem tone={connection.tone} word={connection.word} tip={connection.tip} />
      {hasStatus && (
        <>
          <StatusItem {...isolationWords({ isolated, copiedEvery })} />
          <StatusItem
            {...reproducibilityWords({ reproducible, verifyingOff }, problems)}
            {...(reproducible ? {} : { onPress: () => dock.show('problems') })}
          />
          {!isSaver && (
            <StatusItem
              tone="attention"
              word="not saving"
              tip="Another tab has this workspace open, and writes what modules save. What they save here is not kept."
            />
          )}
          <StatusItem
            tone={isRunning ? 'good' : 'attention'}
            word={isRunning ? 'running' : 'paused'}
            tip={isRunning ? 'The program runs.' : 'The program stands at a frame boundary. F6 runs it, F10 steps.'}
          />
        </>
      )}
      {hasStatus && <HealthItems />}
      <ReloadLine />
      <div className="status-end">
        <Cursor />
        <ProblemCount />
      </div>
    </footer>
  )
}

function HealthItems(): ReactNode {
  const { dock } = useServices()
  const sockets = useUi((state) => state.sockets)
  const modules = useUi((state) => state.modules)
  const problems = useUi((state) => state.problems)
  const ofSockets = socketsWords(sockets)
  return (
    <>
      <StatusItem {...healthWords(modules, problems, sockets)} onPress={() => dock.show('health')} />
      {ofSockets !== undefined && <StatusItem {...ofSockets} onPress={() => dock.show('sockets')} />}
    </>
  )
}

function StatusItem({
  tone,
  word,
  tip,
  onPress = () => undefined,
}: {
  readonly tone: Tone
  readonly word: string
  readonly tip: string
  readonly onPress?: () => void
}): ReactNode {
  return (
    <Tip text={tip} placement="top">
      <Button className="status-item" aria-label={`${word}. ${tip}`} onPress={onPress}>
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
  const problems = useUi((state) => state.problems)
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const warnings = problems.length - errors
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
