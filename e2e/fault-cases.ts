// The faults of a save that the browser's matrix goes through, each as texts of a small program whose other modules tell whatever they
// were made to miss: `witness` and `bystander` go by frames, messages and keys alone, `reader` lives by what the guilty one publishes.

import { forever } from './hanging-module.ts'

type Files = Readonly<Record<string, string>>

/** Counts frames, keys and messages, and mixes them: whatever is lost, doubled or out of order shows. */
const witness = `import { defineModule } from 'coppice'
import { step } from './shared.ts'
const codes = ['KeyA', 'KeyB', 'KeyC', 'KeyD', 'KeyE', 'KeyF']
export default defineModule({
  subscribe: ['note'],
  init: () => ({ count: 0, behind: 0, sum: 0, notes: [] as unknown[], keys: [] as string[] }),
  process({ state, frame, input, messages }) {
    state.count += step
    state.behind = frame - state.count
    state.sum = (Math.imul(state.sum, 31) + frame) | 0
    for (const code of codes) if (input.pressed(code)) state.keys.push(code)
    for (const { data } of messages()) state.notes.push(data)
  },
})
`

/** What \`witness.sum\` is after so many frames. */
export function sumAfter(frames: number): number {
  let sum = 0
  for (let frame = 1; frame <= frames; frame++) sum = (Math.imul(sum, 31) + frame) | 0
  return sum
}

/** A module of no account, saved anew to be on trial. */
export const bystander = (version: number): string => `import { defineModule } from 'coppice'
import { step } from './shared.ts'
export default defineModule({
  init: () => ({ count: 0, behind: 0 }),
  process({ state, frame }) {
    state.count += step
    state.behind = frame - state.count + ${version} * 0
  },
})
`

const reader = `import { defineModule } from 'coppice'
import { name } from './shared.ts'
export default defineModule({
  subscribe: ['a:at'],
  init: () => ({ seen: 0, name }),
  process({ state, messages }) {
    for (const { data } of messages()) {
      if (typeof data !== 'number') throw new Error('not a number')
      state.seen = data
    }
  },
})
`

interface Parts {
  readonly top?: string
  readonly init?: string
  readonly process?: string
  readonly more?: string
}

/** The module that does wrong: \`version\` shows which of its codes runs, \`age\` counts the frames of that. */
export const guilty = (version: number, { top = '', init = '', process = '', more = '' }: Parts = {}): string =>
  `import { defineModule } from 'coppice'
${top}
export default defineModule({
  init: () => { ${init}; return { count: 0, behind: 0, version: 0, from: 0, x: [1, 2, 3] } },
  process({ state, frame, input, publish }) {
    state.count += 1
    state.behind = frame - state.count
    if (state.version !== ${version}) state.from = frame
    state.version = ${version}
    const age = frame - state.from
    if (frame % 5 === 0) publish('a:at', state.count)
    void [age, input]
    ${process}
  },
  ${more}
})
`

const shared = (version: number): string =>
  `export const step = 1\nexport const name = 'reader'\nexport const v = ${version}\n`

export const sound: Files = {
  'engine.json': JSON.stringify({
    modules: ['witness', 'a', 'reader', 'bystander'].map((name) => ({ name, path: `${name}.ts` })),
  }),
  'witness.ts': witness,
  'bystander.ts': bystander(0),
  'reader.ts': reader,
  'shared.ts': shared(0),
  'a.ts': guilty(1),
}

export interface Fault {
  readonly name: string
  /** The files of a save with this fault. */
  readonly save: (version: number) => Files
  /**
   * `refused`: rejected, or taken back in its trial. `runs`: committed, and told of. `either`: refused where a standby tried it out, else
   * it runs. `waits`: nothing comes of it until the next save.
   */
  readonly ends: 'refused' | 'runs' | 'either' | 'waits'
  /** Of the receipt's error, or of the log where it runs. */
  readonly message: RegExp
  /** Frames after which it has shown. */
  readonly frames: number
  /** It ends a worker: only with this key where it hangs as it runs, which no rehearsal sees. */
  readonly hang?: 'at once' | 'KeyZ'
}

const inModule = (name: string, message: RegExp, parts: Parts, rest: Partial<Fault> = {}): Fault => ({
  name,
  save: (version) => ({ 'a.ts': guilty(version, parts) }),
  ends: 'refused',
  message,
  frames: 20,
  ...rest,
})

const fail = (message: string): string => `throw new Error('${message}')`

export const faults: readonly Fault[] = [
  inModule('a syntax error', /./, { top: 'const = 5' }),
  inModule('a missing import', /nowhere/, { top: "import './nowhere.ts'" }),
  inModule('an error at load', /not today/, { top: fail('not today') }),
  inModule('an endless loop at load', /top level of a\.ts/, { top: forever }, { hang: 'at once' }),
  inModule('a bad definition', /dependencies/, { more: 'dependencies: 5 as never,' }),
  inModule('a cyclic dependency', /in a circle/, { more: "dependencies: ['a']," }),
  inModule('an init that throws', /no seeds/, { init: fail('no seeds') }),
  inModule('an init that hangs', /`init` of a/, { init: forever }, { hang: 'at once' }),
  inModule('a migrate that throws', /too old/, { more: `stateVersion: 2, migrate() { ${fail('too old')} },` }),
  inModule(
    'a migrate that hangs',
    /`migrate` of a/,
    { more: `stateVersion: 2, migrate: (old) => { ${forever}; return old as never },` },
    { hang: 'at once' },
  ),
  inModule('a migrate that returns garbage', /state/, { more: 'stateVersion: 2, migrate: () => 5 as never,' }),
  inModule('a validate that refuses', /never/, { more: "validate: () => 'never'," }),
  inModule('a throw on the first frame', /first frame/, { process: fail('first frame') }),
  inModule('a throw on frame 60', /frame 60/, { process: `if (age === 59) ${fail('frame 60')}` }, { frames: 61 }),
  inModule(
    'a throw on frame 600',
    /frame 600/,
    { process: `if (age === 599) ${fail('frame 600')}` },
    { ends: 'runs', frames: 601 },
  ),
  inModule(
    'an endless loop that only live running meets',
    /`process` of a/,
    { process: `if (input.down('KeyZ')) { ${forever} }` },
    { hang: 'KeyZ' },
  ),
  inModule(
    '400 MB allocated in a frame',
    /did not come to an end|memory/,
    { process: 'if (age === 3) state.x[0] = new Uint8Array(400 * 2 ** 20).fill(1).at(-1) ?? 0' },
    { ends: 'either' },
  ),
  inModule('a stack overflow', /call stack/, {
    top: 'const deep = (n: number): number => deep(n + 1) + 1',
    process: 'if (age === 4) deep(0)',
  }),
  inModule(
    'a state made illegal',
    /is a function/,
    { process: 'if (age === 20) state.x.push((() => 1) as never)' },
    { frames: 40 },
  ),
  inModule('a field turned NaN', /NaN/, { process: 'if (age === 30) state.x[1] = NaN' }, { frames: 60 }),
  inModule('a setup that throws', /no ground/, { more: `setup() { ${fail('no ground')} },` }),
  inModule(
    'a setup that never resolves',
    /^$/,
    { more: 'setup: () => new Promise(() => undefined),' },
    { ends: 'waits' },
  ),
  inModule(
    'a dispose that throws',
    /at dispose/,
    { more: `setup: ({ onDispose }) => onDispose(() => { ${fail('at dispose')} }),` },
    { ends: 'runs' },
  ),
  inModule('a render that throws', /no picture/, { more: `render() { ${fail('no picture')} },` }, { ends: 'either' }),
  inModule(
    'garbage that makes a reader throw',
    /reader throws on what a gives it now/,
    { process: "if (age === 15) publish('a:at', 'garbage')" },
    { frames: 40 },
  ),
  {
    name: 'a shared file broken for one of three importers',
    save: (version) => ({ 'shared.ts': `export const step = 1\nexport const v = ${version}\n` }),
    ends: 'refused',
    message: /does not export "name"/,
    frames: 5,
  },
]

/** All that a fault may have touched, sound. */
export const repair = (version: number): Files => ({ 'a.ts': guilty(version), 'shared.ts': shared(version) })
