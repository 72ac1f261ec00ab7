// A 2d layer for tests that writes down what is done to it.

import type { Layer } from './host.ts'

/** What a module draws on, and all that was drawn. */
export interface Paper {
  readonly layer: Layer
  readonly calls: string[]
}

/** An empty one, of 1280 × 720 pixels. */
export function paper(): Paper {
  const calls: string[] = []
  const canvas = { width: 1280, height: 720 }
  const context = {
    setTransform: (...values: number[]) => calls.push(`transform ${values.join(' ')}`),
    clearRect: (...values: number[]) => calls.push(`clear ${values.join(' ')}`),
    fillText: (text: string) => calls.push(text),
  }
  const keepPicture = () => () => calls.push('put back')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node has no OffscreenCanvas; this has all that drawing uses
  return { layer: { canvas, context, keepPicture } as unknown as Layer, calls }
}
