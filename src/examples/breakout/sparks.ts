// Everything that flies about: chips of bricks, sparks of the paddle, rings. It only listens; the game does not know it.

import { defineModule } from 'coppice'
import sparkUrl from './spark.png'
import { colourOf } from './topics.ts'

interface Chip {
  x: number
  y: number
  dx: number
  dy: number
  /** 1 new … 0 gone. */
  life: number
  readonly colour: number
  readonly size: number
}

interface Ring {
  readonly x: number
  readonly y: number
  readonly colour: number
  radius: number
  life: number
}

export default defineModule({
  config: {
    chips: 22,
    gravity: 620,
    burst: 260,
    fade: 1.25,
    sparkSize: 44,
  },
  subscribe: ['brick:broken', 'ball:**', 'level:cleared'],

  init: () => ({ chips: [] as Chip[], rings: [] as Ring[] }),

  process({ state, config, dt, random, messages }) {
    const scatter = (x: number, y: number, colour: number, count: number, force: number): void => {
      for (let i = 0; i < count; i++) {
        state.chips.push({
          x: x + random.range(-20, 20),
          y: y + random.range(-6, 6),
          dx: random.normal(0, force),
          dy: random.normal(-force * 0.35, force * 0.7),
          life: random.range(0.6, 1),
          colour,
          size: random.range(0.4, 1),
        })
      }
    }

    for (const { data } of messages('brick:broken')) {
      // A longer combo makes a bigger bang.
      const bang = Math.min(3, 1 + data.combo * 0.12)
      scatter(data.x, data.y, data.colour, Math.round(config.chips * bang), config.burst * Math.sqrt(bang))
      state.rings.push({ x: data.x, y: data.y, colour: data.colour, radius: 12, life: 1 })
    }
    for (const { data } of messages('ball:bounced')) scatter(data.x, data.y, 4, 8, 130)
    for (const { data } of messages('ball:lost')) scatter(data.x, data.y, 1, 60, 420)
    if (messages('level:cleared').length > 0) {
      for (let x = 80; x < 960; x += 80) scatter(x, 260, 1 + ((x / 80) % 6), 22, 380)
    }

    for (const chip of state.chips) {
      chip.dy += config.gravity * dt
      chip.x += chip.dx * dt
      chip.y += chip.dy * dt
      chip.life -= config.fade * dt
    }
    for (const ring of state.rings) {
      ring.radius += 210 * dt * ring.life
      ring.life -= 2.4 * dt
    }
    state.chips = state.chips.filter((chip) => chip.life > 0)
    state.rings = state.rings.filter((ring) => ring.life > 0)
  },

  view: {
    z: 1,
    // The picture of a spark, once in each colour. Replace spark.png and the sparks in the air change with it.
    setup: async () => {
      const response = await fetch(sparkUrl)
      const picture = await createImageBitmap(await response.blob())
      return [0, 1, 2, 3, 4, 5, 6].map((colour) => tinted(picture, colourOf(colour)))
    },
  },
  render({ ctx, state, config, view: sprites }) {
    ctx.globalCompositeOperation = 'lighter'
    for (const ring of state.rings) {
      ctx.globalAlpha = ring.life * 0.6
      ctx.strokeStyle = colourOf(ring.colour)
      ctx.lineWidth = 1 + 5 * ring.life
      ctx.beginPath()
      ctx.arc(ring.x, ring.y, ring.radius, 0, 2 * Math.PI)
      ctx.stroke()
    }
    for (const chip of state.chips) {
      const sprite = sprites[chip.colour]
      if (sprite === undefined) continue
      const size = config.sparkSize * chip.size * (0.4 + 0.6 * chip.life)
      ctx.globalAlpha = Math.max(0, chip.life)
      ctx.drawImage(sprite, chip.x - size / 2, chip.y - size / 2, size, size)
    }
  },
})

/** The picture's shape and shading in another colour. */
function tinted(picture: ImageBitmap, colour: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('No 2d context for the sparks')
  ctx.drawImage(picture, 0, 0)
  ctx.globalCompositeOperation = 'multiply'
  ctx.fillStyle = colour
  ctx.fillRect(0, 0, canvas.width, canvas.height)
  ctx.globalCompositeOperation = 'destination-in'
  ctx.drawImage(picture, 0, 0)
  return canvas
}
