import { defineModule } from 'coppice'

class Sheep {
  steps = 0
  mood = 'calm'

  walk(): void {
    this.steps += 1
  }
}

export default defineModule({
  init: () => ({ sheep: [new Sheep(), new Sheep()], areSheep: false }),
  process({ state }) {
    for (const sheep of state.sheep) sheep.walk()
    state.areSheep = state.sheep.every((sheep) => sheep instanceof Sheep)
  },
})
