// The command palette: every command of page and editor, filtered as one types, with its shortcut.

import { Search } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { useServices, useUi } from '../store/ui-context.tsx'
import { useCommands } from './commands-context.tsx'

interface PaletteEntry {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly shortcut: string | undefined
  readonly refusal: string | undefined
  readonly run: () => void
}

export function CommandPalette(): ReactNode {
  const { store } = useServices()
  const isOpen = useUi((state) => state.isPaletteOpen)
  return (
    <ModalOverlay
      className="scrim"
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => store.setState({ isPaletteOpen: open })}
    >
      <Modal className="modal palette">
        <Dialog className="palette-dialog" aria-label="Search commands">
          <PaletteList />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PaletteList(): ReactNode {
  const { store } = useServices()
  const commands = useCommands()
  const { contains } = useFilter({ sensitivity: 'base' })
  const entries = useMemo(() => {
    const state = store.getState()
    const own = commands
      .filter((command) => command.id !== 'palette' && command.id !== 'toggle-space')
      .map((command): PaletteEntry => ({
        id: command.id,
        title: command.title,
        group: command.group,
        shortcut: command.shortcut?.replace('Digit', ''),
        refusal: command.refusal?.(state),
        run: command.run,
      }))
    const editors = (state.editorApi?.commands() ?? []).map((command): PaletteEntry => ({
      id: `editor:${command.id}`,
      title: command.title,
      group: 'Editor',
      shortcut: command.shortcut,
      refusal: undefined,
      run: command.run,
    }))
    const files = state.files
      .filter((file) => file.kind === 'file')
      .map((file): PaletteEntry => ({
        id: `file:${file.path}`,
        title: `Open ${file.path}`,
        group: 'File',
        shortcut: undefined,
        refusal: state.editorApi === undefined ? 'the editor is still loading' : undefined,
        run: () => void state.editorApi?.openFile(file.path),
      }))
    return [...own, ...editors, ...files]
  }, [commands, store])
  const run = (entry: PaletteEntry): void => {
    store.setState({ isPaletteOpen: false })
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(entry.run)
  }
  return (
    <Autocomplete filter={contains}>
      <SearchField className="palette-search" aria-label="Search commands" autoFocus>
        <Search size={14} aria-hidden />
        <Input className="search-input" placeholder="What do you want to do?" />
      </SearchField>
      <Menu
        className="palette-list"
        aria-label="Commands"
        items={entries}
        disabledKeys={entries.filter((entry) => entry.refusal !== undefined).map((entry) => entry.id)}
        renderEmptyState={() => <p className="palette-empty">No command has these words.</p>}
      >
        {(entry) => (
          <MenuItem
            className="menu-item"
            id={entry.id}
            textValue={`${entry.group}: ${entry.title}`}
            onAction={() => run(entry)}
          >
            <span className="palette-group">{entry.group}</span>
            <span>{entry.title}</span>
            {entry.refusal !== undefined && <span className="menu-note">{entry.refusal}</span>}
            {entry.shortcut !== undefined && <kbd className="keys">{entry.shortcut}</kbd>}
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  )
}
