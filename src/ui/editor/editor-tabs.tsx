// The row of open files: names, unsaved dots, the mark of a file that is not the code that runs, closing, order.

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Tab, TabList } from 'react-aria-components'
import type { EditorViewState } from './editor-view-state.ts'
import { tabLabel } from './tab-list.ts'

export interface EditorTabsProps {
  readonly state: Pick<EditorViewState, 'tabs' | 'documents' | 'differing' | 'failing'>
  readonly onClose: (paths: readonly string[]) => void
  /** Puts `path` before another tab, or last. */
  readonly onMove: (path: string, before: string | undefined) => void
  /** The context menu of a tab was asked for. */
  readonly onMenu: (path: string, anchor: Element) => void
}

const dragType = 'application/x-coppice-tab'

/** Tab row; stands inside the `Tabs` that the panel makes. */
export function EditorTabs({ state, onClose, onMove, onMenu }: EditorTabsProps): ReactNode {
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
                onMenu(path, event.currentTarget)
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
