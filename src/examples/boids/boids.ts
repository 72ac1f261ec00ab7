// Ten thousand birds. Each keeps its distance, flies the way its neighbours fly, and stays with them; flocks are what
// comes of it. Hold the left button to call them, the right one to scare them; a hawk does so all the time.

import { defineModule } from 'coppice'
import { createFlockView, drawFlock } from './flock-view.ts'
import { createGrid, sortIntoGrid } from './neighbour-grid.ts'

export const world = { width: 1280, height: 800 }

export default defineModule({
  config: {
    count: 10_000,
    speed: 150,
    /** How far a bird sees, and how close is too close. */
    sight: 17,
    room: 9,
    /** How many others a bird heeds at most; more costs time and changes little. */
    attention: 14,
    separation: 48,
    alignment: 2.8,
    cohesion: 1.2,
    hawkFear: 1100,
    pointerPull: 900,
    // Drawing
    length: 16,
    width: 2.6,
    glow: 1,
  },

  init({ config, random }) {
    const { count, speed } = config
    const state = {
      x: new Float32Array(count),
      y: new Float32Array(count),
      vx: new Float32Array(count),
      vy: new Float32Array(count),
      hawk: { x: 640, y: 400 },
    }
    for (let i = 0; i < count; i++) {
      const heading = random.range(-Math.PI, Math.PI)
      state.x[i] = random.range(0, world.width)
      state.y[i] = random.range(0, world.height)
      state.vx[i] = Math.cos(heading) * speed
      state.vy[i] = Math.sin(heading) * speed
    }
    return state
  },

  // Scratch memory, filled anew in each frame: no part of the state, as nothing of it outlives the frame.
  setup: ({ config, state }) => createGrid(state.x.length, world.width, world.height, config.sight),

  process({ state, config, resources: grid, dt, time, input }) {
    const { x, y, vx, vy, hawk } = state
    const { sight, room, attention, separation, alignment, cohesion, speed } = config
    const { pointer } = input
    sortIntoGrid(grid, x, y, vx, vy)

    // The hawk flies a long figure of eight.
    hawk.x = world.width * (0.5 + 0.42 * Math.sin(time * 0.31))
    hawk.y = world.height * (0.5 + 0.38 * Math.sin(time * 0.47 + 1))
    const pull = pointer.isInside && pointer.buttons !== 0 ? (pointer.buttons === 1 ? 1 : -1.6) * config.pointerPull : 0

    const { starts, columns, order, sortedX, sortedY, sortedVx, sortedVy } = grid
    const sightSquared = sight * sight
    const roomSquared = room * room
    const hawkReach = 95
    const pointerReach = 260

    // Birds are taken in grid order: neighbours lie close together in memory.
    for (let slot = 0; slot < order.length; slot++) {
      const bird = order[slot] ?? 0
      const birdX = sortedX[slot] ?? 0
      const birdY = sortedY[slot] ?? 0
      let forceX = 0
      let forceY = 0
      let heeded = 0
      let sumX = 0
      let sumY = 0
      let sumVx = 0
      let sumVy = 0

      const column = grid.columnOf(birdX)
      const row = grid.rowOf(birdY)
      // Three rows of three cells; a row's cells follow each other, so each row is one run of slots. Who heeds only the
      // first it meets must not always look the same way first: half the birds start above, half of each at the left.
      const down = (bird & 1) * 2 - 1
      const isLeftFirst = (bird & 2) === 0
      for (let step = -1; step <= 1 && heeded < attention; step++) {
        const cell = (row + step * down) * columns + column
        const start = starts[cell - 1] ?? 0
        const end = starts[cell + 2] ?? 0
        for (let n = start; n < end; n++) {
          const other = isLeftFirst ? n : start + end - 1 - n
          const dx = (sortedX[other] ?? 0) - birdX
          const dy = (sortedY[other] ?? 0) - birdY
          const squared = dx * dx + dy * dy
          if (squared > sightSquared || other === slot) continue
          sumX += dx
          sumY += dy
          sumVx += sortedVx[other] ?? 0
          sumVy += sortedVy[other] ?? 0
          if (squared < roomSquared) {
            const push = separation * (1 - squared / roomSquared)
            forceX -= dx * push
            forceY -= dy * push
          }
          if (++heeded === attention) break
        }
      }

      let velocityX = sortedVx[slot] ?? 0
      let velocityY = sortedVy[slot] ?? 0
      if (heeded > 0) {
        forceX += (sumX / heeded) * cohesion + (sumVx / heeded - velocityX) * alignment
        forceY += (sumY / heeded) * cohesion + (sumVy / heeded - velocityY) * alignment
      }

      const hawkX = birdX - hawk.x
      const hawkY = birdY - hawk.y
      const hawkSquared = hawkX * hawkX + hawkY * hawkY
      if (hawkSquared < hawkReach * hawkReach) {
        const fear = (config.hawkFear * (1 - hawkSquared / (hawkReach * hawkReach))) / Math.sqrt(hawkSquared + 1)
        forceX += hawkX * fear
        forceY += hawkY * fear
      }
      if (pull !== 0) {
        const toX = pointer.x - birdX
        const toY = pointer.y - birdY
        const squared = toX * toX + toY * toY
        if (squared < pointerReach * pointerReach) {
          const strength = (pull * (1 - squared / (pointerReach * pointerReach))) / Math.sqrt(squared + 1)
          forceX += toX * strength
          forceY += toY * strength
        }
      }

      // Whatever pulls at it, a bird soon flies at its own speed again.
      velocityX += forceX * dt
      velocityY += forceY * dt
      const pace = Math.sqrt(velocityX * velocityX + velocityY * velocityY) + 1e-6
      const ease = 1 + (speed / pace - 1) * 0.12
      velocityX *= ease
      velocityY *= ease

      vx[bird] = velocityX
      vy[bird] = velocityY
      x[bird] = wrap(birdX + velocityX * dt, world.width)
      y[bird] = wrap(birdY + velocityY * dt, world.height)
    }
  },

  expose: ({ hawk }) => hawk,

  view: {
    context: 'webgl2',
    setup: ({ ctx }) => createFlockView(ctx),
    dispose: (view) => view.dispose(),
  },
  render: ({ ctx, state, config, view }) => drawFlock(ctx, view, state, config),
})

/** What leaves on one side comes in on the other. */
function wrap(value: number, size: number): number {
  if (value < 0) return value + size
  return value >= size ? value - size : value
}
