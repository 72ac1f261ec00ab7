import { defineModule } from 'coppice'
import { colour } from './look.ts'

const stride = 1

export default defineModule({
  config: { size: 60 },
  init: () => ({ ticks: 0, x: 0, stride: 0 }),
  process({ state, publish }) {
    state.ticks += 1
    state.stride = stride
    state.x = (state.x + stride) % 260
    if (state.ticks % 60 === 0) publish('mover:second', state.ticks / 60)
  },
  expose: (state) => ({ x: state.x }),
  query: (state, question) => (question === 'double' ? state.ticks * 2 : undefined),
  render({ ctx, state, config }) {
    ctx.fillStyle = colour
    ctx.fillRect(state.x, 60, config.size, 60)
  },
})
