// The sockets of the program: whether they are connected, what came and went, and what waits, client by client.

import type { ReactNode } from 'react'
import type { ClientPace, SocketInfo } from '../../../protocol/sockets.ts'
import { useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount, formatPlural } from '../../widgets/format.ts'
import './sockets.css'

export function SocketsPanel(): ReactNode {
  const sockets = useUi((state) => state.sockets)
  return (
    <section className="sockets" aria-label="Sockets">
      {sockets.length === 0 ? (
        <EmptyNote title="This program has no sockets">
          Add <code>{'"sockets": [{ "name": "players", "kind": "local" }]'}</code> to engine.json, and other tabs take
          part.
        </EmptyNote>
      ) : (
        <ul className="sockets-list panel-scroll">
          {sockets.map((socket) => (
            <SocketItem key={socket.name} socket={socket} />
          ))}
        </ul>
      )}
    </section>
  )
}

const stateWords: Readonly<Record<SocketInfo['state'], string>> = {
  open: 'open',
  connecting: 'not connected',
  closed: 'closed',
}
const stateTones: Readonly<Record<SocketInfo['state'], string>> = {
  open: 'good',
  connecting: 'attention',
  closed: 'error',
}

function SocketItem({ socket }: { readonly socket: SocketInfo }): ReactNode {
  const { name, kind, state, detail, coordinator } = socket
  return (
    <li className="socket">
      <header className="socket-head">
        <span className="socket-state" data-tone={stateTones[state]}>
          <span className="socket-dot" aria-hidden />
          {stateWords[state]}
        </span>
        <strong>{name}</strong>
        <span className="quiet">
          {kind} · {detail}
        </span>
      </header>
      <dl className="socket-figures">
        <Figure name="received" value={socket.received} />
        <Figure name="sent" value={socket.sent} />
        <Figure name="queued" value={socket.queued} tone="attention" />
        <Figure name="dropped" value={socket.dropped} tone="error" />
        <Figure name="refused" value={socket.refused} tone="attention" />
        <Figure name="missed" value={socket.missed} tone="error" />
        <Figure name="reconnects" value={socket.reconnects} />
      </dl>
      {coordinator.allowed.length > 0 && (
        <p className="socket-line">
          Coordinator may {coordinator.allowed.join(', ')} · {formatPlural(coordinator.run, 'command')} run
          {coordinator.waiting > 0 && `, ${formatCount(coordinator.waiting)} waiting`}
        </p>
      )}
      {socket.clients.length > 0 && <Clients socket={socket} />}
    </li>
  )
}

function Figure({
  name,
  value,
  tone,
}: {
  readonly name: string
  readonly value: number
  readonly tone?: string
}): ReactNode {
  return (
    <div className="socket-figure" data-tone={value > 0 ? tone : undefined}>
      <dt>{name}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  )
}

const paceTones: Readonly<Record<ClientPace, string | undefined>> = {
  fine: undefined,
  late: 'attention',
  dropping: 'error',
}

/** The busiest; a socket may have hundreds. */
const shownClients = 20

function Clients({ socket }: { readonly socket: SocketInfo }): ReactNode {
  const busiest = socket.clients.toSorted((left, right) => right.waiting - left.waiting).slice(0, shownClients)
  const left = socket.clients.length - busiest.length
  return (
    <table className="table socket-clients" aria-label={`Clients of ${socket.name}`}>
      <thead>
        <tr>
          <th scope="col">Client</th>
          <th scope="col" className="number">
            Entered
          </th>
          <th scope="col" className="number">
            Waiting
          </th>
          <th scope="col" className="number">
            Dropped
          </th>
        </tr>
      </thead>
      <tbody>
        {busiest.map(({ client, entered, waiting, dropped, pace }) => (
          <tr key={client}>
            <th scope="row">{client}</th>
            <td className="number">{formatCount(entered)}</td>
            <td className="number" data-tone={paceTones[pace]}>
              {formatCount(waiting)}
            </td>
            <td className="number" data-tone={dropped > 0 ? 'error' : undefined}>
              {formatCount(dropped)}
            </td>
          </tr>
        ))}
        {left > 0 && (
          <tr>
            <td className="quiet" colSpan={4}>
              and {formatPlural(left, 'client')} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
