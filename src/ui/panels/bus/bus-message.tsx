// One message, opened: its data, its moment, who reads it, and the line that published it.

import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { BusLine } from '../../../protocol/bus.ts'
import { openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { colourOfModule } from '../../theme/module-colour.ts'
import { ControlButton } from '../../widgets/control-button.tsx'
import { formatCount, formatPlace } from '../../widgets/format.ts'
import { outside } from './bus-traffic.ts'

type Data = { readonly kind: 'loading' | 'gone' } | { readonly kind: 'known'; readonly text: string }

export function BusMessage({ line, onClose }: { readonly line: BusLine; readonly onClose: () => void }): ReactNode {
  const { client, store } = useServices()
  const modules = useUi((state) => state.moduleNames)
  const [data, setData] = useState<Data>({ kind: 'loading' })
  const { id, position } = line
  useEffect(() => {
    let isOff = false
    const show = (text: string | undefined): void => {
      if (!isOff) setData(text === undefined ? { kind: 'gone' } : { kind: 'known', text })
    }
    void client.command('busMessage', id).then(show, () => show(undefined))
    return () => {
      isOff = true
    }
  }, [client, id])
  return (
    <aside className="bus-side bus-message" aria-label={`Message ${line.topic}`}>
      <header className="bus-message-head">
        <span className="bus-topic-name">{line.topic}</span>
        <ControlButton name="Close the message" onPress={onClose}>
          <X size={12} aria-hidden />
        </ControlButton>
      </header>
      <p className="bus-message-line">
        frame {formatCount(line.moment.frame)}
        {line.moment.timeline > 0 && `, timeline ${line.moment.timeline}`} · from{' '}
        <span style={{ color: line.from === undefined ? undefined : colourOfModule(modules, line.from) }}>
          {line.from ?? outside}
        </span>{' '}
        · read by {line.readers.join(', ') || 'nobody'}
      </p>
      {position !== undefined && (
        <Button className="link" onPress={() => openPlace(store, position)}>
          published at {formatPlace(position)}
        </Button>
      )}
      <pre className="bus-message-data" tabIndex={0} aria-label="Data">
        {data.kind === 'known'
          ? data.text
          : data.kind === 'gone'
            ? `${line.preview}\n\nIts data is not kept any more.`
            : ''}
      </pre>
    </aside>
  )
}
