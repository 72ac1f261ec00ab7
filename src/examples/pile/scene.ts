// Shapes, and how they look. The physics is built from the same figures that are drawn.

type Point = readonly [x: number, y: number]
type Context = OffscreenCanvasRenderingContext2D

/** Two slopes with a drain between them, and walls. */
export const bowl: readonly (readonly Point[])[] = [
  [
    [70, -400],
    [70, 430],
    [150, 575],
    [438, 690],
  ],
  [
    [930, -400],
    [930, 430],
    [850, 575],
    [562, 690],
  ],
]

export const stirrerArms = { x: 500, y: 470, length: 128 }

/** What falls, in units of its size; no corners: a ball. */
export const kinds: readonly { readonly colour: string; readonly corners: readonly Point[] }[] = [
  { colour: '#79b8ff', corners: [] },
  { colour: '#7cd992', corners: polygon(4, Math.PI / 4) },
  { colour: '#f0b95b', corners: polygon(3, -Math.PI / 2) },
  { colour: '#d2a8ff', corners: polygon(6, 0) },
  {
    colour: '#5ad4d0',
    corners: [
      [-1.5, -0.5],
      [1.5, -0.5],
      [1.5, 0.5],
      [-1.5, 0.5],
    ],
  },
]

export function drawScene(ctx: Context, stirrerAngle: number): void {
  ctx.fillStyle = '#0d100e'
  ctx.fillRect(0, 0, 1000, 750)

  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  for (const [width, colour] of [
    [9, '#262e28'],
    [2, '#465249'],
  ] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    for (const line of bowl) {
      ctx.beginPath()
      for (const [x, y] of line) ctx.lineTo(x, y)
      ctx.stroke()
    }
  }

  ctx.save()
  ctx.translate(stirrerArms.x, stirrerArms.y)
  ctx.rotate(stirrerAngle)
  const { length } = stirrerArms
  ctx.fillStyle = '#2f3a32'
  ctx.strokeStyle = '#7f8d84'
  ctx.lineWidth = 1.5
  ctx.beginPath()
  ctx.roundRect(-length, -7, length * 2, 14, 7)
  ctx.roundRect(-7, -length, 14, length * 2, 7)
  ctx.fill()
  ctx.beginPath()
  ctx.arc(0, 0, 3, 0, 2 * Math.PI)
  ctx.stroke()
  ctx.restore()
}

export function drawBody(
  ctx: Context,
  body: { readonly kind: number; readonly size: number; readonly tone: number },
  x: number,
  y: number,
  angle: number,
): void {
  const kind = kinds[body.kind]
  if (kind === undefined) return
  ctx.save()
  ctx.translate(x, y)
  ctx.rotate(angle)
  ctx.beginPath()
  if (kind.corners.length === 0) ctx.arc(0, 0, body.size - 1, 0, 2 * Math.PI)
  for (const [cornerX, cornerY] of kind.corners) ctx.lineTo(cornerX * (body.size - 1), cornerY * (body.size - 1))
  ctx.closePath()
  // Each a little lighter or darker; a thin bright rim keeps them apart in the pile.
  ctx.fillStyle = kind.colour
  ctx.globalAlpha = 0.35 + 0.45 * body.tone
  ctx.fill()
  ctx.globalAlpha = 1
  ctx.strokeStyle = kind.colour
  ctx.lineWidth = 1.6
  ctx.stroke()
  if (kind.corners.length === 0) {
    // A spoke shows how a ball rolls.
    ctx.beginPath()
    ctx.moveTo(0, 0)
    ctx.lineTo(body.size - 1, 0)
    ctx.stroke()
  }
  ctx.restore()
}

/** A regular polygon around the origin, of radius 1. */
function polygon(count: number, turn: number): Point[] {
  return Array.from({ length: count }, (_, index): Point => {
    const angle = turn + (index / count) * 2 * Math.PI
    return [Math.cos(angle), Math.sin(angle)]
  })
}
