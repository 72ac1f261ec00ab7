// Every fault a save can bring, as modules of a small program: `guilty` and its like do wrong, healthy ones go by their own count and by what
// comes from outside and from their like, and a reader and a seer live by what the guilty one gives.

import type { ReloadPhase } from '../../protocol/receipt.ts'
import type { TestModule } from '../testing-host.ts'
import type { Modules } from './testing-guard.ts'

export interface Context {
  readonly state: { n: number; tanks: { x: number; hp: number }[]; [field: string]: unknown }
  readonly frame: number
  readonly random: () => number
  readonly input: { readonly pressed: (code: string) => boolean }
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

const tanks = () => Array.from({ length: 20 }, (_, i) => ({ x: i, hp: 3 }))

/** What a module that may do wrong does when nothing is; `more` lies over it, `fault` comes last. */
export function guilty(
  key: string,
  more: object = {},
  fault: (context: Context) => void = () => undefined,
  name = 'guilty',
): TestModule {
  return {
    key: `${name} ${key}`,
    definition: {
      subscribe: ['news:*'],
      init: () => ({ n: 0, tanks: tanks() }),
      process: (context: Context) => {
        const { state, random, messages, publish, frame } = context
        state.n += 1 + messages().length
        for (const tank of state.tanks) tank.x += random()
        if (frame % 4 === 0) publish(`${name}:at`, state.n)
        fault(context)
      },
      ...more,
    },
  }
}

/** Shows whatever is lost, doubled or out of order of frames, keys, messages; and lets something out that must leave once. */
export function healthy(key: string, name: string): TestModule {
  return {
    key: `${name} ${key}`,
    definition: {
      subscribe: ['news:*', 'outside'],
      init: () => ({ n: 0, heard: 0, keys: 0, tanks: tanks() }),
      process: ({ state, random, input, messages, publish, frame }: Context) => {
        for (const { data } of messages()) state['heard'] = (Math.imul(Number(state['heard']), 31) + Number(data)) | 0
        if (input.pressed('KeyA')) state['keys'] = (Math.imul(Number(state['keys']), 31) + frame) | 0
        state.n += random() + 1
        for (const tank of state.tanks) tank.x += state.n
        if (frame % 3 === 0) publish(`news:${name}`, Math.floor(state.n))
        if (frame % 5 === 0) publish('save:at', { frame, n: state.n })
      },
    },
  }
}

const reader: TestModule = {
  key: 'reader',
  definition: {
    subscribe: ['guilty:at'],
    init: () => ({ n: 0, seen: 0 }),
    process: ({ state, messages }: Context) => {
      for (const { data } of messages()) {
        if (typeof data !== 'number') throw new Error('not a number')
        state['seen'] = data
      }
      state.n++
    },
  },
}

/** The program, with these modules of it in other versions. */
export const programWith = (changed: Modules = {}): Modules => ({
  one: healthy('1', 'one'),
  guilty: guilty('0'),
  two: healthy('1', 'two'),
  reader,
  seer: {
    key: 'seer',
    definition: { dependencies: ['guilty'], init: () => ({}), process: () => undefined },
  },
  ...changed,
})

export interface Fault {
  readonly name: string
  /** A save with it, of a module by that name. `save` tells texts of several saves apart. */
  readonly module: (save: string, name: string) => TestModule
  /** Modules that come new with it, themselves without fault. */
  readonly with?: (save: string) => Modules
  /** Refused before it runs, taken back after it ran, told of only; or nothing comes of it until the next save. */
  readonly ends: 'rejected' | 'rolled-back' | 'committed' | 'waits'
  readonly message: RegExp
  /** It does not come to an end: in that phase of the reload, or in that frame of its life. */
  readonly hangs?: ReloadPhase | number
  /** It throws in that frame of its life, and misses it. */
  readonly misses?: number
  /** The standby tries it out: what it does shows nowhere else. */
  readonly isRehearsed?: true
}

/** In that frame of the version's life; the same when the frame is computed again. */
const later = (frames: number, fault: (context: Context) => void) => {
  let first: number | undefined
  return (context: Context): void => {
    first ??= context.frame
    if (context.frame === first + frames - 1) fault(context)
  }
}

const fail = (message: string) => (): never => {
  throw new Error(message)
}
const deep = (): number => 1 + deep()

type Rest = Pick<Fault, 'ends' | 'message'> & Partial<Fault>

const inProcess = (name: string, frames: number, fault: (context: Context) => void, rest: Rest): Fault => ({
  name,
  module: (save, of) => guilty(save, {}, later(frames, fault), of),
  ...rest,
})
const inMember = (name: string, more: () => object, rest: Rest): Fault => ({
  name,
  module: (save, of) => guilty(save, more(), undefined, of),
  ...rest,
})
const rejected = (message: RegExp): Rest => ({ ends: 'rejected', message })
const takenBack = (message: RegExp): Rest => ({ ends: 'rolled-back', message })
const toldOf = (message: RegExp): Rest => ({ ends: 'committed', message })
const endless = (phase: ReloadPhase): Rest => ({ ends: 'rejected', message: /did not come to an end/, hangs: phase })

/** As the dev server rewrites what makes arrays. */
const greedy: Fault['module'] = (save, name) => ({
  key: `${name} ${save}`,
  code: (globals) => {
    const size = globals['__coppice_size__']
    const take = later(3, () => {
      if (typeof size === 'function') Reflect.apply(size, undefined, [8, 5e7])
    })
    return { default: guilty(save, {}, take, name).definition }
  },
})

export const faults: readonly Fault[] = [
  {
    name: 'a syntax error',
    module: (_, of) => ({ error: { message: 'Unexpected token', file: `${of}.ts`, line: 4, column: 2 } }),
    ...rejected(/Unexpected token/),
  },
  {
    name: 'a missing import',
    module: (_, of) => ({ error: { message: 'Cannot find ./nowhere.ts', file: `${of}.ts`, line: 1, column: 8 } }),
    ...rejected(/nowhere/),
  },
  {
    name: 'an error at load',
    module: (save, of) => ({ key: `${of} ${save}`, code: fail('not today') }),
    ...rejected(/not today/),
  },
  inMember('an endless loop at load', () => ({}), endless('evaluate')),
  inMember('a bad definition', () => ({ process: 5 }), rejected(/`process` must be a function/)),
  inMember('a cyclic dependency', () => ({ dependencies: ['guilty'] }), rejected(/in a circle/)),
  inMember('an init that throws', () => ({ init: fail('no seeds') }), rejected(/no seeds/)),
  inMember('an init that hangs', () => ({}), endless('migrate')),
  inMember('a migrate that throws', () => ({ stateVersion: 2, migrate: fail('too old') }), rejected(/too old/)),
  inMember('a migrate that hangs', () => ({ stateVersion: 2, migrate: (old: unknown) => old }), endless('migrate')),
  inMember(
    'a migrate that returns garbage',
    () => ({ stateVersion: 2, migrate: () => 5 }),
    rejected(/returned another state/),
  ),
  inMember(
    'a field of another type',
    () => ({ init: () => ({ n: 'none', tanks: [] }) }),
    rejected(/state\.n is a number|can't be brought over/),
  ),
  inMember('a validate that refuses', () => ({ validate: () => 'never' }), rejected(/never/)),
  inMember(
    'a validate that refuses later',
    () => ({
      validate: ({ n }: { n: number }) => (n > 1e6 ? 'too many' : undefined),
      process: later(5, ({ state }) => void (state.n += 1e9)),
    }),
    takenBack(/too many/),
  ),
  inProcess('a throw on the first frame', 1, fail('first frame'), takenBack(/first frame/)),
  inProcess('a throw on frame 60', 60, fail('frame 60'), takenBack(/frame 60/)),
  inProcess('a throw on frame 600', 600, fail('frame 600'), { ...toldOf(/frame 600/), misses: 600 }),
  inMember('an endless loop on frame 5 of live running', () => ({}), {
    ...takenBack(/`process` of guilty did not come to an end/),
    hangs: 5,
  }),
  {
    name: '400 MB allocated in a frame',
    module: greedy,
    ...rejected(/takes 400 MB/),
    isRehearsed: true,
  },
  inProcess(
    'a state of 400 MB',
    3,
    ({ state }) => void (state['big'] = new Uint8Array(400e6)),
    takenBack(/more than captures have room for/),
  ),
  inProcess('a stack overflow', 5, () => void deep(), takenBack(/call stack/)),
  inMember('a promise from process', () => ({ process: () => Promise.resolve() }), takenBack(/returned a promise/)),
  inProcess(
    'a state made illegal',
    5,
    ({ state }) => void (state['onHit'] = () => 1),
    takenBack(/onHit is a function/),
  ),
  inProcess(
    'a field turned NaN',
    7,
    ({ state }) => void (state.tanks[3] = { x: NaN, hp: 3 }),
    takenBack(/state\.tanks\[3\]\.x is NaN/),
  ),
  inMember('a setup that throws', () => ({ setup: fail('no ground') }), rejected(/no ground/)),
  inMember(
    'a setup that rejects',
    () => ({ setup: () => Promise.reject(new Error('no water')) }),
    rejected(/no water/),
  ),
  inMember('a setup that never resolves', () => ({ setup: () => new Promise(() => undefined) }), {
    ends: 'waits',
    message: /has not come to an end for 3 s/,
  }),
  inMember(
    'a dispose that throws',
    () => ({
      setup: ({ onDispose }: { onDispose: (dispose: () => void) => void }) => onDispose(fail('at dispose')),
    }),
    toldOf(/at dispose/),
  ),
  inMember('a render that throws', () => ({ render: fail('no picture') }), toldOf(/no picture/)),
  inMember('an expose that throws', () => ({ expose: fail('nothing to see') }), takenBack(/nothing to see/)),
  inProcess(
    'garbage that makes a reader throw',
    6,
    ({ publish }) => publish('guilty:at', 'garbage'),
    takenBack(/reader throws on what guilty gives it now: not a number/),
  ),
  {
    name: 'a shared file broken for one of three importers',
    module: (save, of) => ({ key: `${of} ${save}`, code: fail('shared.ts does not export "name"') }),
    with: (save) => ({ one: healthy(save, 'one'), two: healthy(save, 'two') }),
    ...rejected(/does not export "name"/),
  },
]
