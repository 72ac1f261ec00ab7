// A workspace of two modules: one that will hang, and one that sees whatever is lost or doubled by it.

/** Ends never; the condition keeps compilers from knowing. */
export const forever = 'for (let i = 0; i >= 0; i = (i + 1) % 1000) void i'

/** Counts frames, key presses and messages: whatever is lost or doubled shows. */
export const witness = `import { defineModule } from 'coppice'
export default defineModule({
  subscribe: ['note'],
  init: () => ({ count: 0, behind: 0, keys: 0, notes: [] as unknown[] }),
  process({ state, frame, input, messages }) {
    state.count += 1
    state.behind = frame - state.count
    while (input.pressed('K' + state.keys)) state.keys += 1
    for (const { data } of messages()) state.notes.push(data)
  },
})
`

interface Parts {
  readonly top?: string
  readonly process?: string
  readonly more?: string
  readonly init?: string
}

/** The module that will hang; `version` shows which of its codes runs. */
export const guilty = (
  version: number,
  { top = '', process = '', more = '', init = '{ count: 0, version: 0 }' }: Parts = {},
) =>
  `import { defineModule } from 'coppice'
${top}
export default defineModule({
  init: () => (${init}),
  process({ state, frame }) {
    state.count += 1
    state.version = ${version}
    void frame
    ${process}
  },
  ${more}
})
`

/** Both of them. */
export const manifest = JSON.stringify({ modules: ['a', 'witness'].map((name) => ({ name, path: `${name}.ts` })) })
