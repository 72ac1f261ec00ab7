// Instances of classes over reloads, in a running engine.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Animal {
  x: number
  name(): string
}

function zoo(makeClass: () => new () => Animal, path = 'a.ts'): TestModule {
  return {
    manifest: { path },
    code: (_, { classes }) => {
      const Class = makeClass()
      classes(Class)
      return {
        default: {
          init: () => ({ animals: [new Class()] }),
          process: () => undefined,
          query: (state: { animals: Animal[] }) =>
            state.animals.map((animal) => [animal.name(), animal instanceof Class, animal.x, animal.constructor.name]),
        },
      }
    },
  }
}

const speaking = (word: string) => () =>
  class Tank implements Animal {
    x = 1
    name() {
      return word
    }
  }

describe('classes', () => {
  test('[ML7] instances find new methods and are instances of the new class', async () => {
    const lab = new TestEngine()
    await lab.run({ a: zoo(speaking('old')) })
    await lab.execute('setState', 'a', 'animals[0].x', 7)
    await lab.run({ a: zoo(speaking('new')) })
    expect(await lab.execute('query', 'a', 0)).toEqual([['new', true, 7, 'Tank']])
    await lab.run({ a: zoo(speaking('newest')) })
    expect(await lab.execute('query', 'a', 0)).toEqual([['newest', true, 7, 'Tank']])
  })

  test('[ML7] a method that is gone is gone, and an undo brings it back', async () => {
    const lab = new TestEngine()
    await lab.run({ a: zoo(speaking('old')) })
    const bare = () =>
      class Tank {
        x = 1
        declare name: () => string
      }
    await lab.run({ a: zoo(bare) })
    await expect(lab.execute('query', 'a', 0)).rejects.toThrow(/name is not a function/)
    await lab.execute('undoReload', 'a')
    expect(await lab.execute('query', 'a', 0)).toEqual([['old', true, 1, 'Tank']])
  })

  test('[ML7] a rejected version changes no class', async () => {
    const lab = new TestEngine()
    await lab.run({ a: zoo(speaking('old')) })
    const code: TestModule['code'] = (_, { classes }) => {
      classes(speaking('rejected')())
      return { default: 7 }
    }
    expect(await lab.run({ a: { code } })).toMatchObject([{ outcome: 'rejected' }])
    expect(await lab.execute('query', 'a', 0)).toEqual([['old', true, 1, 'Tank']])
  })

  test('[ML7] a class moved to another file keeps its instances', async () => {
    const lab = new TestEngine()
    await lab.run({ a: zoo(speaking('here')) })
    await lab.run({ a: zoo(speaking('there'), 'moved.ts') })
    expect(await lab.execute('query', 'a', 0)).toEqual([['there', true, 1, 'Tank']])
  })

  test('instances stay in the state through reset, and are hashed by class name', async () => {
    const lab = new TestEngine()
    await lab.run({ a: zoo(speaking('old')) })
    const before = await lab.execute('stateHash')
    await lab.run({ a: zoo(speaking('new')) })
    expect(await lab.execute('stateHash')).toBe(before)
    await lab.execute('reset')
    expect(await lab.execute('stateHash')).toBe(before)
  })

  test('an instance of a class that is not at the top level is refused with its path', async () => {
    class Hidden {
      x = 1
    }
    const lab = new TestEngine()
    const [receipt] = await lab.run({
      a: { definition: { init: () => ({ thing: new Hidden() }), process: () => undefined } },
    })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'validate' })
    expect(receipt?.error?.message).toMatch(/state\.thing is a Hidden/)
  })
})
