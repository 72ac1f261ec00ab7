// How modules, their queues and the sockets stand, and stood over the last minutes: a strip for each, what was wrong on hover and focus.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { CoppiceClient } from '../../../client/coppice-client.ts'
import type { HealthChange } from '../../../protocol/health.ts'
import type { Moment } from '../../../protocol/values.ts'
import { useUi } from '../../store/ui-context.tsx'
import { usePolled } from '../../store/use-polled.ts'
import { colourOfModule } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { Tip } from '../../widgets/tip.tsx'
import { type HealthRow, healthRows, type HealthSpan, presentHealth, spanWords } from './health-rows.ts'
import './health.css'

const pollMs = 1000
const shownMinutes = 2

export function HealthPanel(): ReactNode {
  const moduleNames = useUi((state) => state.moduleNames)
  const sockets = useUi((state) => state.sockets)
  const targetFps = useUi((state) => state.status?.targetFps ?? 60)
  const asked = usePolled(askHealth, pollMs)
  if (asked === undefined || moduleNames.length === 0)
    return (
      <section className="health" aria-label="Health">
        <EmptyNote title="Nothing runs">
          How modules, their queues and the sockets stand appears here, over the last {shownMinutes} minutes.
        </EmptyNote>
      </section>
    )
  const { history, readers, now } = asked
  const subjects = { modules: moduleNames, readers, sockets: sockets.map(({ name }) => name) }
  const frames = shownMinutes * 60 * targetFps
  return (
    <section className="health" aria-label="Health">
      <ul className="health-list panel-scroll">
        {healthRows(subjects, history, now, frames).map((row) => (
          <RowItem key={`${row.subject} ${row.name}`} row={row} end={now.frame} frames={frames} targetFps={targetFps} />
        ))}
      </ul>
      <p className="health-scale" aria-hidden>
        <span className="health-axis">
          <span>{shownMinutes} min ago</span>
          <span>now</span>
        </span>
      </p>
    </section>
  )
}

interface Asked {
  readonly history: readonly HealthChange[]
  /** Modules with subscriptions. */
  readonly readers: readonly string[]
  readonly now: Moment
}

async function askHealth(client: CoppiceClient): Promise<Asked> {
  const [history, { modules }, now] = await Promise.all([
    client.automation.healthHistory(),
    client.command('bus'),
    client.command('status'),
  ])
  const readers = modules.filter(({ subscriptions }) => subscriptions.length > 0).map(({ name }) => name)
  return { history, readers, now }
}

const subjectWords = { module: '', queue: 'queue', socket: 'socket' } as const
const tones = { ok: 'good', warning: 'attention', error: 'error' } as const

function RowItem({
  row,
  end,
  frames,
  targetFps,
}: {
  readonly row: HealthRow
  readonly end: number
  readonly frames: number
  readonly targetFps: number
}): ReactNode {
  const { name, subject, spans } = row
  const moduleNames = useUi((state) => state.moduleNames)
  const { status, message } = presentHealth(row)
  const what = `${name}${subject === 'module' ? '' : ` (${subjectWords[subject]})`}`
  const colour = subject === 'socket' ? 'var(--text-3)' : colourOfModule(moduleNames, name)
  return (
    <li className="health-row">
      <span className="health-name">
        <span className="table-dot" style={{ '--module': colour }} aria-hidden />
        {name}
        <span className="quiet">{subjectWords[subject]}</span>
      </span>
      <ol className="health-strip" aria-label={`Health of ${what} over the last ${shownMinutes} minutes`}>
        {spans.map((span) => (
          <Span key={span.from} span={span} start={end - frames} frames={frames} targetFps={targetFps} />
        ))}
      </ol>
      <span className="health-now" data-tone={tones[status]} title={message}>
        {message ?? status}
      </span>
    </li>
  )
}

function Span({
  span,
  start,
  frames,
  targetFps,
}: {
  readonly span: HealthSpan
  readonly start: number
  readonly frames: number
  readonly targetFps: number
}): ReactNode {
  const words = spanWords(span, targetFps)
  const style = {
    left: `${((span.from - start) / frames) * 100}%`,
    width: `${((span.to - span.from) / frames) * 100}%`,
  }
  return (
    <li className="health-span" data-tone={tones[span.status]} style={style}>
      {span.status === 'ok' ? (
        <span className="visually-hidden">{words}</span>
      ) : (
        <Tip text={words} placement="top">
          <Button className="health-span-button" aria-label={words} />
        </Tip>
      )}
    </li>
  )
}
