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

/** What a declaration of both classes gives; `word` tells versions apart. */
function declareHerd(word: string) {
  class Creature {
    static readonly born = `born with ${word}`
    x = 1
    friend: Creature | undefined
    get loud(): string {
      return word.toUpperCase()
    }
    say(): string {
      return word
    }
  }
  class Dog extends Creature {
    override say(): string {
      return `${super.say()}!`
    }
  }
  return { Creature, Dog }
}
type Herd = ReturnType<typeof declareHerd>
type Creature = InstanceType<Herd['Creature']>

/** Instances of both in a list, a map and a circle. */
const herdOf = ({ Creature, Dog }: Herd) => ({
  init: () => {
    const [one, dog] = [new Creature(), new Dog()]
    one.friend = dog
    dog.friend = one
    return { list: [one, dog], byName: new Map([['dog', dog]]) }
  },
  process: ({ state: { list } }: { state: { list: Creature[] } }) => list.forEach((creature) => void creature.x++),
  query: ({ list: [one, dog], byName }: { list: Creature[]; byName: Map<string, Creature> }) => ({
    said: [one?.say(), dog?.say(), byName.get('dog')?.say(), dog?.friend?.say()],
    loud: dog?.loud,
    born: Reflect.get(Object(dog?.constructor), 'born'),
    is: [one instanceof Creature, dog instanceof Dog, dog instanceof Creature, one instanceof Dog],
    same: [byName.get('dog') === dog, one?.friend === dog, dog?.friend === one],
    x: dog?.x,
  }),
})

/** Declared in the module's own file, or in one it imports. */
function herd(lab: TestEngine, word: string, place: 'own' | 'shared'): ReturnType<TestEngine['revision']> {
  const declared = declareHerd(word)
  const { Creature, Dog } = declared
  const definition = herdOf(declared)
  const shared = lab.text('shared.ts', (_, { classes }) => {
    classes(Creature, Dog)
    return {}
  })
  const code: TestModule['code'] = async (_, { classes, load }) => {
    if (place === 'own') classes(Creature, Dog)
    else await load(shared.hash)
    return { default: definition }
  }
  const imports = place === 'own' ? {} : { './shared.ts': shared.hash }
  return lab.revision({ a: { code, imports } }, place === 'own' ? {} : { extra: [shared] })
}

describe('classes', () => {
  test.each([
    ['own', 'own'],
    ['shared', 'shared'],
    ['own', 'shared'],
    ['shared', 'own'],
  ] as const)(
    '[ML7] in lists, maps, circles and subclasses instances get new methods, getters and statics; declared in its %s file, then its %s one',
    async (before, after) => {
      const lab = new TestEngine()
      const seen = (word: string, x: number) => ({
        said: [word, `${word}!`, `${word}!`, word],
        loud: word.toUpperCase(),
        born: `born with ${word}`,
        is: [true, true, true, false],
        same: [true, true, true],
        x,
      })
      await lab.apply(herd(lab, 'moo', before))
      await lab.execute('step', 20)
      expect(await lab.execute('query', 'a', 0)).toEqual(seen('moo', 21))
      expect(await lab.apply(herd(lab, 'baa', after))).toMatchObject([{ outcome: 'committed' }])
      expect(await lab.execute('query', 'a', 0)).toEqual(seen('baa', 21))
      await lab.execute('step', 20)
      expect(await lab.execute('query', 'a', 0)).toEqual(seen('baa', 41))
      await lab.execute('undoReload', 'a')
      await lab.execute('step', 20)
      expect(await lab.execute('query', 'a', 0)).toEqual(seen('moo', 61))
    },
  )

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
