// What the tests of trials run: modules that use all a module can, so that a past that is not the same shows; and input at set frames.

import type { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

export interface Context {
  readonly state: { n: number; seen: unknown[]; [field: string]: unknown }
  readonly config: { speed: number }
  readonly frame: number
  readonly random: () => number
  readonly deps: Readonly<Record<string, unknown>>
  readonly input: { readonly pressed: (code: string) => boolean }
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

/** Counts, listens to all and tells of itself; `fault` comes after that. */
export function busy(key: string, fault: (context: Context) => void = () => undefined, more: object = {}): TestModule {
  return {
    key,
    definition: {
      config: { speed: 1 },
      subscribe: ['**'],
      init: () => ({ n: 0, seen: [] }),
      expose: ({ n }: { n: number }) => n,
      process: (context: Context) => {
        const { state, config, random, frame, input, messages, publish } = context
        state.n += config.speed + random()
        if (input.pressed('KeyA')) state.seen.push(['key', frame])
        state.seen = [...state.seen, ...messages().map(({ data }) => [data, frame])].slice(-30)
        if (frame % 3 === 0) publish('n', state.n)
        fault(context)
      },
      ...more,
    },
  }
}

export const throwing =
  (at: number) =>
  ({ frame }: Context): void => {
    if (frame === at) throw new Error('not this time')
  }

export const good = { a: busy('a1'), b: busy('b1', undefined, { dependencies: ['a'] }), c: busy('c1') }

/** Inputs of every kind at set frames. */
export async function drive(lab: TestEngine, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    const frame = lab.core.program.frame + 1
    if (frame % 5 === 0) await lab.execute('input', { kind: 'key', code: 'KeyA', down: frame % 10 === 0 })
    if (frame === 13) await lab.execute('publish', 'outside', 'hello')
    if (frame === 14) await lab.execute('setState', 'c', 'n', 1000)
    if (frame === 15) await lab.execute('setConfig', 'a', { speed: 2 })
    await lab.execute('step', 1)
  }
}

export const rolledBack = (lab: TestEngine) =>
  lab.eventsOf('receipt').flatMap(({ receipt }) => (receipt.outcome === 'rolled-back' ? [receipt] : []))
