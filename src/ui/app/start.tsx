// Puts the page together around a client: store, layers, layout, root component. main.tsx makes the client.

import { createRoot } from 'react-dom/client'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { LayerStack } from '../picture/layer-stack.ts'
import { PopOut } from '../picture/pop-out.ts'
import { Recording } from '../picture/recording.ts'
import { connectStore } from '../store/connect-store.ts'
import { FrameHistory } from '../store/frame-history.ts'
import { createUiStore } from '../store/ui-store.ts'
import { applyTheme, readThemeChoice, resolveTheme } from '../theme/theme.ts'
import { App } from './app.tsx'
import { DockHandle } from './dock-handle.ts'
import { openFirstWorkspace } from './first-workspace.ts'

/** Shows the page in `root` and opens the workspace the address names; returns how to take it down. */
export function startPage(client: CoppiceClient, root: HTMLElement, workspace: string | undefined): () => void {
  const choice = readThemeChoice()
  const theme = resolveTheme(choice)
  applyTheme(theme)
  const store = createUiStore({ choice, theme })
  const history = new FrameHistory()
  const layerStack = new LayerStack(client)
  const popOut = new PopOut(layerStack, store)
  const recording = new Recording(layerStack, store)
  const dock = new DockHandle(store)
  const disconnect = connectStore(client, store, history, localStorage)
  const reactRoot = createRoot(root)
  reactRoot.render(<App services={{ client, store, history, layerStack, popOut, recording, dock }} dock={dock} />)
  void openFirstWorkspace(client, store, workspace)
  return () => {
    reactRoot.unmount()
    disconnect()
    popOut.dispose()
    layerStack.dispose()
  }
}
