// Where the editor sits: loads it after the first picture, shows its place until then, and carries the banner of code that
// does not run above it, and the message of the last reload at its corner.

import { Component, lazy, Suspense, useCallback } from 'react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { messageOf, openPlace } from '../store/actions.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { ReloadCard } from './reload-card.tsx'
import { StandingBanner } from './standing-banner.tsx'
import type { EditorApi, EditorState } from '../editor/editor-api.ts'

const EditorPanel = lazy(async () => {
  await firstPicture()
  const { EditorPanel: panel } = await import('../editor/editor-panel.tsx')
  return { default: panel }
})

/** Two frames of the browser: whatever was mounted before has been painted. */
function firstPicture(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}

export function EditorSlot(): ReactNode {
  const { client, store } = useServices()
  const workspace = useUi((state) => state.workspace?.name)
  const theme = useUi((state) => state.theme)
  const onReady = useCallback(
    (api: EditorApi) => {
      const { pendingOpen } = store.getState()
      store.setState({ editorApi: api, pendingOpen: undefined })
      if (pendingOpen !== undefined) openPlace(store, pendingOpen)
    },
    [store],
  )
  const onStateChange = useCallback((editor: EditorState) => store.setState({ editor }), [store])
  return (
    <section className="editor-slot" aria-label="Editor">
      <StandingBanner />
      <div className="editor-slot-body">
        <EditorFailure>
          <Suspense fallback={<p className="editor-loading">The editor is loading. The program runs already.</p>}>
            {workspace !== undefined && (
              <EditorPanel
                client={client}
                workspace={workspace}
                theme={theme}
                onReady={onReady}
                onStateChange={onStateChange}
              />
            )}
          </Suspense>
        </EditorFailure>
      </div>
      <ReloadCard />
    </section>
  )
}

/** The editor could not be loaded: says why, and offers to try again; the rest of the page works on. */
class EditorFailure extends Component<{ readonly children: ReactNode }, { readonly failure: unknown }> {
  override state: { readonly failure: unknown } = { failure: undefined }

  static getDerivedStateFromError(failure: unknown): { readonly failure: unknown } {
    return { failure }
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children
    return (
      <div className="editor-loading" role="alert">
        <p>The editor stopped: {messageOf(this.state.failure)}. The program runs on.</p>
        <Button className="button button-framed" onPress={() => location.reload()}>
          Reload the page
        </Button>
      </div>
    )
  }
}
