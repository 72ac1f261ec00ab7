// Asks for the name of a new module; the server adds it to engine.json and writes its file from a template.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components'
import { attempt, openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { DialogBox } from '../../widgets/confirm-dialog.tsx'

export function AddModuleDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client, store } = useServices()
  const names = useUi((state) => state.moduleNames)
  const [name, setName] = useState('')
  const [path, setPath] = useState<string>()
  const file = path ?? (name === '' ? '' : `${name}.ts`)
  const add = async (): Promise<void> => {
    onClose()
    const done = await attempt(store, `${name} could not be added`, () =>
      client.request('addModule', { name, path: file, strategy: 'sequential', config: {} }),
    )
    if (done) openPlace(store, { file })
  }
  const isTaken = names.includes(name)
  return (
    <DialogBox title="Add module" onClose={onClose}>
      <Form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isTaken) void add()
        }}
      >
        <TextField
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          isInvalid={isTaken}
          pattern="[A-Za-z][A-Za-z0-9_\-]*"
        >
          <Label className="field-label">Name</Label>
          <div className="field">
            <Input className="field-input code" placeholder="enemies" />
          </div>
          <FieldError className="field-error">
            {isTaken
              ? `There is a module ${name} already.`
              : 'A name of letters, digits, - and _, beginning with a letter.'}
          </FieldError>
        </TextField>
        <TextField value={file} onChange={setPath} isRequired>
          <Label className="field-label">File</Label>
          <div className="field">
            <Input className="field-input code" placeholder="enemies.ts" />
          </div>
        </TextField>
        <p className="quiet">Goes into engine.json. A file that does not exist is written from a template.</p>
        <div className="dialog-actions">
          <Button className="button button-framed" onPress={onClose}>
            Cancel
          </Button>
          <Button className="button button-primary" type="submit">
            Add
          </Button>
        </div>
      </Form>
    </DialogBox>
  )
}
