// Counts points and shows them; names the combo where it happens. Reads `deps.game`, hears of bricks over the bus.

import { defineModule } from 'coppice'
import { colourOf } from './topics.ts'

interface Praise {
  readonly text: string
  readonly x: number
  y: number
  readonly colour: number
  life: number
}

const face = '"Inter Variable", Inter, system-ui, sans-serif'

export default defineModule({
  dependencies: ['game'],
  config: {
    points: 10,
    /** From this many bricks without touching the paddle, it is worth a word. */
    comboFrom: 3,
  },
  subscribe: ['brick:broken', 'game:started'],

  init: ({ saved }) => ({
    score: 0,
    /** Follows the score, so that the figure runs up. */
    shown: 0,
    best: typeof saved['best'] === 'number' ? saved['best'] : 0,
    praises: [] as Praise[],
    isDemo: true,
    lives: 0,
    isServed: false,
  }),

  process({ state, config, deps, dt, messages, publish }) {
    for (const { data } of messages('game:started')) {
      // The game is over: the best one is found again when the program is opened next.
      if (data.isDemo && state.score > 0 && state.score === state.best) publish('save:best', state.best)
      state.score = 0
      state.shown = 0
    }
    for (const { data } of messages('brick:broken')) {
      state.score += config.points * data.combo
      if (data.combo < config.comboFrom) continue
      state.praises.push({ text: `×${data.combo}`, x: data.x, y: data.y, colour: data.colour, life: 1 })
    }
    if (!deps.game.isDemo) state.best = Math.max(state.best, state.score)
    state.shown += (state.score - state.shown) * 0.15
    for (const praise of state.praises) {
      praise.y -= 46 * dt
      praise.life -= 1.1 * dt
    }
    state.praises = state.praises.filter((praise) => praise.life > 0)
    state.isDemo = deps.game.isDemo
    state.lives = deps.game.lives
    state.isServed = deps.game.isServed
  },

  view: { z: 2 },
  render({ ctx, state, time }) {
    ctx.textBaseline = 'middle'
    ctx.fillStyle = '#e8eee9'
    ctx.font = `600 34px ${face}`
    ctx.textAlign = 'left'
    ctx.fillText(String(Math.round(state.shown)), 44, 64)

    ctx.fillStyle = '#7f8d84'
    ctx.font = `500 20px ${face}`
    ctx.textAlign = 'right'
    if (state.best > 0) ctx.fillText(`best ${state.best}`, 800, 65)
    for (let life = 0; life < 3; life++) {
      ctx.fillStyle = life < state.lives ? '#7cd992' : '#262e28'
      ctx.beginPath()
      ctx.roundRect(822 + life * 34, 60, 26, 8, 4)
      ctx.fill()
    }

    ctx.textAlign = 'center'
    for (const praise of state.praises) {
      ctx.globalAlpha = Math.min(1, praise.life * 1.6)
      ctx.fillStyle = colourOf(praise.colour)
      ctx.font = `700 ${20 + 8 * praise.life}px ${face}`
      ctx.fillText(praise.text, praise.x, praise.y)
    }

    // A hint that breathes.
    const hint = state.isDemo ? 'Press Space or click to play' : state.isServed ? '' : 'Space or click serves'
    ctx.globalAlpha = 0.55 + 0.25 * Math.sin(time * 3)
    ctx.fillStyle = '#e8eee9'
    ctx.font = `500 22px ${face}`
    ctx.fillText(hint, 480, 520)
  },
})
