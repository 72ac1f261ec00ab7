// Menus of the tab row: of all open files at its end, of one file where its tab was pressed. They stand outside the `Tabs`
// component, which takes everything inside itself for its own collection.

import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { Popover } from 'react-aria-components'
import { useStore } from 'zustand'
import type { MenuAction } from '../widgets/action-menu.tsx'
import { ActionMenu } from '../widgets/action-menu.tsx'
import { MenuButton } from '../widgets/menu-button.tsx'
import type { EditorViewState, EditorViewStore } from './editor-view-state.ts'

/** The tab whose menu is open, and the element it opens at. */
export interface TabMenu {
  readonly path: string
  readonly anchor: Element
}

export interface EditorTabActionsProps {
  readonly store: EditorViewStore
  readonly menu: TabMenu | undefined
  readonly onMenuClose: () => void
  readonly onClose: (paths: readonly string[]) => void
  readonly onSave: (paths: readonly string[]) => void
}

export function EditorTabActions({ store, menu, onMenuClose, onClose, onSave }: EditorTabActionsProps): ReactNode {
  return (
    <>
      <div className="editor-tabs-more">
        <MenuButton
          name="Editor actions"
          tip="Editor actions. In the text, Ctrl+M lets Tab move the focus"
          menu={<RowMenu store={store} onClose={onClose} onSave={onSave} />}
        >
          <Ellipsis size={14} aria-hidden />
        </MenuButton>
      </div>
      {menu !== undefined && (
        <Popover
          className="popover"
          triggerRef={{ current: menu.anchor }}
          isOpen
          onOpenChange={(isOpen) => !isOpen && onMenuClose()}
          placement="bottom start"
          offset={2}
        >
          <ActionMenu
            name={`Actions of ${menu.path}`}
            actions={tabActions(store.getState(), menu.path, onClose, onSave)}
            standsAlone={{ onClose: onMenuClose }}
          />
        </Popover>
      )}
    </>
  )
}

function RowMenu({ store, onClose, onSave }: Pick<EditorTabActionsProps, 'store' | 'onClose' | 'onSave'>): ReactNode {
  const state = useStore(store)
  return <ActionMenu name="Editor actions" actions={rowActions(state, onClose, onSave)} />
}

const tabActions = (
  state: Pick<EditorViewState, 'tabs'>,
  path: string,
  onClose: EditorTabActionsProps['onClose'],
  onSave: EditorTabActionsProps['onSave'],
): readonly MenuAction[] => {
  const { paths } = state.tabs
  return [
    { id: 'save', title: 'Save', shortcut: 'Ctrl+S', run: () => onSave([path]) },
    { id: 'close', title: 'Close', shortcut: 'Alt+W', run: () => onClose([path]) },
    { id: 'close-others', title: 'Close others', run: () => onClose(paths.filter((other) => other !== path)) },
    { id: 'close-right', title: 'Close to the right', run: () => onClose(paths.slice(paths.indexOf(path) + 1)) },
    { id: 'copy', title: 'Copy path', run: () => void navigator.clipboard.writeText(path) },
  ]
}

const rowActions = (
  state: Pick<EditorViewState, 'tabs' | 'documents'>,
  onClose: EditorTabActionsProps['onClose'],
  onSave: EditorTabActionsProps['onSave'],
): readonly MenuAction[] => {
  const { paths } = state.tabs
  const unsaved = paths.filter((path) => state.documents[path]?.isDirty === true)
  return [
    {
      id: 'save-all',
      title: 'Save all',
      shortcut: 'Ctrl+Shift+S',
      refusal: unsaved.length === 0 ? 'nothing unsaved' : undefined,
      run: () => onSave(unsaved),
    },
    {
      id: 'close-saved',
      title: 'Close saved',
      refusal: paths.length === unsaved.length ? 'all unsaved' : undefined,
      run: () => onClose(paths.filter((path) => !unsaved.includes(path))),
    },
    {
      id: 'close-all',
      title: 'Close all',
      refusal: paths.length === 0 ? 'no open files' : undefined,
      run: () => onClose(paths),
    },
  ]
}
