// The messages that pass, newest at the end; beside them the rate of each topic, or the message that was opened.

import { ListLayout } from 'react-aria-components'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ListBox, ListBoxItem, Virtualizer } from 'react-aria-components'
import type { BusLine } from '../../../protocol/bus.ts'
import { useUi } from '../../store/ui-context.tsx'
import { colourOfModule } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { useFollowedEnd } from '../../widgets/followed-end.ts'
import { formatCount } from '../../widgets/format.ts'
import { BusMessage } from './bus-message.tsx'
import { formatRate, outside, topicRates, type TrafficView } from './bus-traffic.ts'

export interface BusStreamViewProps {
  readonly view: TrafficView
  /** No new lines come: what is shown stands still. */
  readonly isHeld: boolean
  /** A topic was chosen as the filter. */
  readonly onTopic: (topic: string) => void
}

export function BusStreamView({ view, isHeld, onTopic }: BusStreamViewProps): ReactNode {
  const [opened, setOpened] = useState<BusLine>()
  return (
    <div className="bus-columns">
      {view.lines.length === 0 ? (
        <EmptyNote title="No message passed yet">
          Messages that modules publish are listed here as they are delivered, with the line that sent them.
        </EmptyNote>
      ) : (
        <StreamList lines={view.lines} isHeld={isHeld} opened={opened} onOpen={setOpened} />
      )}
      {opened === undefined ? (
        <TopicRates view={view} onTopic={onTopic} />
      ) : (
        <BusMessage line={opened} onClose={() => setOpened(undefined)} />
      )}
    </div>
  )
}

interface StreamListProps {
  readonly lines: readonly BusLine[]
  readonly isHeld: boolean
  readonly opened: BusLine | undefined
  readonly onOpen: (line: BusLine) => void
}

function StreamList({ lines, isHeld, opened, onOpen }: StreamListProps): ReactNode {
  const modules = useUi((state) => state.moduleNames)
  const box = useFollowedEnd(lines, isHeld)
  return (
    <div className="panel-scroll" ref={box}>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: 24 }}>
        <ListBox
          className="log-list"
          aria-label="Messages"
          items={lines}
          selectionMode="single"
          selectedKeys={opened === undefined ? [] : [opened.id]}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : keys
            const line = lines.find((candidate) => candidate.id === key)
            if (line !== undefined) onOpen(line)
          }}
        >
          {(line) => (
            <ListBoxItem id={line.id} textValue={`${line.topic} ${line.preview}`} className="log-row bus-row">
              <span className="log-frame">{formatCount(line.moment.frame)}</span>
              <span
                className="log-module-name"
                style={{ color: line.from === undefined ? 'var(--text-3)' : colourOfModule(modules, line.from) }}
              >
                {line.from ?? outside}
              </span>
              <span className="bus-row-topic" title={line.topic}>
                {line.topic}
              </span>
              <span className="log-text quiet" title={line.preview}>
                {line.preview}
              </span>
              <span className="bus-readers" aria-label={`read by ${line.readers.join(', ') || 'nobody'}`}>
                {line.readers.length === 0 ? (
                  <span className="quiet">nobody</span>
                ) : (
                  line.readers.map((reader) => (
                    <span
                      key={reader}
                      className="table-dot"
                      title={reader}
                      style={{ '--module': colourOfModule(modules, reader) }}
                    />
                  ))
                )}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Virtualizer>
    </div>
  )
}

function TopicRates({ view, onTopic }: Pick<BusStreamViewProps, 'view' | 'onTopic'>): ReactNode {
  const rates = topicRates(view)
  const highest = rates[0]?.perSecond ?? 1
  return (
    <aside className="bus-side" aria-label="Topics">
      {rates.length === 0 && <p className="quiet bus-side-note">Rates of topics appear here.</p>}
      <ul className="bus-topics">
        {rates.map(({ topic, perSecond }) => (
          <li key={topic}>
            <button
              type="button"
              className="bus-topic-rate"
              title={`Show ${topic} only`}
              onClick={() => onTopic(topic)}
            >
              <span className="bus-topic-bar" style={{ width: `${(perSecond / highest) * 100}%` }} aria-hidden />
              <span className="bus-topic-name">{topic}</span>
              <span className="bus-topic-number">{formatRate(perSecond)}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  )
}
