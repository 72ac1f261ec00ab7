// Whether the program that runs is reproducible (HS6), as far as it is known: now and then some of its last frames are computed again in the
// standby, and what differs is told until new code is there and comes out right. How often, and how many frames, follows from what it takes.
//
//   agreed ──(a share of one core later)──► asked ──► agreed
//      ▲                                     └─ diverged: problem, `reproducible` false ──new code──► asked ──► agreed, twice ─┐
//      └───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘

import { frameNumber } from '../../protocol/values.ts'
import type { Milliseconds, Moment } from '../../protocol/values.ts'
import type { Divergence, VerificationRequest, VerificationResult } from '../../protocol/verification.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Program } from '../program.ts'

/** Of one core, for all of it. */
const share = 0.02
const leastPauseMs = 2000
/** What one verification is to take: a rehearsal may have to wait for it. */
const aimMs = 8
const firstSpan = 8
const longestSpan = 120
/** In a row, after which what diverged is taken to be mended. */
const enoughAgreed = 2

/** Why frames are not computed again. */
export type OffReason = 'setting' | 'battery'

/** One engine's. */
export class Reproducibility {
  readonly #core: EngineCore
  readonly #off = new Set<OffReason>()
  #nextAt: Milliseconds = 0
  #isAsked = false
  /** Where captures are far apart: the first of two that are made for this. */
  #begun: Moment | undefined
  /** Frames. */
  #span = firstSpan
  #diverged: { readonly problem: string; readonly code: string; agreed: number } | undefined

  constructor(core: EngineCore) {
    this.#core = core
  }

  /** Nothing is known that speaks against it. */
  get isReproducible(): boolean {
    return this.#diverged === undefined && this.#core.program.manifest?.math !== 'native'
  }

  /** Undefined: they are. */
  get offReason(): OffReason | undefined {
    return this.#off.has('setting') ? 'setting' : this.#off.has('battery') ? 'battery' : undefined
  }

  setOff(reason: OffReason, isOff: boolean): void {
    if (isOff) this.#off.add(reason)
    else this.#off.delete(reason)
  }

  /** After each frame. */
  frameRan(): void {
    const { standby, host, rehearsals, program } = this.#core
    if (standby === undefined || this.#isAsked) return
    if (this.#begun !== undefined) {
      if (program.timeline === this.#begun.timeline && program.frame < this.#begun.frame + this.#span) return
      const from = this.#begun
      this.#begun = undefined
      if (captureNow(this.#core)) this.#ask(from)
      return
    }
    const now = host.clock.now()
    if (now < this.#nextAt) return
    this.#nextAt = now + leastPauseMs
    if (!rehearsals.isWarm) rehearsals.warmUp()
    else if (this.#off.size === 0) this.#begin()
  }

  #begin(): void {
    const { program, history } = this.#core
    // Until other code is there it would only diverge again; and captures are needed that the standby can read.
    if (codeKey(program) === this.#diverged?.code || history.copies !== undefined) return
    const from = captureBefore(this.#core, this.#span)
    if (from !== undefined) this.#ask(from)
    else if (captureNow(this.#core)) this.#begun = program.moment
  }

  #ask(from: Moment): void {
    const { standby, program } = this.#core
    const code = codeKey(program)
    const request = requestFor(this.#core, from)
    if (standby === undefined || request === undefined) return
    this.#isAsked = true
    standby
      .verify(request)
      .catch((error: unknown): VerificationResult => ({ kind: 'skipped', reason: String(error) }))
      .then((result) => {
        this.#isAsked = false
        this.#answered(result, request, code)
      })
      // A bug of ours: told where others are.
      .catch((error: unknown) => this.#core.reporter.emit({ type: 'internal-error', message: String(error) }))
  }

  #answered(result: VerificationResult, { from, to }: VerificationRequest, code: string): void {
    const { program } = this.#core
    if (program.timeline !== to.timeline || codeKey(program) !== code) return
    switch (result.kind) {
      case 'agreed': {
        const { ms } = result
        const frames = to.frame - from.frame
        const fitting = Math.round((frames * aimMs) / Math.max(ms, 0.1))
        // A first one takes longer than those that follow: not at once more than twice as many.
        this.#span = Math.max(1, Math.min(longestSpan, fitting, frames * 2))
        this.#nextAt = this.#core.host.clock.now() + Math.max(leastPauseMs, ms / share)
        this.#agreed()
        return
      }
      case 'skipped':
        this.#span = Math.max(1, this.#span >> 1)
        return
      case 'diverged':
        this.#tell(result, code)
    }
  }

  #agreed(): void {
    if (this.#diverged === undefined || ++this.#diverged.agreed < enoughAgreed) return
    this.#core.problems.clear(this.#diverged.problem)
    this.#diverged = undefined
    this.#core.tellProblems()
    this.#core.reporter.statusChanged()
  }

  #tell({ module, frame, path, recorded, computed }: Divergence, code: string): void {
    const { problems, program, reporter } = this.#core
    if (this.#diverged !== undefined) problems.clear(this.#diverged.problem)
    const id = `reproducibility:${module}`
    this.#diverged = { problem: id, code, agreed: 0 }
    const file = program.module(module)?.manifest.path
    const message = `Frame ${frame} of ${module}, computed again, came out another way: ${path} is ${computed}, and was ${recorded}.`
    const consequence =
      'it runs on, but undo, replay and recovery from a hang may lead it elsewhere. Keep in the state what lives from frame to frame: typical causes are a top-level variable that changes, data kept in a closure, resources without `snapshot` and `restore`'
    problems.set({
      id,
      source: 'replay',
      severity: 'warning',
      module,
      message,
      ...(file === undefined ? {} : { file }),
      moment: program.moment,
      consequence,
    })
    this.#core.append(module, 'warning', message, undefined)
    this.#core.tellProblems()
    reporter.statusChanged()
  }
}

/** Tells programs of other code apart. */
export function codeKey({ modules }: Program): string {
  return modules.map(({ name, entry }) => `${entry} ${name}`).join()
}

/** A capture of some `span` frames before the newest, and no more; undefined where captures are further apart, as they take long. */
function captureBefore({ program, history }: EngineCore, span: number): Moment | undefined {
  const { capture, commitSequence } = history
  const { timeline, frame } = program
  const newest = capture.lastComplete
  if (newest?.timeline !== timeline || frame - newest.frame > span) return undefined
  const found = capture.completeFrom({ timeline, frame: frameNumber(newest.frame - span) }, commitSequence)
  return found === undefined || found.moment.frame >= newest.frame ? undefined : found.moment
}

/** Captures the program as it is between two frames. False where that can't be done. */
function captureNow({ program, history: { capture } }: EngineCore): boolean {
  capture.capture(program)
  return capture.lastComplete?.timeline === program.timeline && capture.lastComplete.frame === program.frame
}

/** From that capture to the newest; undefined where one was dropped, or a commit came in between. */
function requestFor({ program, history, code }: EngineCore, from: Moment): VerificationRequest | undefined {
  const { capture, journal, commitSequence } = history
  const { manifest, timeline } = program
  const to = capture.lastComplete
  const newest = to?.timeline === timeline ? capture.find(to) : undefined
  const oldest = from.timeline === timeline ? capture.find(from) : undefined
  if (to === undefined || newest === undefined || oldest === undefined || manifest === undefined) return undefined
  const upTo = capture.sequenceOf(newest)
  const after = capture.sequenceOf(oldest)
  if (after < commitSequence) return undefined
  const hashes = new Set(program.modules.flatMap(({ entry }) => [...code.reach(entry)]))
  return {
    manifest,
    texts: [...hashes].map((hash) => code.text(hash)).filter((text) => text !== undefined),
    from,
    to,
    entries: journal.after(timeline, after).filter(({ sequence }) => sequence <= upTo),
  }
}
