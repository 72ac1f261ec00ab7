// What a change of configuration did not do as it looks, each with the way to have it otherwise.

import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { ConfigNote } from '../../protocol/config.ts'
import { ToldText } from './told-text.tsx'

export interface ConfigNotesProps {
  readonly notes: readonly ConfigNote[]
  /** Does what the note offers. */
  readonly onTake: (note: ConfigNote) => void
  /** Resets the module: values that only `init` reads apply then. */
  readonly onReset: (module: string) => void
}

export function ConfigNotes({ notes, onTake, onReset }: ConfigNotesProps): ReactNode {
  if (notes.length === 0) return null
  return (
    <ul className="config-notes" aria-label="Configuration">
      {notes.map((note) => (
        <li key={`${note.module} ${note.kind} ${note.path.join('.')}`} className="config-note">
          <Info size={12} aria-hidden />
          <span>
            <ToldText text={note.words} />{' '}
            {note.offer !== undefined && (
              <Button className="link" onPress={() => onTake(note)}>
                {note.offer.label}
              </Button>
            )}
            {note.kind === 'at-reset' && (
              <Button className="link" onPress={() => onReset(note.module)}>
                Reset {note.module}
              </Button>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
