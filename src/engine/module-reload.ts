// Transactions that a command asks for, on one module of the running program: reload it, go back a version, take it out, set its
// resources up anew. Each waits for what is under way and leaves one receipt.

import { CoppiceError } from '../protocol/errors.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { noTimes } from './receipts.ts'
import type { HeldTexts } from './held-texts.ts'
import type { Target } from './reload-target.ts'
import type { ReloadAttempts, ReloadParts } from './reload-attempt.ts'
import type { ReloadQueue } from './reload-queue.ts'
import type { ProgramRevision, ReloadTrigger } from '../protocol/code.ts'
import type { Program } from './program.ts'
import type { ContentHash } from '../protocol/values.ts'
import { copyPlain } from './plain-copy.ts'
import { UndoneStates } from './undone-states.ts'
import type { UndoneReload } from './undone-states.ts'
import type { GivenModule } from './trial/undo-with-state.ts'

export interface ModuleReloadOptions {
  readonly parts: ReloadParts
  readonly queue: ReloadQueue
  readonly attempts: ReloadAttempts
  readonly held: HeldTexts
  /** The newest revision. */
  readonly desired: () => ProgramRevision | undefined
}

/** Commands on single modules. */
export class ModuleReloads {
  /** What a redo with its state brings back. */
  readonly undone: UndoneStates
  readonly #options: ModuleReloadOptions

  constructor(options: ModuleReloadOptions) {
    this.#options = options
    const { classes } = options.parts
    this.undone = new UndoneStates((prototype) => classes.kindOf(prototype))
  }

  /** Evaluates a module's present text afresh and swaps it in. `unknown-module` where neither program nor manifest has it. */
  reload(name: string): Promise<Receipt> {
    const { parts, held, desired } = this.#options
    return this.#transact('command', `reload ${name}`, name, (program) => {
      const running = program.module(name)
      const code = desired()?.modules.find((module) => module.module === name)
      const manifest = desired()?.manifest.modules.find((module) => module.name === name) ?? running?.manifest
      if (manifest === undefined) program.requireModule(name)
      held.release(name)
      if (code !== undefined && 'error' in code) return code
      const entry = code?.entry ?? running?.entry
      if (manifest === undefined || entry === undefined)
        throw new CoppiceError('unknown-module', `There is no module "${name}".`)
      parts.code.release(program.modules.filter((module) => module !== running).map((module) => module.entry))
      return replace(program, name, { manifest, entry, instance: running, isForced: true })
    })
  }

  /** Back to the version before. `nothing-to-undo` where there is none. */
  async undo(name: string, trigger: ReloadTrigger = 'undo'): Promise<Receipt> {
    let left = ''
    let keep = (): void => undefined
    const receipt = await this.#transact(
      trigger,
      trigger === 'hang' ? `${name} back after a hang` : `undo ${name}`,
      name,
      (program) => {
        const running = program.requireModule(name)
        const entry = running.past.at(-1)
        if (entry === undefined)
          throw new CoppiceError('nothing-to-undo', `${name} has run no version before this one.`)
        left = running.entry
        keep = this.undone.note(program, [name])
        return replace(program, name, { manifest: running.manifest, entry, instance: running, isForced: false })
      },
    )
    if (receipt.outcome !== 'committed') return receipt
    this.#options.held.undo(name, left)
    if (trigger === 'undo') keep()
    return receipt
  }

  /** These modules get code and state back that they had: one transaction. */
  async giveBack(name: string, title: string, given: ReadonlyMap<string, GivenModule>): Promise<Receipt> {
    const left: [string, ContentHash][] = []
    let keep = (): void => undefined
    const receipt = await this.#transact('undo', title, name, (program) => {
      keep = this.undone.note(program, [...given.keys()])
      return presentTargets(program).map((target) => {
        const own = given.get(target.manifest.name)
        if (own === undefined) return target
        if (own.entry !== target.entry) left.push([target.manifest.name, target.entry])
        const { entry, state, words } = own
        return { ...target, entry, isForced: true, givenState: { state, words } }
      })
    })
    if (receipt.outcome !== 'committed') return receipt
    for (const [module, entry] of left) this.#options.held.undo(module, entry)
    keep()
    return receipt
  }

  /**
   * On to the version that the newest undo left, on the state of now; `undone`: on the state it had then, with all that was undone with
   * it. `nothing-to-undo` where there was none, the code changed since, or that state is not kept.
   */
  redo(name: string, state: 'now' | 'undone' = 'now'): Promise<Receipt> {
    const title = state === 'now' ? `redo ${name}` : `redo ${name}, state too`
    return this.#transact('command', title, name, (program) => {
      const running = program.requireModule(name)
      const entry = running.future.at(-1)
      if (entry === undefined) throw new CoppiceError('nothing-to-undo', `No reload of ${name} was undone.`)
      if (state === 'now') {
        this.#releaseText(name, entry)
        return replace(program, name, { manifest: running.manifest, entry, instance: running, isForced: false })
      }
      const undone = this.undone.find(name, entry)
      if (undone === undefined) {
        const message = `The state ${name} had when its reload was undone is not kept any more. A redo on the state of now is possible.`
        throw new CoppiceError('nothing-to-undo', message)
      }
      return presentTargets(program).map((target) => this.#asUndone(target, undone))
    })
  }

  #asUndone(target: Target, { frame, modules }: UndoneReload): Target {
    const { name } = target.manifest
    const own = modules.get(name)
    if (own === undefined || target.instance?.future.at(-1) !== own.entry) return target
    this.#releaseText(name, own.entry)
    const { classes } = this.#options.parts
    const state = copyPlain(own.state, { classOf: (prototype) => classes.kindOf(prototype) })
    const givenState = { state, words: `State of frame ${String(frame)}, when it was undone` }
    return { ...target, entry: own.entry, isForced: true, givenState }
  }

  /** Where it is what the file says, it is held back no longer. */
  #releaseText(name: string, entry: ContentHash): void {
    const { held, desired } = this.#options
    const code = desired()?.modules.find((module) => module.module === name)
    if (code !== undefined && 'entry' in code && code.entry === entry) held.release(name)
  }

  /**
   * Makes a module's state anew by `init`, as at frame 0, and its resources from it; queue and configuration stay. Where its present
   * text was rejected, with that: the way out where a state can't be brought over.
   */
  async reset(name: string): Promise<Receipt> {
    const { held, desired } = this.#options
    let wasRejected = false
    const receipt = await this.#transact('command', `reset ${name}`, name, (program) => {
      const running = program.requireModule(name)
      const code = desired()?.modules.find((module) => module.module === name)
      const rejected =
        code !== undefined && 'entry' in code && held.isRejected(name, code.entry) ? code.entry : undefined
      wasRejected = rejected !== undefined
      const entry = rejected ?? running.entry
      const target = { manifest: running.manifest, entry, instance: running, isForced: false, isStateNew: true }
      return replace(program, name, target)
    })
    if (wasRejected && receipt.outcome === 'committed') held.settle(name)
    return receipt
  }

  /** Takes a module out, until its entry in the manifest changes or it is asked for. Refused where others depend on it. */
  async unload(name: string): Promise<Receipt> {
    const manifest = this.#options.parts.program().requireModule(name).manifest
    const receipt = await this.#transact('command', `unload ${name}`, name, (program) => {
      program.requireModule(name)
      return presentTargets(program).filter((target) => target.manifest.name !== name)
    })
    if (receipt.outcome === 'committed') this.#options.held.unload(manifest)
    return receipt
  }

  /** Sets a module's resources up anew where its configuration is not what `setup` saw any more. */
  rebuild(name: string): Promise<Receipt> {
    return this.#transact('command', `configuration of ${name}`, name, presentTargets)
  }

  async #transact(
    trigger: ReloadTrigger,
    title: string,
    name: string,
    targetsOf: (
      program: Program,
    ) => readonly Target[] | Extract<ProgramRevision['modules'][number], { readonly phase: string }>,
  ): Promise<Receipt> {
    const { parts, queue, attempts } = this.#options
    const origin = { trigger, title, changedFiles: [] }
    const [receipt] = await queue.startAfter(async (flight) => {
      const program = parts.program()
      const targets = targetsOf(program)
      if ('error' in targets) return [attempts.reject(origin, [name], targets)]
      const { manifest } = program
      if (manifest === undefined) throw new CoppiceError('unknown-module', 'No program is open.')
      const times = noTimes()
      const attempt = await attempts.attempt(origin, times, targets, manifest, flight)
      if (attempt.kind === 'failed') return [attempts.reject(origin, [name], attempt, times)]
      if (attempt.kind === 'committed') parts.problems.clear(`load:${name}`)
      return [attempt.receipt]
    })
    if (receipt === undefined) throw new CoppiceError('internal', 'the reload left no receipt')
    return receipt
  }
}

/** Every module as it runs. */
function presentTargets(program: Program): Target[] {
  return program.modules.map((module) => ({
    manifest: module.manifest,
    entry: module.entry,
    instance: module,
    isForced: false,
  }))
}

function replace(program: Program, name: string, target: Target): Target[] {
  const targets = presentTargets(program)
  const index = targets.findIndex((present) => present.manifest.name === name)
  return index < 0 ? [...targets, target] : targets.with(index, target)
}
