// A button that opens a menu of actions.

import type { ReactNode } from 'react'
import { Button, MenuTrigger, Popover } from 'react-aria-components'
import { Tip } from './tip.tsx'

export interface MenuButtonProps {
  readonly name: string
  readonly tip?: string
  /** An `ActionMenu`, or what makes one: rendered while it is open. */
  readonly menu: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** Opens `menu` below itself. */
export function MenuButton({
  name,
  tip,
  menu,
  className = 'button button-quiet',
  children,
}: MenuButtonProps): ReactNode {
  return (
    <MenuTrigger>
      <Tip text={tip ?? name}>
        <Button className={className} aria-label={name}>
          {children}
        </Button>
      </Tip>
      <Popover className="popover" offset={4}>
        {menu}
      </Popover>
    </MenuTrigger>
  )
}
