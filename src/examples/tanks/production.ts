// Three factories a side, which replace what is destroyed. Runs ten times a second (`hz` in engine.json): building needs no more.

import { defineModule } from 'coppice'
import { type Team, teamColours } from './topics.ts'

interface Factory {
  readonly team: Team
  readonly x: number
  readonly y: number
  /** Tanks ordered and not yet built. */
  orders: number
  /** Of the tank being built: 0 … 1. */
  progress: number
  built: number
}

const pad = 4.2
const rows = [15, 45, 75]

export default defineModule({
  dependencies: ['map'],
  config: {
    /** Seconds to build a tank. */
    buildTime: 1.6,
  },
  subscribe: ['tank:destroyed'],

  init: () => ({
    factories: [...rows.map((y) => newFactory(0, 7, y)), ...rows.map((y) => newFactory(1, 113, y))],
    losses: [0, 0] as [number, number],
  }),

  process({ state, config, deps, dt, messages, publish, random }) {
    for (const { data } of messages('tank:destroyed')) {
      state.losses[data.team]++
      const ours = state.factories.filter(({ team }) => team === data.team)
      const idlest = ours.sort((a, b) => a.orders - b.orders)[0]
      if (idlest !== undefined) idlest.orders++
    }

    for (const factory of state.factories) {
      if (factory.orders === 0) continue
      factory.progress += dt / config.buildTime
      if (factory.progress < 1) continue
      factory.progress = 0
      factory.orders--
      factory.built++
      // New tanks drive off towards the middle of the map, each a little differently.
      const ahead = Math.atan2(deps.map.height / 2 - factory.y, deps.map.width / 2 - factory.x)
      publish('production:tank', {
        team: factory.team,
        x: factory.x,
        y: factory.y,
        heading: ahead + random.range(-1, 1),
      })
    }
  },

  expose: (state) => ({ losses: state.losses }),

  render({ ctx, state, width }) {
    for (const { team, x, y, progress } of state.factories) {
      ctx.strokeStyle = teamColours[team]
      ctx.fillStyle = teamColours[team]

      ctx.globalAlpha = 0.1
      ctx.beginPath()
      ctx.roundRect(x - pad, y - pad, pad * 2, pad * 2, 1.6)
      ctx.fill()
      ctx.globalAlpha = 0.4
      ctx.lineWidth = 0.2
      ctx.stroke()

      // The ring fills as the tank is built.
      ctx.lineWidth = 0.5
      ctx.globalAlpha = 0.16
      ring(ctx, x, y, 1)
      ctx.globalAlpha = 0.95
      ring(ctx, x, y, progress)
    }
    ctx.globalAlpha = 1

    // What one side lost is the other's score.
    ctx.font = '600 3.2px "Inter Variable", Inter, system-ui, sans-serif'
    ctx.textBaseline = 'top'
    ctx.fillStyle = teamColours[0]
    ctx.textAlign = 'right'
    ctx.fillText(String(state.losses[1]), width / 2 - 2, 2.6)
    ctx.fillStyle = teamColours[1]
    ctx.textAlign = 'left'
    ctx.fillText(String(state.losses[0]), width / 2 + 2, 2.6)
    ctx.fillStyle = 'rgb(232 238 233 / 0.3)'
    ctx.fillRect(width / 2 - 0.1, 2.4, 0.2, 3.2)
  },
})

function newFactory(team: Team, x: number, y: number): Factory {
  return { team, x, y, orders: 0, progress: 0, built: 0 }
}

function ring(ctx: OffscreenCanvasRenderingContext2D, x: number, y: number, share: number): void {
  if (share <= 0) return
  ctx.beginPath()
  ctx.arc(x, y, pad * 0.62, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI)
  ctx.stroke()
}
