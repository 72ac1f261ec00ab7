// An engine for tests that evaluates real texts and seats modules beside itself: in this thread, by the same code as in another one, or
// in real threads where a test hands them in.

import { EngineCore } from '../engine/engine-core.ts'
import { engineOn, type Engine } from '../engine/engine.ts'
import type { EngineHost, Standby } from '../engine/host.ts'
import { StateHasher } from '../engine/state-hash.ts'
import { ManualClock } from '../engine/testing-host.ts'
import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { Manifest, ManifestModule } from '../protocol/manifest.ts'
import { type ContentHash, contentHash } from '../protocol/values.ts'
import { createCodeLoader } from './code-loader.ts'
import type { SideAnswer, StartThread } from './side-thread.ts'
import { SideThreads } from './side-threads.ts'
import { createSideWork } from './side-work.ts'

/** A thread that is none: what it is sent is done at once, here. */
export const startHere: StartThread = () => {
  const told: { answered: (answer: SideAnswer) => void } = { answered: () => undefined }
  const work = createSideWork({ answer: (answer) => told.answered(answer), canStand: false })
  return {
    send: (message) => work(structuredClone(message)),
    listen: (answered) => {
      told.answered = answered
    },
    whyEnded: () => undefined,
    terminate: () => {
      told.answered = () => undefined
    },
  }
}

/** A module of a test's program: its text as a body of Vite's module runner, and what the manifest says of it. */
export interface TextModule extends Partial<Pick<ManifestModule, 'strategy' | 'hz' | 'config' | 'path'>> {
  readonly text: string
}

export interface ThreadLabOptions {
  /** Undefined: there are none, and all modules run in the engine's thread. */
  readonly start?: StartThread | undefined
  /** Threads that `pool` modules share. */
  readonly poolSize?: number
  readonly host?: Partial<EngineHost>
}

function hashOf(value: unknown): ContentHash {
  const hasher = new StateHasher()
  hasher.add(value)
  return contentHash(hasher.digest())
}

export class ThreadLab {
  readonly clock = new ManualClock()
  readonly events: EngineEvent[] = []
  readonly core: EngineCore
  readonly #engine: Engine
  #revision = 0

  constructor({ start, poolSize = 2, host = {} }: ThreadLabOptions = {}) {
    this.core = new EngineCore({
      clock: this.clock,
      timers: this.clock,
      createLoader: (ambient) => createCodeLoader(ambient),
      layers: { request: () => undefined, release: () => undefined, attach: () => undefined },
      emit: (event) => {
        this.events.push(event)
      },
      realm: { Date, Intl, global: globalThis },
      isIsolated: true,
      history: { byteLimit: 2 ** 22 },
      ...(start === undefined ? {} : { moduleThreads: new SideThreads(start, poolSize) }),
      ...host,
    })
    this.#engine = engineOn(this.core)
  }

  revision(modules: Readonly<Record<string, TextModule>>, manifest: Partial<Manifest> = {}): ProgramRevision {
    this.#revision++
    const texts = Object.entries(modules).map(([name, { text, path }]): CodeText => {
      const file = path ?? `${name}.ts`
      return { hash: hashOf([file, text]), file, text, imports: {} }
    })
    return {
      revision: this.#revision,
      trigger: this.#revision === 1 ? 'open' : 'save',
      title: `revision ${this.#revision}`,
      changedFiles: [],
      manifest: {
        targetFps: 60,
        seed: 1,
        math: 'portable',
        view: { width: 640, height: 360, fit: 'contain' },
        ...manifest,
        modules: Object.entries(modules).map(([name, { path, strategy, hz, config }]) => ({
          name,
          path: path ?? `${name}.ts`,
          strategy: strategy ?? 'sequential',
          config: config ?? {},
          ...(hz === undefined ? {} : { hz }),
        })),
      },
      modules: Object.keys(modules).map((name, index) => ({
        module: name,
        entry: texts[index]?.hash ?? contentHash(name),
      })),
      texts,
      ms: { collect: 0, fetch: 0 },
      problems: [],
    }
  }

  /** Opens the program paused, or reloads it, and waits until its modules are seated. */
  async run(modules: Readonly<Record<string, TextModule>>, manifest: Partial<Manifest> = {}): Promise<unknown> {
    const receipts = await this.execute('applyRevision', this.revision(modules, manifest), { startPaused: true })
    await this.seated()
    return receipts
  }

  /** Waits until no module's thread is being prepared. */
  async seated(): Promise<void> {
    const isWaiting = (): boolean =>
      this.core.program.modules.some((module) => this.core.hosted.noteOf(module)?.includes('prepared') === true)
    while (isWaiting()) await new Promise((resolve) => setTimeout(resolve))
  }

  /** Where each module's newest call ran. */
  places(): Readonly<Record<string, 'there' | 'here'>> {
    return Object.fromEntries(
      this.core.program.modules.map((module) => [module.name, module.isAway ? 'there' : 'here']),
    )
  }

  /** Who tries new code out first, and computes frames again. */
  useStandby(standby: Standby): void {
    this.#engine.useStandby(standby)
  }

  execute(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#engine.execute(name, args)
  }

  dispose(): void {
    this.#engine.dispose()
  }
}

/**
 * Opens labs that are disposed of when `onFinished` calls. `isThreaded` false: memory can't be shared, and all modules run in the engine's
 * thread; `options` go over it.
 */
export const openingUntil =
  (onFinished: (dispose: () => void) => void) =>
  (isThreaded = true, options: ThreadLabOptions = {}): ThreadLab => {
    const lab = new ThreadLab({ start: isThreaded ? startHere : undefined, ...options })
    onFinished(() => lab.dispose())
    return lab
  }
