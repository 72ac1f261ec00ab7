// The bus from outside: what each module subscribes to and has queued, and a form that publishes by hand.

import { Send } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button, FieldError, Form, Input, TextField } from 'react-aria-components'
import type { BusInfo } from '../../../protocol/commands.ts'
import { attempt } from '../../store/actions.ts'
import { useIsVisible } from '../../store/use-visible.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { moduleColour } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount } from '../../widgets/format.ts'
import { parseData } from './parse-data.ts'
import './bus.css'

const pollMs = 250

export function BusPanel(): ReactNode {
  const { ref, isVisible } = useIsVisible()
  const info = useBus(isVisible)
  return (
    <section ref={ref} className="bus" aria-label="Bus">
      <PublishForm />
      <div className="panel-scroll">
        {info === undefined || info.modules.length === 0 ? (
          <EmptyNote title="No module is on the bus">
            A module that subscribes or publishes is listed here with its queue.
          </EmptyNote>
        ) : (
          <table className="table" aria-label="Queues">
            <thead>
              <tr>
                <th scope="col">Module</th>
                <th scope="col">Subscriptions</th>
                <th scope="col" className="number">
                  Queued
                </th>
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
                <tr key={module.name}>
                  <th scope="row">
                    <span className="table-dot" style={{ '--module': moduleColour(index) }} aria-hidden />
                    {module.name}
                  </th>
                  <td className="code">
                    {module.subscriptions.length === 0 ? (
                      <span className="quiet">none</span>
                    ) : (
                      module.subscriptions.join('  ')
                    )}
                  </td>
                  <td className="number" data-tone={module.queued > module.limit * 0.8 ? 'attention' : undefined}>
                    {formatCount(module.queued)}
                  </td>
                  <td className="number quiet">{formatCount(module.limit)}</td>
                  <td className="number" data-tone={module.dropped > 0 ? 'error' : undefined}>
                    {formatCount(module.dropped)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}

/** Asked four times a second while shown; once when the program stands still. */
function useBus(isVisible: boolean): BusInfo | undefined {
  const { client } = useServices()
  const [info, setInfo] = useState<BusInfo>()
  const isRunning = useUi((state) => state.status?.running ?? false)
  const frame = useUi((state) => (state.status?.running === true ? 0 : (state.status?.frame ?? 0)))
  const hasProgram = useUi((state) => state.moduleNames.length > 0)
  useEffect(() => {
    if (!isVisible || !hasProgram) return undefined
    let isOff = false
    // A question that fails (worker going) is asked again at the next tick; what was shown stays.
    const ask = (): void =>
      void client.command('bus').then(
        (next) => !isOff && setInfo(next),
        () => undefined,
      )
    ask()
    const timer = isRunning ? setInterval(ask, pollMs) : undefined
    return () => {
      isOff = true
      clearInterval(timer)
    }
  }, [client, isVisible, isRunning, frame, hasProgram])
  return info
}

function PublishForm(): ReactNode {
  const { client, store } = useServices()
  const [topic, setTopic] = useState('')
  const [text, setText] = useState('')
  const data = parseData(text)
  return (
    <Form
      className="panel-bar"
      aria-label="Publish"
      onSubmit={(event) => {
        event.preventDefault()
        if (topic !== '' && data.isValid)
          void attempt(store, `${topic} could not be published`, () => client.command('publish', topic, data.value))
      }}
    >
      <TextField aria-label="Topic" value={topic} onChange={setTopic} className="bus-topic">
        <div className="field">
          <Input className="field-input code" placeholder="topic: production:order" />
        </div>
      </TextField>
      <TextField aria-label="Data" value={text} onChange={setText} className="bus-data" isInvalid={!data.isValid}>
        <div className="field">
          <Input className="field-input code" placeholder='data as JSON: { "count": 3 }' />
        </div>
        <FieldError className="visually-hidden">Not JSON</FieldError>
      </TextField>
      <Button className="button button-framed" type="submit" isDisabled={topic === '' || !data.isValid}>
        <Send size={12} aria-hidden /> Publish
      </Button>
      {!data.isValid && <span className="field-error">not JSON</span>}
    </Form>
  )
}
