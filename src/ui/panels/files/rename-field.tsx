// A file's name turned into a field: Enter takes the new name, Escape and leaving it keep the old one.

import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Input, TextField } from 'react-aria-components'

export interface RenameFieldProps {
  readonly name: string
  readonly onDone: (name: string) => void
  readonly onCancel: () => void
}

export function RenameField({ name, onDone, onCancel }: RenameFieldProps): ReactNode {
  const [text, setText] = useState(name)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const dot = name.lastIndexOf('.')
    // After the menu that started this has given its focus back.
    const timer = setTimeout(() => {
      input.current?.focus()
      input.current?.setSelectionRange(0, dot > 0 ? dot : name.length)
    })
    return () => clearTimeout(timer)
  }, [name])
  return (
    <TextField aria-label={`New name of ${name}`} value={text} onChange={setText} className="rename-field">
      <Input
        ref={input}
        className="rename-input"
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') onDone(text.trim())
          if (event.key === 'Escape') onCancel()
        }}
        onBlur={onCancel}
      />
    </TextField>
  )
}
