// What `defineModule` must infer, and what it must refuse, as types: checked by define-module.test.ts under each
// TypeScript we support. Nothing here runs.

import { defineModule, type ExposedBy, type SetupMustStandBeforeProcess } from './index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function check<Actual, Expected>(isEqual: Equal<Actual, Expected>): void
declare function type<Type>(): Type

interface Tank {
  id: number
  x: number
}
interface Terrain {
  readonly width: number
}
declare module './index.ts' {
  interface Topics {
    'types:hit': { by: number }
  }
  interface Modules {
    'types-terrain': Terrain
    'types-counter': ExposedBy<typeof counter>
  }
}

// Everything at once, in the order of the documentation.
export const tank = defineModule({
  stateVersion: 2,
  dependencies: ['types-terrain', 'unheard-of'],
  config: { count: 50, speed: 5, name: 'a' },
  validateConfig: (c) => {
    check<typeof c, Readonly<{ count: number; speed: number; name: string }>>(true)
    return c.count < 0 ? 'count must not be negative' : undefined
  },
  subscribe: ['game:player:*', { topic: 'stats:**', every: 1, latest: true }],
  init: ({ config, random }) => {
    check<typeof config.count, number>(true)
    return { tanks: [] as Tank[], first: random(), byId: new Map<number, Tank>() }
  },
  setup: async ({ config, state, signal, onDispose }) => {
    check<typeof config.speed, number>(true)
    check<typeof state.tanks, Tank[]>(true)
    check<typeof signal, AbortSignal>(true)
    onDispose(() => {})
    return { world: new Uint8Array(config.count) }
  },
  snapshot: (resources) => resources.world.slice(),
  restore: (resources, data) => resources.world.set(data),
  process({ state, config, resources, dt, deps, messages, publish, after }) {
    check<typeof state.tanks, Tank[]>(true)
    check<typeof state.byId, Map<number, Tank>>(true)
    check<typeof config.name, string>(true)
    check<typeof resources.world, Uint8Array<ArrayBuffer>>(true)
    check<typeof dt, number>(true)
    check<(typeof deps)['types-terrain'], Terrain>(true)
    check<(typeof deps)['unheard-of'], unknown>(true)
    for (const message of messages('types:hit')) check<typeof message.data, { by: number }>(true)
    for (const message of messages('other')) check<typeof message.data, unknown>(true)
    for (const message of messages()) check<typeof message.topic, string>(true)
    publish('types:hit', { by: 1 })
    publish('other', 'anything')
    after(1, 'types:hit', { by: 1 })
    // @ts-expect-error -- the payload of a known topic is checked
    publish('types:hit', { by: 'one' })
    // @ts-expect-error -- not a setting
    void config.missing
    // @ts-expect-error -- settings are read, not written
    config.speed = 1
    // @ts-expect-error -- not a dependency
    void deps.elsewhere
  },
  expose: (state) => ({ count: state.tanks.length }),
  view: {
    context: 'webgl2',
    z: 1,
    setup: async ({ canvas, ctx }) => {
      check<typeof canvas, OffscreenCanvas>(true)
      check<typeof ctx, WebGL2RenderingContext>(true)
      return { program: ctx.createProgram() }
    },
    dispose: (view) => check<typeof view, { program: WebGLProgram }>(true),
  },
  render({ ctx, state, config, view, width, random }) {
    check<typeof ctx, WebGL2RenderingContext>(true)
    check<typeof state.first, number>(true)
    check<typeof config.count, number>(true)
    check<typeof view, { program: WebGLProgram }>(true)
    check<typeof width, number>(true)
    check<ReturnType<typeof random>, number>(true)
  },
  migrate: (old, fromVersion) => {
    check<typeof old, unknown>(true)
    check<typeof fromVersion, number>(true)
    return { tanks: [], first: 0, byId: new Map() }
  },
  validate: (state) => (state.tanks.length > 1000 ? 'too many' : undefined),
  query: (state, question) => (question === 'count' ? state.tanks.length : undefined),
  health: (state) => ({ status: state.tanks.length === 0 ? 'warning' : 'ok' }),
})
check<ExposedBy<typeof tank>, { count: number }>(true)

// The least a module can be: no settings, no dependencies, nothing exposed; a 2d context.
export const counter = defineModule({
  init: () => ({ count: 0 }),
  process({ state, config, deps }) {
    state.count++
    check<keyof typeof config, never>(true)
    check<keyof typeof deps, never>(true)
  },
  render({ ctx }) {
    check<typeof ctx, OffscreenCanvasRenderingContext2D>(true)
  },
})
check<ExposedBy<typeof counter>, undefined>(true)

// Without parameters, `setup` may stand anywhere; a `view.setup` too.
defineModule({
  init: () => ({ count: 0 }),
  process({ resources }) {
    check<typeof resources, { heap: Float64Array<ArrayBuffer> }>(true)
  },
  render({ view }) {
    check<typeof view, { dash: number[] }>(true)
  },
  view: { setup: () => ({ dash: [4, 2] }) },
  setup: async () => ({ heap: new Float64Array(8) }),
})

// With parameters it must stand before `process`; the type that `resources` has otherwise says so.
defineModule({
  init: () => ({ count: 0 }),
  process({ resources }) {
    check<typeof resources, SetupMustStandBeforeProcess>(true)
  },
  // @ts-expect-error -- Type '{ heap: … }' is not assignable to type 'SetupMustStandBeforeProcess'
  setup: ({ state }) => ({ heap: new Float64Array(state.count) }),
})

// Classes in the state keep their methods.
class Walker {
  x = 0
  step(by: number): void {
    this.x += by
  }
}
defineModule({
  init: () => ({ walkers: [new Walker()] }),
  process({ state, dt }) {
    for (const walker of state.walkers) walker.step(dt)
  },
})
// … and may be the state.
defineModule({
  init: () => new Walker(),
  process({ state, dt }) {
    state.step(dt)
  },
})

// An arrow that happens to return something is no mistake.
defineModule({ init: () => ({ count: 0 }), process: ({ state }) => state.count++ })

// Promises are.
defineModule({
  // @ts-expect-error -- init may not be async
  init: async () => ({ count: 0 }),
  process() {},
})
defineModule({
  init: () => ({ count: 0 }),
  // @ts-expect-error -- process may not be async
  async process({ state }) {
    state.count = await Promise.resolve(1)
  },
})
defineModule({
  init: () => ({ count: 0 }),
  // @ts-expect-error -- nor may it return a promise
  process: ({ state }) => Promise.resolve(state.count),
})
defineModule({
  init: () => ({ count: 0 }),
  process() {},
  // @ts-expect-error -- migrate may not be async
  migrate: async () => ({ count: 0 }),
})

// What defines a type is one place only; others are checked against it, and widen nothing.
defineModule({
  config: { speed: 5 },
  init: () => ({ count: 0 }),
  process() {},
  // @ts-expect-error -- not this module's state
  migrate: () => ({ count: 'none' }),
})
defineModule({
  config: { speed: 5 },
  // @ts-expect-error -- not this module's config
  init: ({ config }: { config: { pace: number } }) => ({ count: config.pace }),
  process() {},
})
// @ts-expect-error -- process is missing
defineModule({ init: () => ({ count: 0 }) })
// @ts-expect-error -- init is missing
defineModule({ process() {} })
// @ts-expect-error -- a state is an object
defineModule({ init: () => 1, process() {} })

check<typeof type<ExposedBy<{ expose?: (state: never) => { a: 1 } }>>, () => { a: 1 }>(true)

// Tasks: names, data and results are those of the definition.
defineModule({
  init: () => ({ path: [] as number[] }),
  tasks: {
    findPath: (data: { from: number; to: number }) => [data.from, data.to],
    weigh: async (data: string) => data.length,
  },
  process({ state, runTask, results }) {
    check<ReturnType<typeof runTask>, number>(true)
    runTask('findPath', { from: 1, to: 2 })
    runTask('weigh', 'text')
    // @ts-expect-error -- the data of a task is checked
    runTask('findPath', { from: 1 })
    // @ts-expect-error -- not a task
    runTask('other', 1)
    for (const result of results('findPath')) if (result.ok) state.path = result.value
    for (const result of results('weigh')) {
      if (result.ok) check<typeof result.value, number>(true)
      else check<typeof result.error, string>(true)
    }
    for (const result of results()) {
      if (result.ok && result.task === 'findPath') check<typeof result.value, number[]>(true)
      check<typeof result.task, 'findPath' | 'weigh'>(true)
    }
  },
})
defineModule({
  init: () => ({}),
  process({ runTask, results }) {
    // @ts-expect-error -- a module without tasks has none to run
    runTask('any', 1)
    check<ReturnType<typeof results>, never[]>(true)
  },
})
