// How components reach the client, the store and what lives outside React. One value per page, handed in at the root.

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { FrameHistory } from './frame-history.ts'
import type { LayerStack } from '../picture/layer-stack.ts'
import type { PopOut } from '../picture/pop-out.ts'
import type { Recording } from '../picture/recording.ts'
import type { UiState, UiStore } from './ui-store.ts'
import type { UpdateBatch } from './update-batch.ts'

export const panelNames = [
  'viewport',
  'editor',
  'frame-times',
  'log',
  'bus',
  'sockets',
  'health',
  'problems',
  'reloads',
  'state',
  'config',
] as const
export type PanelName = (typeof panelNames)[number]

/** What the rest of the page can ask of the docked layout. */
export interface DockControl {
  /** Brings a panel to the front, adding it again where it was closed. */
  show(panel: PanelName): void
  applyPreset(preset: 'edit' | 'play'): void
  /** The preset as it came, forgetting what was moved. */
  resetLayout(): void
}

export interface UiServices {
  readonly client: CoppiceClient
  readonly store: UiStore
  readonly history: FrameHistory
  readonly updates: UpdateBatch
  readonly layerStack: LayerStack
  readonly popOut: PopOut
  readonly recording: Recording
  readonly dock: DockControl
}

const UiContext = createContext<UiServices | undefined>(undefined)

export const UiProvider = UiContext.Provider

/** Client, store and what lives outside React of this page. */
export function useServices(): UiServices {
  const services = useContext(UiContext)
  if (services === undefined) throw new Error('a component of the page is rendered outside UiProvider')
  return services
}

/** Reads the store through a selector; renders again when what it selects changes. */
export function useUi<Selected>(selector: (state: UiState) => Selected): Selected {
  return useStore(useServices().store, selector)
}
