// Listens to the game and plays what it hears of, while someone plays: nobody wants to listen to a demo.

import { defineModule } from 'coppice'

export default defineModule({
  dependencies: ['game'],
  config: {
    volume: 0.5,
    /** Each brick of a combo sounds higher by this share. */
    climb: 0.06,
  },
  subscribe: ['ball:bounced', 'ball:lost', 'brick:broken'],

  init: () => ({ played: 0 }),

  process({ state, config, deps, messages, sound }) {
    const { volume } = config
    const bounces = messages('ball:bounced').length
    const lost = messages('ball:lost').length
    const bricks = messages('brick:broken')
    if (deps.game.isDemo) return
    if (bounces > 0) sound.play('./sounds/paddle.wav', { volume })
    if (lost > 0) sound.play('./sounds/lost.wav', { volume })
    for (const { data } of bricks) {
      sound.play('./sounds/brick.wav', { volume, rate: Math.min(3, 1 + config.climb * (data.combo - 1)) })
    }
    state.played += bounces + lost + bricks.length
  },
})
