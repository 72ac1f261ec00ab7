// The ground: walls that stop shells and tanks, woods that hide nothing but look well, and scorch marks where tanks
// burnt. Other modules read size and walls as `deps.map`.

import { defineModule } from 'coppice'
import { type Box, distance } from './geometry.ts'
import './topics.ts'

interface Wood {
  readonly x: number
  readonly y: number
  readonly radius: number
}

interface Scorch {
  readonly x: number
  readonly y: number
  /** 1 fresh … 0 gone. */
  heat: number
}

const width = 120
const height = 90
const ground = '#0d100e'

export default defineModule({
  config: {
    walls: 11,
    woods: 7,
    /** Seconds until the grass has grown over a scorch mark. */
    regrowth: 14,
    gridSize: 7.5,
  },
  subscribe: ['tank:destroyed'],

  init({ config, random }) {
    const walls: Box[] = []
    // Walls keep clear of each other and of the edges, so that there is always a way round.
    for (let tries = 0; walls.length < config.walls && tries < 500; tries++) {
      const isUpright = random() < 0.5
      const long = random.range(4, 8)
      const wall: Box = {
        x: random.range(22, width - 22),
        y: random.range(12, height - 12),
        halfWidth: isUpright ? 1.1 : long,
        halfHeight: isUpright ? long : 1.1,
      }
      if (walls.every((other) => distance(wall, other) > 17)) walls.push(wall)
    }
    const woods: Wood[] = Array.from({ length: config.woods }, () => ({
      x: random.range(0, width),
      y: random.range(0, height),
      radius: random.range(9, 20),
    }))
    return { walls, woods, scorches: [] as Scorch[] }
  },

  process({ state, config, dt, messages }) {
    for (const { data } of messages('tank:destroyed')) state.scorches.push({ x: data.x, y: data.y, heat: 1 })
    for (const scorch of state.scorches) scorch.heat -= dt / config.regrowth
    state.scorches = state.scorches.filter((scorch) => scorch.heat > 0)
  },

  expose: (state) => ({ width, height, walls: state.walls }),

  view: { z: -1 },
  render({ ctx, state, config }) {
    ctx.fillStyle = ground
    ctx.fillRect(0, 0, width, height)

    for (const wood of state.woods) {
      const glow = ctx.createRadialGradient(wood.x, wood.y, 0, wood.x, wood.y, wood.radius)
      glow.addColorStop(0, 'rgb(52 104 58 / 0.42)')
      glow.addColorStop(0.6, 'rgb(40 84 47 / 0.16)')
      glow.addColorStop(1, 'rgb(40 84 47 / 0)')
      ctx.fillStyle = glow
      ctx.fillRect(wood.x - wood.radius, wood.y - wood.radius, wood.radius * 2, wood.radius * 2)
    }

    ctx.beginPath()
    for (let x = config.gridSize; x < width; x += config.gridSize) {
      ctx.moveTo(x, 0)
      ctx.lineTo(x, height)
    }
    for (let y = config.gridSize; y < height; y += config.gridSize) {
      ctx.moveTo(0, y)
      ctx.lineTo(width, y)
    }
    ctx.strokeStyle = 'rgb(169 181 172 / 0.07)'
    ctx.lineWidth = 0.12
    ctx.stroke()

    for (const scorch of state.scorches) {
      const burn = ctx.createRadialGradient(scorch.x, scorch.y, 0, scorch.x, scorch.y, 4.5)
      burn.addColorStop(0, `rgb(0 0 0 / ${0.75 * scorch.heat})`)
      burn.addColorStop(0.45, `rgb(32 18 8 / ${0.55 * scorch.heat})`)
      burn.addColorStop(1, 'rgb(32 18 8 / 0)')
      ctx.fillStyle = burn
      ctx.fillRect(scorch.x - 5, scorch.y - 5, 10, 10)
    }

    for (const wall of state.walls) {
      const left = wall.x - wall.halfWidth
      const top = wall.y - wall.halfHeight
      ctx.fillStyle = 'rgb(0 0 0 / 0.45)'
      ctx.beginPath()
      ctx.roundRect(left + 0.5, top + 0.8, wall.halfWidth * 2, wall.halfHeight * 2, 0.8)
      ctx.fill()
      ctx.fillStyle = '#2a332c'
      ctx.beginPath()
      ctx.roundRect(left, top, wall.halfWidth * 2, wall.halfHeight * 2, 0.8)
      ctx.fill()
      ctx.strokeStyle = '#3d4a40'
      ctx.lineWidth = 0.2
      ctx.stroke()
    }
  },
})
