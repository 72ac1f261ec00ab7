// Where the picture lies in its panel, and how many device pixels it has.

import type { ManifestView } from '../../protocol/manifest.ts'

export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The picture's box in CSS pixels: the whole panel, or the largest box of the view's shape in its middle, on whole pixels. */
export function pictureBox(view: ManifestView | undefined, panelWidth: number, panelHeight: number): Rectangle {
  if (view === undefined || view.fit === 'panel' || view.width <= 0 || view.height <= 0)
    return { left: 0, top: 0, width: panelWidth, height: panelHeight }
  const scale = Math.min(panelWidth / view.width, panelHeight / view.height)
  const width = Math.round(view.width * scale)
  const height = Math.round(view.height * scale)
  return { left: Math.floor((panelWidth - width) / 2), top: Math.floor((panelHeight - height) / 2), width, height }
}

/** Device pixels of a box; at least 1 × 1, so that a folded panel never makes an empty canvas. */
export function devicePixels(
  box: Rectangle,
  ratio: number,
): { readonly pixelWidth: number; readonly pixelHeight: number } {
  return {
    pixelWidth: Math.max(1, Math.round(box.width * ratio)),
    pixelHeight: Math.max(1, Math.round(box.height * ratio)),
  }
}
