// Actions one below the other, for a popover. What it shows is made when it opens: in a list, a closed menu costs nothing.

import type { ReactNode } from 'react'
import { Menu, MenuItem } from 'react-aria-components'

export interface MenuAction {
  readonly id: string
  readonly title: string
  readonly shortcut?: string | undefined
  /** Why it can't be used now. */
  readonly refusal?: string | undefined
  readonly isDangerous?: boolean
  readonly run: () => void
}

export interface ActionMenuProps {
  readonly name: string
  readonly actions: readonly MenuAction[]
  /** Where no button opened it, whose focus it would take. */
  readonly standsAlone?: { readonly onClose: () => void }
}

export function ActionMenu({ name, actions, standsAlone }: ActionMenuProps): ReactNode {
  return (
    <Menu
      className="menu"
      aria-label={name}
      disabledKeys={actions.filter((action) => action.refusal !== undefined).map((action) => action.id)}
      {...(standsAlone === undefined ? {} : { autoFocus: 'first', onClose: standsAlone.onClose })}
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
  )
}
