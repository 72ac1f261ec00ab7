// Plane geometry that the three modules share. Angles in radians, lengths in units of the map.

export interface Point {
  x: number
  y: number
}
/** Axis-aligned; x and y are the middle. */
export interface Box extends Point {
  readonly halfWidth: number
  readonly halfHeight: number
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

export function distance(a: Point, b: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  return Math.sqrt(dx * dx + dy * dy)
}

/** The shorter way round from one direction to another: −π … π. */
export function angleBetween(from: number, to: number): number {
  const turn = (to - from) % (2 * Math.PI)
  if (turn > Math.PI) return turn - 2 * Math.PI
  return turn < -Math.PI ? turn + 2 * Math.PI : turn
}

/** Turns `from` towards `to` by at most `limit`. */
export const turnTowards = (from: number, to: number, limit: number): number =>
  from + clamp(angleBetween(from, to), -limit, limit)

/** Moves a disc out of a box by the shortest way; says whether it had to. */
export function pushOut(disc: Point, radius: number, box: Box): boolean {
  const dx = disc.x - box.x
  const dy = disc.y - box.y
  const overlapX = box.halfWidth + radius - Math.abs(dx)
  const overlapY = box.halfHeight + radius - Math.abs(dy)
  if (overlapX <= 0 || overlapY <= 0) return false
  if (overlapX < overlapY) disc.x += dx < 0 ? -overlapX : overlapX
  else disc.y += dy < 0 ? -overlapY : overlapY
  return true
}

/** Whether the straight line from a to b crosses a box (slab method). */
export function isBlocked(a: Point, b: Point, box: Box): boolean {
  let enter = 0
  let leave = 1
  for (const [start, delta, middle, half] of [
    [a.x, b.x - a.x, box.x, box.halfWidth],
    [a.y, b.y - a.y, box.y, box.halfHeight],
  ] as const) {
    if (Math.abs(delta) < 1e-9) {
      if (Math.abs(start - middle) > half) return false
      continue
    }
    const t1 = (middle - half - start) / delta
    const t2 = (middle + half - start) / delta
    enter = Math.max(enter, Math.min(t1, t2))
    leave = Math.min(leave, Math.max(t1, t2))
  }
  return enter <= leave
}
