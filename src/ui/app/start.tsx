// Puts the page together around a client: store, layers, layout, root component. main.tsx makes the client.

import { createRoot } from 'react-dom/client'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { LayerStack } from '../picture/layer-stack.ts'
import { PopOut } from '../picture/pop-out.ts'
import { Recording } from '../picture/recording.ts'
import { connectStore } from '../store/connect-store.ts'
import { FrameHistory } from '../store/frame-history.ts'
import { createUiStore } from '../store/ui-store.ts'
import { beforeAnsweredPicture, beforeNextPicture, UpdateBatch } from '../store/update-batch.ts'
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
  // What comes often, or many at a time, waits for the next picture.
  const updates = new UpdateBatch(store, {
    soon: beforeNextPicture,
    later: beforeAnsweredPicture,
    isHeld: () => client.isSaving,
  })
  const layerStack = new LayerStack(client)
  const popOut = new PopOut(layerStack, store)
  const recording = new Recording(layerStack, store)
  const dock = new DockHandle(store)
  const disconnect = connectStore(client, { store, history, updates }, localStorage)
  const reactRoot = createRoot(root)
  const services = { client, store, history, updates, layerStack, popOut, recording, dock }
  reactRoot.render(<App services={services} dock={dock} />)
  void openFirstWorkspace(client, store, workspace)
  return () => {
    reactRoot.unmount()
    disconnect()
    updates.dispose()
    popOut.dispose()
    layerStack.dispose()
  }
}
