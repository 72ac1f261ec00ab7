// Asks for the name of a new module; the server adds it to engine.json and writes its file from a template.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { attempt, openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { AddDialog } from '../../widgets/add-dialog.tsx'

export function AddModuleDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client, store } = useServices()
  const names = useUi((state) => state.moduleNames)
  const [name, setName] = useState('')
  const [path, setPath] = useState<string>()
  const file = path ?? (name === '' ? '' : `${name}.ts`)
  const add = async (): Promise<void> => {
    const done = await attempt(store, `${name} could not be added`, () =>
      client.request('addModule', { name, path: file, strategy: 'sequential', config: {} }),
    )
    if (done) openPlace(store, { file })
  }
  const isTaken = names.includes(name)
  return (
    <AddDialog
      title="Add module"
      note="Goes into engine.json. A file that does not exist is written from a template."
      isValid={!isTaken}
      onAdd={() => void add()}
      onClose={onClose}
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
    </AddDialog>
  )
}
