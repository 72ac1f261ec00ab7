// An engine, and the next one where it hangs, in one process: what the page keeps of it, and does, where code does not come to an end (ML9).

import type { ReloadPhase, Receipt } from '../../protocol/receipt.ts'
import type { CodeText, ProgramRevision } from '../../protocol/code.ts'
import type { FrameOutputs } from '../../protocol/outputs.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { paper } from '../testing-paper.ts'

export type Modules = Readonly<Record<string, TestModule>>

/** A program whose engine may be given up for another, as often as a test wants. */
export class GuardedEngine {
  engine: TestEngine
  readonly #texts: CodeText[] = []
  readonly #standbys: TestEngine[] = []
  #newest: ProgramRevision | undefined
  #outputs: FrameOutputs[] = []
  readonly #history: ConstructorParameters<typeof TestEngine>[0]

  /** `codeOf`: the same code is the same text there. */
  constructor(options: { readonly codeOf?: GuardedEngine; readonly byteLimit?: number } = {}) {
    this.#history = options.byteLimit === undefined ? {} : { history: { byteLimit: options.byteLimit } }
    this.engine = new TestEngine({
      ...this.#history,
      ...(options.codeOf === undefined ? {} : { codeOf: options.codeOf.engine }),
    })
  }

  dispose(): void {
    for (const engine of [this.engine, ...this.#standbys]) engine.core.dispose()
  }

  execute(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.engine.execute(name, ...args)
  }

  /** A standby tries out what is saved from here on. */
  async haveStandby(): Promise<void> {
    if (this.engine.core.rehearsals.isWarm) return
    const standby = new TestEngine({ codeOf: this.engine })
    this.#standbys.push(standby)
    await this.engine.haveStandby(standby)
  }

  /** Draws what is to be drawn, on paper where a layer is wanted; time goes on where code is tried out. */
  draw(): void {
    for (const { module } of this.engine.layers.wanted.splice(0)) this.engine.layers.give(module, paper().layer)
    this.engine.clock.advance(0)
    // What a rehearsal waits for in vain ends there.
    for (const standby of this.#standbys) standby.clock.advance(1000)
  }

  /** What left, in the order it did, whichever engine let it out. */
  get outputs(): readonly FrameOutputs[] {
    return [...this.#outputs, ...this.engine.eventsOf('outputs').map(({ moment, outputs }) => ({ moment, outputs }))]
  }

  save(modules: Modules): Promise<readonly Receipt[]> {
    return this.engine.apply(this.#revision(modules))
  }

  /** A save of which `name` does not come to an end before its commit: the engine is given up, and the next one is told what to refuse. */
  async saveThatHangs(modules: Modules, name: string, phase: ReloadPhase): Promise<readonly Receipt[]> {
    await this.#giveUp({ at: 'boundary' })
    const revision = this.#revision(modules)
    const code = revision.modules.find(({ module }) => module === name)
    if (code === undefined || !('entry' in code)) throw new Error(`no code of ${name}`)
    const error = { message: `${phase} of ${name} did not come to an end`, file: `${name}.ts` }
    const refused = { module: name, entry: code.entry, phase, error }
    await this.execute('applyRevision', revision, { startPaused: true, refused })
    return this.engine.core.receipts.list().slice(-1)
  }

  /** The call of `name` in the frame that ran last did not come to an end: nothing of that frame has been, and it runs in the next engine. */
  async hangInLastFrame(name: string): Promise<void> {
    const { frame } = this.engine.core.program
    const error = { message: `\`process\` of ${name} did not come to an end`, file: `${name}.ts` }
    await this.#giveUp({ at: 'start', guilty: { module: name, phase: 'process', error } }, frame)
    await this.execute('step', 1)
  }

  #revision(modules: Modules): ProgramRevision {
    const revision = this.engine.revision(modules)
    this.#texts.push(...revision.texts)
    this.#newest = revision
    return revision
  }

  async #giveUp(how: object, lost = Infinity): Promise<void> {
    const { core } = this.engine
    this.#outputs = this.outputs.filter(({ moment }) => moment.frame < lost)
    const left = this.#outputs.at(-1)?.moment
    const next = new TestEngine({ ...this.#history, codeOf: this.engine })
    const known = {
      revision: this.#newest,
      texts: this.#texts,
      entries: core.history.journal.since(0),
      receipts: core.receipts.list(),
      problems: core.problems.list(),
      ...(left === undefined ? {} : { outputsLeft: left }),
      ...how,
    }
    await next.execute('takeOver', { ...structuredClone(known), captures: core.history.capture.store.buffer })
    this.engine = next
    core.dispose()
  }
}
