// Publishes a message by hand.

import { Send } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button, FieldError, Form, Input, TextField } from 'react-aria-components'
import { attempt } from '../../store/actions.ts'
import { useServices } from '../../store/ui-context.tsx'
import { parseData } from './parse-data.ts'

export function PublishForm(): ReactNode {
  const { client, store } = useServices()
  const [topic, setTopic] = useState('')
  const [text, setText] = useState('')
  const data = parseData(text)
  return (
    <Form
      className="panel-bar bus-publish"
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
