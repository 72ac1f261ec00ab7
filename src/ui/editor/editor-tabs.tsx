// The row of open files: names, unsaved dots, the mark of a file that is not the code that runs, closing, order.

import { Ellipsis, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Menu, MenuItem, Popover, Tab, TabList } from 'react-aria-components'
import type { MenuAction } from '../widgets/menu-button.tsx'
import { MenuButton } from '../widgets/menu-button.tsx'
import type { EditorViewState } from './editor-view-state.ts'
import { tabLabel } from './tab-list.ts'

export interface EditorTabsProps {
  readonly state: Pick<EditorViewState, 'tabs' | 'documents' | 'differing' | 'failing'>
  readonly onClose: (paths: readonly string[]) => void
  /** Puts `path` before another tab, or last. */
  readonly onMove: (path: string, before: string | undefined) => void
  readonly onSave: (paths: readonly string[]) => void
}

interface OpenMenu {
  readonly path: string
  readonly anchor: Element
}

const dragType = 'application/x-coppice-tab'

/** Tab row; stands inside the `Tabs` that the panel makes. */
export function EditorTabs({ state, onClose, onMove, onSave }: EditorTabsProps): ReactNode {
  const [menu, setMenu] = useState<OpenMenu>()
  const { tabs } = state
  return (
    <div
      className="editor-tabs"
      onKeyDown={(event) => {
        const isTab = event.target instanceof Element && event.target.getAttribute('role') === 'tab'
        if (isTab && event.key === 'Delete' && tabs.active !== undefined) onClose([tabs.active])
      }}
    >
      <TabList
        className="editor-tab-list"
        aria-label="Open files"
        items={tabs.paths.map((path) => ({ id: path }))}
        dependencies={[state]}
      >
        {({ id: path }) => {
          const marks = tabMarks(state, path)
          return (
            <Tab
              id={path}
              className={`editor-tab${marks.isGone ? ' is-gone' : ''}${marks.hasError ? ' has-error' : ''}`}
              aria-label={[path, ...marks.words].join(', ')}
              onContextMenu={(event) => {
                event.preventDefault()
                setMenu({ path, anchor: event.currentTarget })
              }}
              onAuxClick={(event) => {
                if (event.button === 1) onClose([path])
              }}
            >
              <span
                className="editor-tab-face"
                title={[path, ...marks.words].join(' · ')}
                draggable
                onDragStart={(event) => event.dataTransfer.setData(dragType, path)}
                onDragOver={(event) => {
                  if (event.dataTransfer.types.includes(dragType)) event.preventDefault()
                }}
                onDrop={(event) => {
                  event.preventDefault()
                  const moved = event.dataTransfer.getData(dragType)
                  const at = tabs.paths.indexOf(path)
                  const isRightward = tabs.paths.indexOf(moved) < at
                  onMove(moved, isRightward ? tabs.paths[at + 1] : path)
                }}
              >
                <span className="editor-tab-name">{tabLabel(tabs, path)}</span>
                {marks.differs && (
                  <span className="editor-tab-mark" aria-hidden>
                    ≠
                  </span>
                )}
                {/* Not a button: a tab must hold nothing to focus. Delete on the tab does the same from the keyboard. */}
                <span
                  className={`editor-tab-close${marks.isUnsaved ? ' is-unsaved' : ''}`}
                  title={`Close ${path} (Alt+W)`}
                  onPointerDown={(event) => event.stopPropagation()}
                  onMouseDown={(event) => event.stopPropagation()}
                  onClick={(event) => {
                    event.stopPropagation()
                    onClose([path])
                  }}
                >
                  <span className="editor-tab-dot" aria-hidden />
                  <X size={12} aria-hidden />
                </span>
              </span>
            </Tab>
          )
        }}
      </TabList>
      <div className="editor-tabs-more">
        <MenuButton
          name="Editor actions"
          tip="Editor actions. In the text, Ctrl+M lets Tab move the focus"
          actions={rowActions(state, onClose, onSave)}
        >
          <Ellipsis size={14} aria-hidden />
        </MenuButton>
      </div>
      {menu !== undefined && (
        <Popover
          className="popover"
          triggerRef={{ current: menu.anchor }}
          isOpen
          onOpenChange={(isOpen) => !isOpen && setMenu(undefined)}
          placement="bottom start"
          offset={2}
        >
          <Menu
            className="menu"
            aria-label={`Actions of ${menu.path}`}
            autoFocus="first"
            onClose={() => setMenu(undefined)}
          >
            {tabActions(state, menu.path, onClose, onSave).map((action) => (
              <MenuItem
                key={action.id}
                id={action.id}
                className="menu-item"
                textValue={action.title}
                onAction={action.run}
              >
                <span>{action.title}</span>
                {action.shortcut !== undefined && <kbd className="keys">{action.shortcut}</kbd>}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      )}
    </div>
  )
}

interface TabMarks {
  readonly isUnsaved: boolean
  readonly isGone: boolean
  readonly differs: boolean
  readonly hasError: boolean
  /** The same in words. */
  readonly words: readonly string[]
}

const tabMarks = ({ documents, differing, failing }: EditorTabsProps['state'], path: string): TabMarks => {
  const document = documents[path]
  const isUnsaved = document?.isDirty ?? false
  const isGone = document?.disk.kind === 'deleted'
  const differs = differing.includes(path)
  const hasError = failing.includes(path)
  const words: string[] = []
  if (isUnsaved) words.push('unsaved')
  if (isGone) words.push('deleted on disk')
  if (document?.disk.kind === 'changed') words.push('changed on disk')
  if (differs) words.push('the saved file is not the code that runs')
  if (hasError) words.push('has errors')
  return { isUnsaved, isGone, differs, hasError, words }
}

const tabActions = (
  state: EditorTabsProps['state'],
  path: string,
  onClose: EditorTabsProps['onClose'],
  onSave: EditorTabsProps['onSave'],
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
  state: EditorTabsProps['state'],
  onClose: EditorTabsProps['onClose'],
  onSave: EditorTabsProps['onSave'],
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
