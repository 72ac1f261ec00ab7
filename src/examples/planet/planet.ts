// A small world and its moon. The state is a handful of angles; three.js draws them on a webgl2 layer. Drag to look
// around, wheel to come closer. Colours, sea level and speeds in `config` may be tuned while it turns.

import { defineModule } from 'coppice'
import { createPlanetScene } from './planet-scene.ts'

export default defineModule({
  config: {
    /** Turns a minute. */
    spin: 1.5,
    winds: 0.6,
    moonSpeed: 2,
    /** Try 0.12, then −0.2: the coast moves. */
    seaLevel: 0.02,
    relief: 0.16,
    clouds: 0.55,
    nightLights: 1,
    sea: '#1c5fa8',
    shallows: '#5ad4d0',
    sand: '#e3cf9a',
    grass: '#5fb56e',
    rock: '#7d6f66',
    snow: '#f2f6f3',
    air: '#79b8ff',
  },
  validateConfig: ({ relief }) => (relief < 0 || relief > 0.5 ? 'relief goes from 0 to 0.5' : undefined),

  init: () => ({
    spin: 0,
    winds: 0,
    moon: -0.7,
    camera: { yaw: 0.55, pitch: 0.28, distance: 4.3 },
    /** How fast the camera still turns after a drag. */
    swing: { yaw: 0, pitch: 0 },
    pointer: { x: 0, y: 0 },
  }),

  process({ state, config, dt, input }) {
    const turn = (2 * Math.PI * dt) / 60
    state.spin += config.spin * turn
    state.winds += config.winds * turn
    state.moon += config.moonSpeed * turn

    const { camera, swing, pointer } = state
    const { pointer: mouse } = input
    if (mouse.buttons === 1 && !mouse.pressed) {
      swing.yaw = (pointer.x - mouse.x) * 0.006
      swing.pitch = (mouse.y - pointer.y) * 0.006
    }
    pointer.x = mouse.x
    pointer.y = mouse.y
    camera.yaw += swing.yaw
    camera.pitch = Math.min(1.4, Math.max(-1.4, camera.pitch + swing.pitch))
    camera.distance = Math.min(8, Math.max(2, camera.distance * (1 + mouse.wheel * 0.001)))
    swing.yaw *= 0.92
    swing.pitch *= 0.92
  },

  expose: ({ spin }) => ({ spin }),

  view: {
    context: 'webgl2',
    setup: ({ canvas, ctx }) => createPlanetScene(canvas, ctx),
    dispose: (view) => view.dispose(),
  },
  render: ({ state, config, view }) => view.draw(state, config),
})
