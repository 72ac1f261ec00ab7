// A tooltip around one focusable control: its name or explanation, and its shortcut.

import type { ReactElement, ReactNode } from 'react'
import { Tooltip, TooltipTrigger } from 'react-aria-components'

export interface TipProps {
  readonly text: ReactNode
  readonly shortcut?: string | undefined
  readonly placement?: 'top' | 'bottom' | 'left' | 'right'
  readonly children: ReactElement
}

/** Shows `text` on hover and keyboard focus of its child. */
export function Tip({ text, shortcut, placement = 'bottom', children }: TipProps): ReactNode {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <Tooltip className="tip" placement={placement} offset={6}>
        <span>{text}</span>
        {shortcut !== undefined && <kbd className="keys">{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  )
}
