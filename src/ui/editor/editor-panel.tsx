// The editor as the page mounts it: waits for the program's first picture, loads Monaco, and hands over to the session. Until
// then the page stands and runs without it.

import { useEffect, useState, type ReactNode } from 'react'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { ControlButton } from '../widgets/control-button.tsx'
import type { EditorPanelProps } from './editor-api.ts'
import { emptyEditorState } from './editor-api.ts'
import type { EditorSession } from './editor-session.ts'
import { EditorWorkbench } from './editor-workbench.tsx'
import './editor.css'

type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'loaded'; readonly session: EditorSession }

// A program that never draws a frame (broken, or opened paused) must not keep the editor from being there to mend it.
const patienceMs = 1500

const firstPicture = (client: CoppiceClient): Promise<unknown> =>
  Promise.race([client.automation.ready, new Promise((resolve) => setTimeout(resolve, patienceMs))])

export function EditorPanel({ client, workspace, theme, onReady, onStateChange }: EditorPanelProps): ReactNode {
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isCurrent = true
    let session: EditorSession | undefined
    const load = async (): Promise<void> => {
      try {
        await firstPicture(client)
        if (!isCurrent) return
        const { EditorSession: Session } = await import('./editor-session.ts')
        if (!isCurrent) return
        session = new Session({ client, workspace, theme, stateChanged: onStateChange })
        setLoading({ kind: 'loaded', session })
        onReady(session.api)
      } catch (error) {
        if (isCurrent) setLoading({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
      }
    }
    void load()
    return () => {
      isCurrent = false
      session?.dispose()
      setLoading({ kind: 'loading' })
      onStateChange(emptyEditorState)
    }
    // Theme and callbacks are those of the moment of loading; a later theme is handed on below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, workspace, attempt])
  const session = loading.kind === 'loaded' ? loading.session : undefined
  useEffect(() => {
    // The page writes the new palette in the same turn, after this: its parent's effects run later.
    if (session !== undefined) queueMicrotask(() => session.setTheme(theme))
  }, [session, theme])
  switch (loading.kind) {
    case 'loading':
      return (
        <div className="editor">
          <div className="editor-tabs" />
          <p className="editor-loading" role="status">
            The editor is loading.
          </p>
        </div>
      )
    case 'failed':
      return (
        <div className="editor">
          <div className="editor-tabs" />
          <div className="editor-plain" role="alert">
            <p className="editor-plain-title">The editor could not be loaded.</p>
            <p>{loading.message}</p>
            <ControlButton name="Try again" kind="framed" onPress={() => setAttempt((count) => count + 1)}>
              Try again
            </ControlButton>
          </div>
        </div>
      )
    case 'loaded':
      return <EditorWorkbench session={loading.session} />
  }
}
