// The loaded editor: tabs, notice, and what stands below them for the file in front (its text, a comparison, or why there is
// no text).

import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { Tabs, TabPanel } from 'react-aria-components'
import { useStore } from 'zustand'
import { maxTextBytes } from '../../protocol/workspace.ts'
import { ControlButton } from '../widgets/control-button.tsx'
import { DialogBox } from '../widgets/confirm-dialog.tsx'
import type { DocumentState } from './document-state.ts'
import { listenForKeys } from './editor-keys.ts'
import { EditorNotice } from './editor-notice.tsx'
import type { EditorSession } from './editor-session.ts'
import type { TabMenu } from './editor-tab-actions.tsx'
import { EditorTabActions } from './editor-tab-actions.tsx'
import { EditorTabs } from './editor-tabs.tsx'
import { moveTab, openTab } from './tab-list.ts'

// With Monaco, which is there already when a session is; lazy, so that this file does not bring it along.
const CompareView = lazy(async () => ({ default: (await import('./compare-view.tsx')).CompareView }))

export function EditorWorkbench({ session }: { readonly session: EditorSession }): ReactNode {
  const { store } = session
  const tabs = useStore(store, (state) => state.tabs)
  const closing = useStore(store, (state) => state.closing)
  const [menu, setMenu] = useState<TabMenu>()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => (box.current === null ? undefined : listenForKeys(session, box.current)), [session])
  const close = (paths: readonly string[]): void => void session.close(paths)
  return (
    <div className="editor" ref={box}>
      <Tabs
        className="editor-frame"
        selectedKey={tabs.active ?? ''}
        onSelectionChange={(key) => {
          if (typeof key === 'string' && tabs.paths.includes(key)) session.setTabs(openTab(tabs, key))
        }}
      >
        <EditorTabs
          store={store}
          onClose={close}
          onMove={(path, before) => session.setTabs(moveTab(store.getState().tabs, path, before))}
          onMenu={(path, anchor) => setMenu({ path, anchor })}
        />
        <EditorBody session={session} />
      </Tabs>
      <EditorTabActions
        store={store}
        menu={menu}
        onMenuClose={() => setMenu(undefined)}
        onClose={close}
        onSave={(paths) => void session.save(paths)}
      />
      {closing.length > 0 && <ClosingQuestion session={session} paths={closing} />}
    </div>
  )
}

/** What stands below the tabs. */
function EditorBody({ session }: { readonly session: EditorSession }): ReactNode {
  const { store } = session
  const document = useStore(store, ({ tabs, documents }) =>
    tabs.active === undefined ? undefined : documents[tabs.active],
  )
  const isReady = useStore(store, (state) => state.isReady)
  const isComparing = useStore(store, (state) => document !== undefined && state.comparing === document.path)
  const isNotKept = useStore(store, (state) => document !== undefined && state.notKept.includes(document.path))
  const isConnected = useStore(store, (state) => state.isConnected)
  if (document === undefined) {
    return (
      <div className="editor-plain">
        {isReady && (
          <>
            <p className="editor-plain-title">No file is open.</p>
            <p>Choose one from Files. What you save runs from the next frame on.</p>
          </>
        )}
      </div>
    )
  }
  return (
    <TabPanel id={document.path} className="editor-body">
      <EditorNotice
        document={document}
        isComparing={isComparing}
        isConnected={isConnected}
        isNotKept={isNotKept}
        onSave={() => void session.save([document.path])}
        onClose={() => void session.close([document.path])}
        onCompare={(isAsked) => session.compare(isAsked ? document.path : undefined)}
        onResolve={(choice) => void session.resolveConflict(document.path, choice)}
      />
      <EditorContent session={session} document={document} isComparing={isComparing} />
    </TabPanel>
  )
}

interface EditorContentProps {
  readonly session: EditorSession
  readonly document: DocumentState
  readonly isComparing: boolean
}

function EditorContent({ session, document, isComparing }: EditorContentProps): ReactNode {
  const { content, path, disk } = document
  switch (content.kind) {
    case 'loading':
      return (
        <div className="editor-plain">
          {disk.kind === 'deleted' && <p className="editor-plain-title">{path} is not there.</p>}
        </div>
      )
    case 'unreadable':
      return (
        <div className="editor-plain" role="alert">
          <p className="editor-plain-title">{path} can’t be read.</p>
          <p>{content.message}</p>
        </div>
      )
    case 'binary':
      return (
        <div className="editor-plain">
          <p className="editor-plain-title">{path} is not text.</p>
          <p>
            {sizeInWords(content.size)} of binary data. Modules can import it; a new version on disk reloads those that
            do.
          </p>
        </div>
      )
    case 'too-large':
      return (
        <div className="editor-plain">
          <p className="editor-plain-title">{path} is too large to edit here.</p>
          <p>
            {sizeInWords(content.size)}; the editor takes files of up to {sizeInWords(maxTextBytes)}. Edit it in another
            program: the change is picked up.
          </p>
        </div>
      )
    case 'text': {
      const model = session.model(path)
      return (
        <>
          {isComparing && disk.kind === 'changed' && model !== undefined && (
            <Suspense>
              <CompareView path={path} onDisk={disk.text} model={model} />
            </Suspense>
          )}
          <CodeBox session={session} isHidden={isComparing} />
        </>
      )
    }
  }
}

function CodeBox({ session, isHidden }: { readonly session: EditorSession; readonly isHidden: boolean }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // One element for the session's life: Monaco keeps its focus, scroll and measures.
    box.current?.append(session.view.element)
  }, [session])
  return <div className="editor-code-box" ref={box} hidden={isHidden} />
}

function ClosingQuestion({
  session,
  paths,
}: {
  readonly session: EditorSession
  readonly paths: readonly string[]
}): ReactNode {
  const what = paths.length === 1 ? `“${paths[0] ?? ''}” has` : `${paths.length} files have`
  return (
    <DialogBox title={`${what} unsaved changes`} isAlert onClose={() => void session.answerClosing('cancel')}>
      <p className="dialog-text">Closing without saving gives them up. The running program stays as it is.</p>
      <div className="dialog-actions">
        <ControlButton name="Cancel" kind="framed" onPress={() => void session.answerClosing('cancel')}>
          Cancel
        </ControlButton>
        <ControlButton name="Close without saving" kind="framed" onPress={() => void session.answerClosing('discard')}>
          Close without saving
        </ControlButton>
        <ControlButton name="Save and close" kind="primary" onPress={() => void session.answerClosing('save')}>
          Save and close
        </ControlButton>
      </div>
    </DialogBox>
  )
}

const sizeInWords = (bytes: number): string =>
  bytes >= 1_048_576
    ? `${(bytes / 1_048_576).toFixed(1)} MB`
    : bytes >= 1024
      ? `${(bytes / 1024).toFixed(1)} KB`
      : `${bytes} bytes`
