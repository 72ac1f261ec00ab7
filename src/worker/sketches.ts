// Canvases for the pictures of a rehearsal (ML4), which nobody sees. A WebGL context is used once, as code may count on a fresh one; the
// next is made when the answer is out, since that takes longer than most drawings.

import type { Sketch, SketchHost } from '../engine/host.ts'
import type { ViewContextKind } from '../protocol/module.ts'

/** Pixels that are never seen cost as much as those that are: WebGL draws fewer of them. */
const webglWidth = 64

/** `later` runs what can wait until this turn has ended. */
export function createSketchHost(later: (body: () => void) => void): SketchHost {
  let spare: WebGL2RenderingContext | undefined
  const createWebgl = (): WebGL2RenderingContext | undefined =>
    new OffscreenCanvas(webglWidth, webglWidth).getContext('webgl2') ?? undefined
  const takeWebgl = (width: number, height: number): Sketch | undefined => {
    const context = spare?.isContextLost() === false ? spare : createWebgl()
    spare = undefined
    const canvas = context?.canvas
    if (context === undefined || !(canvas instanceof OffscreenCanvas)) return undefined
    canvas.height = Math.max(1, Math.round((webglWidth * height) / width))
    context.viewport(0, 0, canvas.width, canvas.height)
    return {
      canvas,
      context,
      // The browser allows only so many at a time.
      drop: () =>
        later(() => {
          context.getExtension('WEBGL_lose_context')?.loseContext()
          spare ??= createWebgl()
        }),
    }
  }
  return {
    take: (kind: ViewContextKind, width, height) => {
      if (kind === 'webgl2') return takeWebgl(width, height)
      if (kind === 'webgpu') return undefined
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')
      return context === null ? undefined : { canvas, context, drop: () => undefined }
    },
  }
}
