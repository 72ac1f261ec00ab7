// The row of open files: names, unsaved dots, the mark of a file that is not the code that runs, closing, order.

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Tab, TabList } from 'react-aria-components'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { EditorViewState, EditorViewStore } from './editor-view-state.ts'
import { tabLabel } from './tab-list.ts'

export interface EditorTabsProps {
  readonly store: EditorViewStore
  readonly onClose: (paths: readonly string[]) => void
  /** Puts `path` before another tab, or last. */
  readonly onMove: (path: string, before: string | undefined) => void
  /** The context menu of a tab was asked for. */
  readonly onMenu: (path: string, anchor: Element) => void
}

const dragType = 'application/x-coppice-tab'

/** Tab row; stands inside the `Tabs` that the panel makes. */
export function EditorTabs({ store, onClose, onMove, onMenu }: EditorTabsProps): ReactNode {
  const tabs = useStore(store, (state) => state.tabs)
  return (
    <div
      className="editor-tabs"
      onKeyDown={(event) => {
        const isTab = event.target instanceof Element && event.target.getAttribute('role') === 'tab'
        if (isTab && event.key === 'Delete' && tabs.active !== undefined) onClose([tabs.active])
      }}
    >
      <TabList className="editor-tab-list" aria-label="Open files" items={tabs.paths.map((path) => ({ id: path }))}>
        {({ id }) => <EditorTab path={id} store={store} onClose={onClose} onMove={onMove} onMenu={onMenu} />}
      </TabList>
    </div>
  )
}

/** Looks at its own file's state: each save changes that of one. */
function EditorTab({ path, store, onClose, onMove, onMenu }: EditorTabsProps & { readonly path: string }): ReactNode {
  const label = useStore(store, (state) => tabLabel(state.tabs, path))
  const marks = useStore(
    store,
    useShallow((state) => tabMarks(state, path)),
  )
  const words = marksInWords(marks)
  return (
    <Tab
      id={path}
      className={`editor-tab${marks.isGone ? ' is-gone' : ''}${marks.hasError ? ' has-error' : ''}`}
      aria-label={[path, ...words].join(', ')}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu(path, event.currentTarget)
      }}
      onAuxClick={(event) => {
        if (event.button === 1) onClose([path])
      }}
    >
      <span
        className="editor-tab-face"
        title={[path, ...words].join(' · ')}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(dragType, path)}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(dragType)) event.preventDefault()
        }}
        onDrop={(event) => {
          event.preventDefault()
          const { paths } = store.getState().tabs
          const moved = event.dataTransfer.getData(dragType)
          const at = paths.indexOf(path)
          const isRightward = paths.indexOf(moved) < at
          onMove(moved, isRightward ? paths[at + 1] : path)
        }}
      >
        <span className="editor-tab-name">{label}</span>
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
}

interface TabMarks {
  readonly isUnsaved: boolean
  readonly isGone: boolean
  readonly isChanged: boolean
  readonly differs: boolean
  readonly hasError: boolean
}

const tabMarks = ({ documents, differing, failing }: EditorViewState, path: string): TabMarks => {
  const document = documents[path]
  return {
    isUnsaved: document?.isDirty ?? false,
    isGone: document?.disk.kind === 'deleted',
    isChanged: document?.disk.kind === 'changed',
    differs: differing.includes(path),
    hasError: failing.includes(path),
  }
}

const marksInWords = ({ isUnsaved, isGone, isChanged, differs, hasError }: TabMarks): readonly string[] => {
  const words: string[] = []
  if (isUnsaved) words.push('unsaved')
  if (isGone) words.push('deleted on disk')
  if (isChanged) words.push('changed on disk')
  if (differs) words.push('the saved file is not the code that runs')
  if (hasError) words.push('has errors')
  return words
}
