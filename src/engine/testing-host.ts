// A whole EngineHost for tests in any process: a clock that moves when told, a loader whose texts are functions of the test, and
// layers that are plain objects. Nothing of it pretends to be the engine.

import { messageOf } from './reload-failure.ts'
import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { LayerCanvas } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { EngineEvent, EngineEventType, LayerWanted } from '../protocol/events.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { contentHash } from '../protocol/values.ts'
import type { ContentHash, Milliseconds, SourceError } from '../protocol/values.ts'
import type { Ambient } from './ambient.ts'
import { EngineCore } from './engine-core.ts'
import { engineOn } from './engine.ts'
import type { Engine } from './engine.ts'
import { rehearse } from './journal/rehearsal.ts'
import { verify } from './journal/verification.ts'
import type { Clock, CodeLoader, EngineHost, HistorySettings, Layer, LayerHost, Timers } from './host.ts'

/** Time that stands still until `advance`. */
export class ManualClock implements Clock, Timers {
  #now = 1000
  #waiting: { readonly at: Milliseconds; readonly callback: () => void }[] = []

  now(): Milliseconds {
    return this.#now
  }

  callAt(at: Milliseconds, callback: () => void): () => void {
    const entry = { at, callback }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
  }

  /** Calls back what falls due on the way, in order, each at its own time. */
  advance(ms: Milliseconds): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#waiting.toSorted((left, right) => left.at - right.at)[0]
      if (next === undefined || next.at > end) break
      this.#waiting = this.#waiting.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }

  /** The thread was busy: time passes without anyone being called. */
  stall(ms: Milliseconds): void {
    this.#now += ms
  }
}

/** What a test's text does when it is evaluated. `globals` are the ambient names. */
export type TestCode = (
  globals: Readonly<Record<string, unknown>>,
  text: {
    /** Registers classes of this text, as the dev server's transform does. */
    readonly classes: (...classes: readonly (new (...args: never[]) => object)[]) => void
    readonly load: (hash: ContentHash) => Promise<Readonly<Record<string, unknown>>>
  },
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

/** Texts are functions, known by hash. */
class FunctionLoader implements CodeLoader {
  readonly #code: ReadonlyMap<ContentHash, TestCode>
  readonly #ambient: Ambient
  readonly #texts = new Map<ContentHash, CodeText>()
  readonly #evaluated = new Map<ContentHash, Promise<Readonly<Record<string, unknown>>>>()

  constructor(code: ReadonlyMap<ContentHash, TestCode>, ambient: Ambient) {
    this.#code = code
    this.#ambient = ambient
  }

  add(texts: readonly CodeText[]): void {
    for (const text of texts) this.#texts.set(text.hash, text)
  }

  has(hash: ContentHash): boolean {
    return this.#texts.has(hash)
  }

  load(entry: ContentHash): Promise<Readonly<Record<string, unknown>>> {
    const present = this.#evaluated.get(entry)
    if (present !== undefined) return present
    const evaluation = this.#evaluate(entry)
    this.#evaluated.set(entry, evaluation)
    evaluation.catch(() => this.#evaluated.delete(entry))
    return evaluation
  }

  reach(entry: ContentHash): ReadonlySet<ContentHash> {
    const reached = new Set([entry])
    for (const hash of reached) {
      for (const imported of Object.values(this.#texts.get(hash)?.imports ?? {})) reached.add(imported)
    }
    return reached
  }

  release(keep: Iterable<ContentHash>): void {
    const kept = new Set([...keep].flatMap((entry) => [...this.reach(entry)]))
    for (const hash of this.#evaluated.keys()) if (!kept.has(hash)) this.#evaluated.delete(hash)
  }

  describe(error: unknown): SourceError {
    if (!(error instanceof Error)) return { message: messageOf(error) }
    return {
      message: error.message,
      stack: (error.stack ?? '')
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    }
  }

  callSite(): undefined {
    return undefined
  }

  async #evaluate(hash: ContentHash): Promise<Readonly<Record<string, unknown>>> {
    const text = this.#texts.get(hash)
    const code = this.#code.get(hash)
    if (text === undefined || code === undefined) throw new CoppiceError('load', `no text ${hash}`)
    const globals = Object.fromEntries(this.#ambient.names.map((name, index) => [name, this.#ambient.values[index]]))
    return await code(globals, {
      classes: (...classes) =>
        this.#ambient.registerClasses(
          text.file,
          hash,
          classes.map((one) => [one.name, one, false]),
        ),
      load: (imported) => this.load(imported),
    })
  }
}

/** Records what was asked for; gives a layer when the test says so. */
class TestLayers implements LayerHost {
  readonly wanted: LayerWanted[] = []
  readonly released: string[] = []
  readonly #ready = new Map<string, (layer: Layer) => void>()

  request(layer: LayerWanted, ready: (layer: Layer) => void): void {
    this.wanted.push(layer)
    this.#ready.set(layer.module, ready)
  }

  release(module: string): void {
    this.released.push(module)
    this.#ready.delete(module)
  }

  attach({ module, canvas }: LayerCanvas): void {
    const context = canvas.getContext('2d')
    if (context !== null) this.#ready.get(module)?.({ canvas, context })
  }

  /** A canvas for the newest wish of `module`. */
  give(module: string, layer: Layer): void {
    this.#ready.get(module)?.(layer)
  }
}

/** A module of a test's program: its definition or namespace, and what its text says where that matters. */
export interface TestModule {
  /** The default export; or, with `code`, whatever that evaluates to. */
  readonly definition?: unknown
  readonly code?: TestCode
  /** Same key: same text. Default: a new text each time. */
  readonly key?: string
  /** Source as the loader would see it, for what reads texts. */
  readonly text?: string
  readonly imports?: Readonly<Record<string, ContentHash>>
  /** Broken: the server found this. */
  readonly error?: SourceError
  readonly manifest?: Partial<ManifestModule>
}

/** An engine and all that is around it. */
export class TestEngine {
  readonly clock = new ManualClock()
  readonly layers = new TestLayers()
  readonly events: EngineEvent[] = []
  readonly core: EngineCore
  readonly engine: Engine
  readonly #code: Map<ContentHash, TestCode>
  #revision = 0
  #texts = 0

  /** `codeOf`: knows the texts of another one, as a second worker does. */
  constructor(
    options: {
      readonly clock?: Clock & Timers
      readonly history?: HistorySettings
      readonly codeOf?: TestEngine
      readonly tasks?: NonNullable<EngineHost['tasks']>
      readonly pulse?: NonNullable<EngineHost['pulse']>
      readonly giveWay?: NonNullable<EngineHost['giveWay']>
    } = {},
  ) {
    this.#code = options.codeOf === undefined ? new Map<ContentHash, TestCode>() : options.codeOf.#code
    const time = options.clock ?? this.clock
    const host: EngineHost = {
      clock: time,
      timers: time,
      createLoader: (ambient) => new FunctionLoader(this.#code, ambient),
      layers: this.layers,
      emit: (event) => {
        this.events.push(event)
      },
      isIsolated: false,
      history: { byteLimit: 2 ** 22, rebuildStates: 1, ...options.history },
      ...(options.tasks === undefined ? {} : { tasks: options.tasks }),
      ...(options.pulse === undefined ? {} : { pulse: options.pulse }),
      ...(options.giveWay === undefined ? {} : { giveWay: options.giveWay }),
      // oxlint-disable-next-line no-restricted-globals -- a host hands its own globals in, as every host does
      realm: { Date, Intl, global: globalThis },
    }
    this.core = new EngineCore(host)
    this.engine = engineOn(this.core)
  }

  /** `other`, which runs no program, is its standby from here on, and warm. What passes between them is cloned, as between workers. */
  async haveStandby(other: TestEngine): Promise<void> {
    const captures = this.core.history.capture.store.buffer
    const { core } = other
    const work = core.standbyWork
    this.engine.useStandby({
      rehearse: (request, copy) =>
        work.exclusively(() => rehearse(core, work, structuredClone(request), copy ?? captures)),
      verify: (request, copy) => work.exclusively(() => verify(core, work, structuredClone(request), copy ?? captures)),
    })
    for (let turns = 0; !this.core.rehearsals.isWarm && turns < 1000; turns++) await Promise.resolve()
  }

  /** A text that evaluates to `code`'s namespace. */
  text(file: string, code: TestCode, options: Pick<TestModule, 'key' | 'text' | 'imports'> = {}): CodeText {
    this.#texts++
    const hash = contentHash(`${file} ${options.key ?? this.#texts}`)
    if (!this.#code.has(hash)) this.#code.set(hash, code)
    return { hash, file, text: options.text ?? '', imports: options.imports ?? {} }
  }

  /** The whole program, modules in the order given. */
  revision(
    modules: Readonly<Record<string, TestModule>>,
    options: Partial<Manifest> & {
      readonly extra?: readonly CodeText[]
      readonly trigger?: ProgramRevision['trigger']
      readonly asked?: string
    } = {},
  ): ProgramRevision {
    const { extra = [], trigger, asked, ...manifest } = options
    this.#revision++
    const texts: CodeText[] = [...extra]
    const codes = Object.entries(modules).map(([name, module]) => {
      if (module.error !== undefined) return { module: name, error: module.error, phase: 'fetch' as const }
      const code = module.code ?? (() => (module.definition === undefined ? {} : { default: module.definition }))
      const text = this.text(module.manifest?.path ?? `${name}.ts`, code, module)
      texts.push(text)
      return { module: name, entry: text.hash }
    })
    return {
      revision: this.#revision,
      trigger: trigger ?? (this.#revision === 1 ? 'open' : 'save'),
      title: `revision ${this.#revision}`,
      changedFiles: [],
      ...(asked === undefined ? {} : { asked }),
      manifest: {
        targetFps: 60,
        seed: 1,
        math: 'portable',
        view: { width: 640, height: 360, fit: 'contain' },
        ...manifest,
        modules: Object.entries(modules).map(([name, module]) => ({
          name,
          path: `${name}.ts`,
          strategy: 'sequential',
          config: {},
          ...module.manifest,
        })),
      },
      modules: codes,
      texts,
      ms: { collect: 0, fetch: 0 },
      problems: [],
    }
  }

  /** Applies a revision; opens paused unless told otherwise. */
  async apply(revision: ProgramRevision, startPaused = true): Promise<readonly Receipt[]> {
    const receipts = await this.engine.execute('applyRevision', [revision, { startPaused }])
    return isReceipts(receipts) ? receipts : []
  }

  /** `apply` of `revision`. */
  run(
    modules: Readonly<Record<string, TestModule>>,
    options: Parameters<TestEngine['revision']>[1] = {},
  ): Promise<readonly Receipt[]> {
    return this.apply(this.revision(modules, options))
  }

  /** Lets go of the code and events it has kept for tests: what is left is the engine's own. */
  forget(): void {
    this.#code.clear()
    this.events.length = 0
  }

  execute(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.engine.execute(name, args)
  }

  /** Events of one type, oldest first. */
  eventsOf<Type extends EngineEventType>(type: Type): Extract<EngineEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<EngineEvent, { type: Type }> => event.type === type)
  }
}

function isReceipts(value: unknown): value is readonly Receipt[] {
  return Array.isArray(value)
}
