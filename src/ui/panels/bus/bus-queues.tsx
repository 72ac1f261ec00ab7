// Each module's queue: what it subscribes to, how full it is, what came in and what was dropped.

import type { ReactNode } from 'react'
import type { CoppiceClient } from '../../../client/coppice-client.ts'
import type { BusInfo, BusModuleInfo } from '../../../protocol/bus.ts'
import { usePolled } from '../../store/use-polled.ts'
import { moduleColour } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount } from '../../widgets/format.ts'
import { formatRate } from './bus-traffic.ts'

/** From here on a queue is told of as a problem (MB2). */
const lateShare = 0.8

const pollMs = 250
const askBus = (client: CoppiceClient): Promise<BusInfo> => client.command('bus')

export function BusQueues(): ReactNode {
  const info = usePolled(askBus, pollMs)
  if (info === undefined || info.modules.length === 0) {
    return (
      <EmptyNote title="No module is on the bus">
        A module that subscribes or publishes is listed here with its queue.
      </EmptyNote>
    )
  }
  return (
    <div className="panel-scroll">
      <table className="table" aria-label="Queues">
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col">Subscriptions</th>
            <th scope="col" className="number">
              Rate
            </th>
            <th scope="col" className="number">
              Queued
            </th>
            <th scope="col">Fill</th>
            <th scope="col" className="number">
              Limit
            </th>
            <th scope="col" className="number">
              Dropped
            </th>
          </tr>
        </thead>
        <tbody>
          {info.modules.map((module, index) => (
            <QueueRow key={module.name} queue={module} colour={moduleColour(index)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function QueueRow({ queue, colour }: { readonly queue: BusModuleInfo; readonly colour: string }): ReactNode {
  const share = queue.queued / queue.limit
  const tone = queue.dropping ? 'error' : share >= lateShare ? 'attention' : undefined
  return (
    <tr>
      <th scope="row">
        <span className="table-dot" style={{ '--module': colour }} aria-hidden />
        {queue.name}
      </th>
      <td className="code">
        {queue.subscriptions.length === 0 ? <span className="quiet">none</span> : queue.subscriptions.join('  ')}
      </td>
      <td className="number quiet">{formatRate(queue.rate)}</td>
      <td className="number" data-tone={tone}>
        {formatCount(queue.queued)}
      </td>
      <td className="bus-fill" data-tone={tone}>
        <span className="bus-fill-bar" aria-hidden>
          <span style={{ width: `${Math.min(100, share * 100)}%` }} />
        </span>
        {queue.dropping ? 'dropping' : share >= lateShare ? 'almost full' : ''}
      </td>
      <td className="number quiet">{formatCount(queue.limit)}</td>
      <td className="number" data-tone={queue.dropped > 0 ? 'error' : undefined}>
        {formatCount(queue.dropped)}
      </td>
    </tr>
  )
}
