// A button that opens a menu of actions.

import type { ReactNode } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Tip } from './tip.tsx'

export interface MenuAction {
  readonly id: string
  readonly title: string
  readonly shortcut?: string | undefined
  /** Why it can't be used now. */
  readonly refusal?: string | undefined
  readonly isDangerous?: boolean
  readonly run: () => void
}

export interface MenuButtonProps {
  readonly name: string
  readonly tip?: string
  readonly actions: readonly MenuAction[]
  readonly className?: string
  readonly children: ReactNode
}

/** Opens `actions` below itself. */
export function MenuButton({
  name,
  tip,
  actions,
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
        <Menu
          className="menu"
          aria-label={name}
          disabledKeys={actions.filter((action) => action.refusal !== undefined).map((action) => action.id)}
        >
          {actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              className={`menu-item${action.isDangerous === true ? ' is-dangerous' : ''}`}
              textValue={action.title}
              onAction={action.run}
            >
              <span>{action.title}</span>
              {action.refusal !== undefined && <span className="menu-note">{action.refusal}</span>}
              {action.shortcut !== undefined && <kbd className="keys">{action.shortcut}</kbd>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
