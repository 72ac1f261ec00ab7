// Buttons of the page: an icon or a word, a name, a tooltip with the shortcut, and a reason where it can't be used.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { Tip } from './tip.tsx'

export interface ControlButtonProps {
  /** Accessible name, and the tooltip where `tip` gives no other. */
  readonly name: string
  readonly tip?: string | undefined
  readonly shortcut?: string | undefined
  /** Why it can't be used now; it stays reachable, so that the reason can be read. */
  readonly refusal?: string | undefined
  readonly kind?: 'quiet' | 'framed' | 'primary'
  readonly isActive?: boolean
  readonly onPress: () => void
  /** An icon, or text. */
  readonly children: ReactNode
  readonly slot?: string | null
}

/** A button that says why it is disabled. */
export function ControlButton({
  name,
  tip,
  shortcut,
  refusal,
  kind = 'quiet',
  isActive = false,
  onPress,
  children,
  slot,
}: ControlButtonProps): ReactNode {
  const isRefused = refusal !== undefined
  return (
    <Tip text={isRefused ? `${tip ?? name}: ${refusal}` : (tip ?? name)} shortcut={shortcut}>
      <Button
        className={`button button-${kind}${isActive ? ' is-active' : ''}`}
        aria-label={name}
        {...(isRefused ? { 'aria-disabled': true } : {})}
        {...(slot === undefined ? {} : { slot })}
        onPress={() => {
          if (!isRefused) onPress()
        }}
      >
        {children}
      </Button>
    </Tip>
  )
}
