// Saves the picture as a PNG named after workspace and frame.

import type { UiServices } from '../store/ui-context.tsx'
import { saveBlob } from './download.ts'

/** Downloads the picture as it stands. */
export async function saveScreenshot({ layerStack, store }: Pick<UiServices, 'layerStack' | 'store'>): Promise<void> {
  const { workspace, status } = store.getState()
  const blob = await layerStack.screenshot()
  saveBlob(blob, `${workspace?.name ?? 'coppice'}-${status?.frame ?? 0}.png`)
}
