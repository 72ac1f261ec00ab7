// The page's engine, as one that does not end: the worker it runs in may hang or die, and another goes on with the program (ML9).
//
//   worker hangs ─► hang-watch ─► ended from outside ─► standby (or a new worker) ─ takeOver ─► what was unanswered is asked again
//                                                          commands meanwhile wait ──────────────┘
//
// What the next worker needs is in kept-program.ts; what the hang means in hang-report.ts.

import type { CommandArguments, CommandName, CommandResult } from '../protocol/commands.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { DeviceInput } from '../protocol/input.ts'
import type { TakeOver } from '../protocol/journal.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { ReplayProgress } from '../protocol/replay.ts'
import type { SavedData } from '../protocol/saved.ts'
import { frameNumber } from '../protocol/values.ts'
import type { FrameNumber, Milliseconds } from '../protocol/values.ts'
import type { CodeStore } from './code-store.ts'
import { EngineLink, type EngineThread, type Unanswered } from './engine-link.ts'
import { isAskedAgain, reportHang, reportRehearsal, revisionIn, type HangReport } from './hang-report.ts'
import { type Hang, HangWatch, lookEveryMs } from './hang-watch.ts'
import { KeptProgram } from './kept-program.ts'
import { findLoop } from './loop-search.ts'
import { startReplay, type ReplaySource, type RunningReplay } from './replay.ts'

/** A hang that was ended: the program goes on. */
export interface EndedHang extends HangReport {
  /** Time from the end of the hung worker to the program running again. */
  readonly recoveryMs: Milliseconds
  /** Why the program had to start from frame 0; undefined: it went on where it was. */
  readonly lost: string | undefined
}

export interface EngineGuardOptions {
  readonly startEngine: () => EngineThread
  readonly store: CodeStore
  readonly emit: (event: EngineEvent) => void
  /** The canvases of the engine that was ended are gone with it. */
  readonly layersGone: () => void
  readonly hungEnded: (hang: EndedHang) => void
  /** Texts with their loops watched; undefined where nobody can do that. */
  readonly watchLoops?: (texts: readonly string[]) => Promise<readonly string[]>
}

const limitMs = 1000
/** A standby is started when the program has run for so long: it must not slow down the start. */
const standbyAfterMs = 2000
/** After another took over nothing else has to start, and until it is there no save is tried out first. */
const nextStandbyAfterMs = 300
/** The loop that hung is looked for when the program goes on again: until then it needs the machine. */
const searchAfterMs = 500

export class EngineGuard {
  readonly #options: EngineGuardOptions
  #link: EngineLink
  #standby: EngineLink | undefined
  #kept = new KeptProgram()
  #watch: HangWatch | undefined
  #standbyWatch: HangWatch | undefined
  #recovery: Promise<void> | undefined
  #standbyTimer: ReturnType<typeof setTimeout> | undefined
  #standbyAfterMs = standbyAfterMs
  readonly #lookTimer: ReturnType<typeof setInterval>
  /** Whether new code is tried out in the standby first (ML4). */
  #isRehearsing = true
  /** The newest that was to be brought to the program, whatever becomes of it. */
  #asked: ProgramRevision | undefined
  /** Why no frames are computed again there (HS6). */
  readonly #verifyingOff = new Set<'setting' | 'battery'>()

  constructor(options: EngineGuardOptions) {
    this.#options = options
    this.#link = this.#start()
    this.#useLink()
    this.#lookTimer = setInterval(() => this.#look(), lookEveryMs)
  }

  /** As `EngineLink.command`. While another engine takes over, it waits for that one. */
  async command<Name extends CommandName>(
    name: Name,
    ...args: CommandArguments<Name>
  ): Promise<Awaited<CommandResult<Name>>> {
    while (this.#recovery !== undefined) await this.#recovery
    const link = this.#link
    if (name === 'applyRevision') this.#asked = revisionIn(args)
    const answer = await link.command(name, ...args)
    this.#answered(name, args)
    return answer
  }

  /** Off, a reload goes to the living engine at once, and what it does there is met by trial and hang guard alone. */
  setRehearsing(isRehearsing: boolean): void {
    if (isRehearsing === this.#isRehearsing) return
    this.#isRehearsing = isRehearsing
    this.#link.send({ kind: 'standby-gone' })
    if (this.#standby === undefined) return
    this.#standby.dispose()
    this.#startStandby()
  }

  /** The run so far, computed again from frame 0 with the code of now, beside it. */
  replay(told: (progress: ReplayProgress) => void): RunningReplay {
    const { captures, status } = this.#kept
    if (captures === undefined || status === undefined)
      throw new CoppiceError(
        'not-supported',
        'Without shared memory, the running program can not be compared with another.',
      )
    const source: ReplaySource = {
      timeline: status.timeline,
      texts: this.#options.store.all(),
      captures,
      journal: (since, limit) => this.command('journal', since, { limit }),
    }
    return startReplay(this.#options.startEngine, source, told)
  }

  /** Ends the program; the next one starts in a worker of its own. */
  restart(): void {
    this.#link.dispose()
    this.#endStandby()
    this.#kept = new KeptProgram()
    this.#standbyAfterMs = standbyAfterMs
    this.#link = this.#start()
    this.#useLink()
  }

  dispose(): void {
    clearInterval(this.#lookTimer)
    this.#endStandby()
    this.#link.dispose()
  }

  #start(): EngineLink {
    const link: EngineLink = new EngineLink(this.#options.startEngine(), (event) => {
      // The standby is nobody's engine yet.
      if (link === this.#standby) {
        if (link.isDisposed) this.#standbyLost()
        return
      }
      this.#kept.told(event)
      if (event.type === 'captures') return
      if (event.type === 'status') this.#wantStandby()
      this.#options.emit(event)
    })
    return link
  }

  #useLink(): void {
    const { pulse } = this.#link
    // One that was ended before it answered needs to know nothing.
    for (const reason of this.#verifyingOff) this.#link.command('setVerifying', false, reason).catch(() => undefined)
    this.#watch = pulse === undefined ? undefined : new HangWatch(pulse, limitMs)
    if (!this.#link.isSharing) return
    const kept = this.#kept
    capturesOf(this.#link).then(
      (captures) => {
        kept.captures = captures ?? kept.captures
      },
      () => {
        // It was ended before it answered: there is nothing to go on with.
      },
    )
  }

  /** What commands leave behind that the next engine must know. */
  #answered(name: CommandName, args: readonly unknown[]): void {
    const [first, second] = args
    if (name === 'input' && atFrameOf(second) === undefined) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the page asked itself, by the typed map of commands
      this.#kept.untaken.accepted(first as DeviceInput)
    }
    if (name === 'applyRevision') this.#kept.revision = revisionIn(args)
    if (name === 'setSaved' && isSavedData(first)) this.#kept.saved = first
    if (name === 'setVerifying' && (second === 'setting' || second === 'battery')) {
      if (first === true) this.#verifyingOff.delete(second)
      else this.#verifyingOff.add(second)
    }
    if (name === 'setLayerVisible' && typeof first === 'string') {
      if (second === true) this.#kept.hidden.delete(first)
      else this.#kept.hidden.add(first)
    }
  }

  /** Once the program runs, and no other engine is about to take over. */
  #wantStandby(): void {
    if (this.#standby !== undefined || this.#standbyTimer !== undefined || this.#link.pulse === undefined) return
    if (this.#link.isDisposed || this.#recovery !== undefined || (this.#kept.status?.frame ?? 0) === 0) return
    this.#standbyTimer = setTimeout(() => {
      this.#standbyTimer = undefined
      this.#startStandby()
    }, this.#standbyAfterMs)
  }

  #startStandby(): void {
    const { captures } = this.#kept
    const standby = this.#start()
    this.#standby = standby
    this.#standbyWatch = standby.pulse === undefined ? undefined : new HangWatch(standby.pulse, limitMs)
    if (captures === undefined || !this.#isRehearsing) return
    const serve = (): void => {
      if (this.#standby !== standby) return
      const { port1, port2 } = new MessageChannel()
      standby.send({ kind: 'serve' }, [port1])
      this.#link.send({ kind: 'standby', ...(captures instanceof ArrayBuffer ? {} : { captures }) }, [port2])
    }
    // Until it has loaded, a save does not wait for it. One that was ended before serves nobody.
    standby.command('status').then(serve, () => undefined)
  }

  /** It hung in a rehearsal, or died: what it tried out is refused, and another takes its place. */
  #standbyLost(hang?: Hang): void {
    this.#standby?.abandon()
    this.#standby = undefined
    const end =
      hang === undefined
        ? {
            message: 'It ended the thread it was tried out in',
            module: undefined,
            file: undefined,
            phase: 'rehearse' as const,
          }
        : reportRehearsal(hang)
    this.#link.send({ kind: 'standby-gone', end })
    if (hang !== undefined) {
      const source = this.#kept.takeOver(this.#options.store, 'boundary', undefined, frameNumber(hang.frame))
      void this.#tellLoop(end.message, source, this.#asked)
    }
    // One that can't be loaded is not tried again at once.
    if (hang === undefined) this.#wantStandby()
    else this.#startStandby()
  }

  #endStandby(): void {
    clearTimeout(this.#standbyTimer)
    this.#standbyTimer = undefined
    this.#standby?.dispose()
    this.#standby = undefined
  }

  #look(): void {
    if (this.#recovery !== undefined) return
    const rehearsed = this.#standby === undefined ? undefined : this.#standbyWatch?.look(performance.now())
    if (rehearsed !== undefined) this.#standbyLost(rehearsed)
    const hang = this.#watch?.look(performance.now())
    if (hang === undefined) return
    const unanswered = this.#link.abandon()
    this.#recovery = this.#recover(hang, unanswered)
      .catch((error: unknown) => {
        const reason = messageOf(error)
        this.#options.emit({ type: 'internal-error', message: `The engine hung, and no other could go on: ${reason}` })
        for (const { name, reject } of unanswered)
          reject(new CoppiceError('closed', `"${name}" got no answer: the engine hung`))
      })
      .finally(() => {
        this.#recovery = undefined
        this.#wantStandby()
      })
  }

  async #recover(hang: Hang, unanswered: readonly Unanswered[]): Promise<void> {
    const started = performance.now()
    const report = reportHang(hang, unanswered, this.#kept.revision, this.#options.store)
    this.#options.layersGone()
    const waits = unanswered.filter(({ name }) => name === 'waitFor')
    const { lost, link, source } = await this.#goOn(report, waits, frameNumber(hang.frame))
    this.#link = link
    this.#standbyAfterMs = nextStandbyAfterMs
    this.#useLink()
    for (const module of this.#kept.hidden) void link.command('setLayerVisible', module, false)
    for (const input of this.#kept.untaken.list()) void link.command('input', input)
    for (const command of unanswered) if (command.name !== 'waitFor') this.#askAgain(command, hang, report)
    this.#options.hungEnded({ ...report, lost, recoveryMs: performance.now() - started })
    void this.#tellLoop(report.message, source, report.refused === undefined ? undefined : this.#asked)
  }

  /** Once it is known which loop did not come to an end, the program's engine says so where it told of the hang. */
  async #tellLoop(message: string, source: TakeOver | undefined, revision: ProgramRevision | undefined): Promise<void> {
    const { startEngine, store, watchLoops } = this.#options
    if (watchLoops === undefined) return
    await new Promise((resolve) => setTimeout(resolve, searchAfterMs))
    try {
      const asked = revision === undefined ? undefined : store.complete(revision)
      const place = await findLoop({ startEngine, store, watchLoops }, source, asked)
      if (place !== undefined) await this.command('locateError', message, place)
    } catch {
      // The server is away, or the program has ended: the message says what is known without it.
    }
  }

  /** The program in the next engine, and why it is not where it was. Who waits does so from before its start: nothing is missed. */
  async #goOn(
    report: HangReport,
    waits: readonly Unanswered[],
    frame: FrameNumber,
  ): Promise<{ readonly link: EngineLink; readonly lost: string | undefined; readonly source: TakeOver | undefined }> {
    const { store } = this.#options
    const next = this.#standby ?? this.#start()
    this.#standby = undefined
    for (const { name, args, resolve, reject } of waits) next.ask(name, args).then(resolve, reject)
    const source = this.#kept.takeOver(store, report.at, report.guilty, frame)
    // It hung before anything ran: what it was asked is asked again.
    if (source === undefined) {
      await next.command('setSaved', this.#kept.saved)
      return { link: next, lost: undefined, source }
    }
    try {
      // Before it runs, as its first frame may hang: the one after it goes on from these.
      const captures = await endingWith(next, capturesOf(next))
      await endingWith(next, next.command('takeOver', source))
      this.#kept.captures = captures ?? this.#kept.captures
      return { link: next, lost: undefined, source }
    } catch (error) {
      const lost = messageOf(error)
      const waiting = next.abandon().filter(({ name }) => name === 'waitFor')
      const fresh = this.#start()
      for (const { name, args, resolve, reject } of waiting) fresh.ask(name, args).then(resolve, reject)
      const { guilty, refused } = report
      const code = source.revision.modules.find(({ module }) => module === guilty?.module)
      const ofGuilty =
        guilty === undefined || code === undefined || !('entry' in code)
          ? refused
          : { module: guilty.module, entry: code.entry, phase: 'trial' as const, error: guilty.error }
      const options = ofGuilty === undefined ? {} : { refused: ofGuilty }
      await fresh.command('setSaved', source.saved ?? {})
      const captures = await endingWith(fresh, capturesOf(fresh))
      await endingWith(fresh, fresh.command('applyRevision', source.revision, options))
      this.#kept.captures = captures ?? this.#kept.captures
      return { link: fresh, lost, source }
    }
  }

  #askAgain(command: Unanswered, hang: Hang, { message, refused }: HangReport): void {
    const { name, args, resolve, reject } = command
    if (name === 'attachLayer') {
      // The next engine asked for a canvas of its own.
      resolve(undefined)
      return
    }
    if (!isAskedAgain(command, hang)) {
      reject(new CoppiceError('interrupted', `"${name}" was given up: ${message}. The program goes on without it.`))
      return
    }
    const revision = name === 'applyRevision' ? revisionIn(args) : undefined
    const isHung = refused !== undefined && command.id <= hang.command
    const again =
      revision === undefined
        ? args
        : [this.#options.store.complete(revision), isHung ? { ...asObject(args[1]), refused } : args[1]]
    this.#link.ask(name, again).then(resolve, reject)
  }
}

/** Undefined where memory is not shared: copies come as events. */
async function capturesOf(link: EngineLink): Promise<SharedArrayBuffer | undefined> {
  return link.isSharing ? link.command('captures') : undefined
}

/** Rejects where the worker hangs before it has answered. */
async function endingWith<Answer>({ pulse }: EngineLink, answer: Promise<Answer>): Promise<Answer> {
  if (pulse === undefined) return answer
  const watch = new HangWatch(pulse, limitMs)
  let timer: ReturnType<typeof setInterval> | undefined
  const hung = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (watch.look(performance.now()) !== undefined) reject(new CoppiceError('timeout', 'the next one hung too'))
    }, lookEveryMs)
  })
  try {
    return await Promise.race([answer, hung])
  } finally {
    clearInterval(timer)
  }
}

function atFrameOf(options: unknown): unknown {
  return typeof options === 'object' && options !== null && 'atFrame' in options ? options.atFrame : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The page's own argument, which the typed map of commands has checked. */
function isSavedData(value: unknown): value is SavedData {
  return typeof value === 'object' && value !== null
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
