import { defineModule } from 'coppice'
import address from './stamp.png'
import words from './words.json'

export default defineModule({
  init: () => ({ ticks: 0, words: '' }),
  process({ state }) {
    state.ticks += 1
    state.words = words.greeting
  },
  view: {
    setup: async () => {
      const answer = await fetch(address)
      return createImageBitmap(await answer.blob())
    },
    dispose: (bitmap) => bitmap.close(),
  },
  render({ ctx, view }) {
    ctx.drawImage(view, 0, 0, 100, 100)
  },
})
