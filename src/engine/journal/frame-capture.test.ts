// What the capture of a frame shows to who looks on from outside, and what it leaves out.

import { expect, test } from 'vitest'
import type { Pulse } from '../host.ts'
import { TestEngine } from '../testing-host.ts'

test('[ML9] while the states of small modules are read, the pulse names the module whose turn it is', async () => {
  let shown = ''
  const pulse: Pulse = {
    enter: (module, phase) => (shown = `${module} ${phase}`),
    leave: () => (shown = ''),
    frame: () => undefined,
  }
  const lab = new TestEngine({ pulse, history: { rebuildStates: 0 } })
  const seen = new Set<string>()
  const moduleOf = (name: string) => ({
    code: () => ({
      default: {
        init: () => ({ n: 0, deep: { list: [{}] } }),
        process: ({ state, frame }: { state: { n: number; deep: { list: object[] } }; frame: number }) => {
          state.n++
          if (frame !== 10) return
          const get = (): number => {
            if (shown.endsWith(' capture')) seen.add(`${name} while ${shown}`)
            return 1
          }
          Object.defineProperty(state.deep.list[0] ?? {}, 'odd', { get, enumerable: true, configurable: true })
        },
      },
    }),
  })
  await lab.run({ a: moduleOf('a'), b: moduleOf('b'), c: moduleOf('c') })
  await lab.execute('step', 20)
  expect([...seen].toSorted()).toEqual(['a while a capture', 'b while b capture', 'c while c capture'])
  expect(shown).toBe('')
})
