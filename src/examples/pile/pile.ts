// Hundreds of bodies fall, pile up, and are stirred. The physics is Rapier, an npm package in WASM; its world is a
// resource: `snapshot` and `restore` carry it through reloads and through time. Push with the pointer.

import { defineModule } from 'coppice'
import { addBody, createWorld, readPoses, restoreWorld, stir } from './physics.ts'
import { drawBody, drawScene, kinds } from './scene.ts'

export default defineModule({
  config: {
    count: 320,
    /** Bodies that fall in, a second. */
    rate: 60,
    gravity: 900,
    bounce: 0.25,
    friction: 0.5,
    smallest: 10,
    largest: 24,
    /** Turns of the stirrer a second. */
    stirring: 0.12,
    push: 32,
    pushRadius: 120,
  },

  init: ({ config }) => ({
    /** What each body is; where it is stands in `poses`, three numbers each: x, y, angle. */
    bodies: [] as { readonly handle: number; readonly kind: number; readonly size: number; readonly tone: number }[],
    poses: new Float32Array(config.count * 3),
    stirrer: 0,
    /** Part of a body still owed by `rate`. */
    owed: 0,
    pointer: { x: 0, y: 0, strength: 0 },
  }),

  setup: async ({ config, onDispose }) => {
    const resources = await createWorld(config.gravity)
    onDispose(() => resources.world.free())
    return resources
  },
  snapshot: ({ world }) => world.takeSnapshot(),
  restore: (resources, data) => restoreWorld(resources, data),

  process({ state, config, resources, dt, random, input }) {
    const { world } = resources
    world.gravity.y = config.gravity
    world.timestep = dt

    state.owed = Math.min(state.owed + config.rate * dt, 4)
    while (state.owed >= 1 && state.bodies.length < config.count) {
      state.owed--
      const kind = random.integer(0, kinds.length - 1)
      const size = random.range(config.smallest, config.largest)
      const handle = addBody(resources, kind, size, {
        x: random.range(330, 670),
        y: -40,
        angle: random.range(-Math.PI, Math.PI),
        bounce: config.bounce,
        friction: config.friction,
      })
      state.bodies.push({ handle, kind, size, tone: random() })
    }

    state.stirrer += config.stirring * 2 * Math.PI * dt
    stir(resources, state.stirrer)

    const { pointer } = input
    const isPushing = pointer.isInside && pointer.buttons !== 0
    state.pointer.x = pointer.x
    state.pointer.y = pointer.y
    state.pointer.strength += ((isPushing ? 1 : pointer.isInside ? 0.35 : 0) - state.pointer.strength) * 0.2
    if (pointer.isInside) {
      for (const { handle } of state.bodies) {
        const body = world.getRigidBody(handle)
        const { x, y } = body.translation()
        const dx = x - pointer.x
        const dy = y - pointer.y
        const away = Math.sqrt(dx * dx + dy * dy) + 1
        if (away > config.pushRadius) continue
        const push = (state.pointer.strength * config.push * (1 - away / config.pushRadius) * body.mass()) / away
        body.applyImpulse({ x: dx * push, y: dy * push }, true)
      }
    }

    world.step()
    readPoses(resources, state.bodies, state.poses)
  },

  expose: ({ bodies }) => ({ bodies: bodies.length }),

  render({ ctx, state, config }) {
    drawScene(ctx, state.stirrer)
    for (const [index, body] of state.bodies.entries()) {
      const [x, y, angle] = [state.poses[index * 3], state.poses[index * 3 + 1], state.poses[index * 3 + 2]]
      drawBody(ctx, body, x ?? 0, y ?? 0, angle ?? 0)
    }
    const { pointer } = state
    if (pointer.strength < 0.02) return
    const glow = ctx.createRadialGradient(pointer.x, pointer.y, 0, pointer.x, pointer.y, config.pushRadius)
    glow.addColorStop(0, `rgb(240 185 91 / ${0.35 * pointer.strength})`)
    glow.addColorStop(1, 'rgb(240 185 91 / 0)')
    ctx.fillStyle = glow
    ctx.fillRect(0, 0, 1000, 750)
  },
})
