// How tanks, shells and sparks look, seen from above. Reads the state of tank.ts and nothing else.

import type { Shell, Spark, Tank } from './tank.ts'
import { teamColours } from './topics.ts'

type Context = OffscreenCanvasRenderingContext2D

const dark = '#0d100e'
const amber = '#f0b95b'

/** Fading tracks. One stroke for all pieces of the same age and side, as strokes are what costs. */
export function drawTrails(ctx: Context, tanks: readonly Tank[], points: number): void {
  ctx.lineCap = 'butt'
  ctx.lineWidth = 1.7
  for (const team of [0, 1] as const) {
    ctx.strokeStyle = teamColours[team]
    for (let age = 0; age < points; age++) {
      ctx.globalAlpha = 0.15 * (1 - age / points) ** 1.5
      ctx.beginPath()
      for (const tank of tanks) {
        if (tank.team !== team) continue
        const { trail } = tank
        const end = trail.length - 2 * age
        const newer = age === 0 ? tank : { x: trail[end] ?? 0, y: trail[end + 1] ?? 0 }
        const x = trail[end - 2]
        const y = trail[end - 1]
        if (x === undefined || y === undefined) continue
        ctx.moveTo(newer.x, newer.y)
        ctx.lineTo(x, y)
      }
      ctx.stroke()
    }
  }
  ctx.globalAlpha = 1
}

export function drawTank(ctx: Context, tank: Tank, size: number): void {
  const colour = teamColours[tank.team]
  ctx.save()
  ctx.translate(tank.x, tank.y)
  ctx.scale(size, size)

  ctx.save()
  ctx.rotate(tank.heading)
  ctx.fillStyle = 'rgb(0 0 0 / 0.4)'
  ctx.fillRect(-1.65, -1.35, 3.5, 3.0)
  ctx.fillStyle = '#29332c'
  ctx.fillRect(-1.7, -1.4, 3.4, 0.75)
  ctx.fillRect(-1.7, 0.65, 3.4, 0.75)
  ctx.fillStyle = colour
  ctx.beginPath()
  ctx.roundRect(-1.5, -1.05, 3.1, 2.1, 0.5)
  ctx.fill()
  ctx.restore()

  ctx.rotate(tank.aim)
  ctx.fillStyle = colour
  ctx.fillRect(0.4, -0.22, 2.3, 0.44)
  ctx.fillStyle = dark
  ctx.beginPath()
  ctx.arc(0, 0, 0.78, 0, 2 * Math.PI)
  ctx.fill()
  // What is left of the tank's health, as a ring around the hatch.
  ctx.strokeStyle = colour
  ctx.lineWidth = 0.26
  ctx.beginPath()
  ctx.arc(0, 0, 0.42, 0, (2 * Math.PI * tank.hp) / 100)
  ctx.stroke()
  ctx.restore()
}

/** Tracers: a wide faint line under a thin bright one reads as a glow. */
export function drawShells(ctx: Context, shells: readonly Shell[]): void {
  ctx.globalCompositeOperation = 'lighter'
  ctx.lineCap = 'round'
  ctx.strokeStyle = amber
  for (const [width, alpha, length] of [
    [1.5, 0.1, 6],
    [0.7, 0.25, 5],
    [0.25, 1, 4],
  ] as const) {
    ctx.lineWidth = width
    ctx.globalAlpha = alpha
    ctx.beginPath()
    for (const shell of shells) {
      ctx.moveTo(shell.x, shell.y)
      ctx.lineTo(shell.x - Math.cos(shell.heading) * length, shell.y - Math.sin(shell.heading) * length)
    }
    ctx.stroke()
  }
  ctx.globalCompositeOperation = 'source-over'
  ctx.globalAlpha = 1
}

export function drawSparks(ctx: Context, sparks: readonly Spark[]): void {
  ctx.globalCompositeOperation = 'lighter'
  for (const spark of sparks) {
    ctx.globalAlpha = spark.life * 0.18
    ctx.fillStyle = amber
    disc(ctx, spark.x, spark.y, spark.size * 3)
    ctx.globalAlpha = spark.life
    ctx.fillStyle = spark.life > 0.6 ? '#fff0cf' : amber
    disc(ctx, spark.x, spark.y, spark.size)
  }
  ctx.globalCompositeOperation = 'source-over'
  ctx.globalAlpha = 1
}

function disc(ctx: Context, x: number, y: number, radius: number): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
}
