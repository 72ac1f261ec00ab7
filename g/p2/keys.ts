import { defineModule } from 'coppice'

const background = '#102030'

export default defineModule({
  config: { note: 'quiet' },
  validateConfig: (config) => (config.note === '' ? 'note must not be empty' : undefined),
  subscribe: ['mover:*', 'test:*'],
  init: () => ({
    left: false,
    held: 0,
    presses: 0,
    pointer: { x: 0, y: 0, buttons: 0 },
    heard: 0,
    last: '',
    list: [1, 2, 3],
  }),
  process({ state, input, messages, log, frame }) {
    state.left = input.down('ArrowLeft')
    if (state.left) state.held += 1
    if (input.pressed('ArrowLeft')) state.presses += 1
    const { x, y, buttons } = input.pointer
    state.pointer = { x, y, buttons }
    for (const { topic, data } of messages()) {
      state.heard += 1
      if (topic.startsWith('test:')) state.last = `${topic} ${String(data)}`
    }
    if (frame === 1) log.warning('the first frame')
    log.info('again and again')
  },
  render({ ctx, state, width, height }) {
    ctx.fillStyle = background
    ctx.fillRect(0, 0, width, height)
    if (!state.left) return
    ctx.fillStyle = '#00ff00'
    ctx.fillRect(0, 0, 60, 40)
  },
  view: { z: -1 },
})
