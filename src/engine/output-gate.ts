// Where outputs leave the engine (FL10): those of a frame leave once, when it first becomes the present, and before the next frame's
// modules are called, so that a hang there loses none. Frames computed again, rehearsed, or stepped through in the past let nothing out.
//
//   module's call ─► Program.outputs ─► frame ends, trials have decided which past is the present's ─► gate ─► event `outputs`
//
// While a reload is on trial the gate remembers what left, so that its receipt can say what had been sent when it is taken back.

import type { FrameOutputs, Output, SentOutput } from '../protocol/outputs.ts'
import { frameNumber } from '../protocol/values.ts'
import type { FrameNumber, Moment, TimelineId } from '../protocol/values.ts'
import type { Program } from './program.ts'
import { StateHasher } from './state-hash.ts'

/** What is remembered of trials' frames; more is forgotten, oldest first. */
const limit = 5000

interface Sent {
  readonly moment: Moment
  readonly output: Pick<SentOutput, 'kind' | 'module' | 'what'>
  /** Of all of it. */
  readonly digest: string
}

export interface OutputGateOptions {
  /** They leave now, and not when the engine's turn ends. */
  readonly send: (outputs: FrameOutputs) => void
}

/** The gate of one engine. */
export class OutputGate {
  readonly #options: OutputGateOptions
  readonly #hasher = new StateHasher()
  readonly #lastFrames = new Map<TimelineId, FrameNumber>()
  #sent: Sent[] = []

  constructor(options: OutputGateOptions) {
    this.#options = options
  }

  /** Another engine let the outputs out up to this frame, its own included. */
  adopt({ timeline, frame }: Moment): void {
    this.#lastFrames.set(timeline, frame)
  }

  /** The newest frame of the present program has ended, and stays. `isOnTrial`: it may still be taken back. */
  letGo(program: Program, isOnTrial: boolean): void {
    const { moment } = program
    if (!isOnTrial && this.#sent.length > 0) this.#sent = []
    if (moment.frame <= (this.#lastFrames.get(moment.timeline) ?? 0)) return
    this.#lastFrames.set(moment.timeline, moment.frame)
    const outputs = program.outputs.list(program.modules)
    if (outputs.length === 0) return
    this.#options.send({ moment, outputs })
    if (!isOnTrial) return
    for (const output of outputs) this.#sent.push({ moment, output: nameOf(output), digest: this.#digestOf(output) })
    if (this.#sent.length > limit) this.#sent.splice(0, this.#sent.length - limit)
  }

  /** Frames after `since` have another past now, with these outputs: what left of the old one, and is not in the new. */
  takenBack(since: Moment, computed: readonly FrameOutputs[]): readonly SentOutput[] {
    const known = new Map<string, number>()
    for (const { moment, outputs } of computed) {
      for (const output of outputs) {
        const key = `${moment.frame} ${this.#digestOf(output)}`
        known.set(key, (known.get(key) ?? 0) + 1)
      }
    }
    const isGone = ({ moment, digest }: Sent): boolean => {
      if (moment.timeline !== since.timeline || moment.frame <= since.frame) return false
      const key = `${moment.frame} ${digest}`
      const left = known.get(key) ?? 0
      known.set(key, left - 1)
      return left <= 0
    }
    const gone: Sent[] = []
    const stays: Sent[] = []
    for (const sent of this.#sent) (isGone(sent) ? gone : stays).push(sent)
    // They are told of once.
    this.#sent = stays
    return folded(gone)
  }

  #digestOf(output: Output): string {
    this.#hasher.reset()
    this.#hasher.add(output)
    return this.#hasher.digest()
  }
}

/** Equal ones as one, in the order of the first. */
function folded(sent: readonly Sent[]): readonly SentOutput[] {
  const byName = new Map<string, SentOutput>()
  for (const { moment, output } of sent) {
    const key = `${output.kind} ${output.module ?? ''} ${output.what}`
    const { moment: first, count } = byName.get(key) ?? { moment, count: 0 }
    byName.set(key, { ...output, moment: first, lastFrame: frameNumber(moment.frame), count: count + 1 })
  }
  return [...byName.values()]
}

function nameOf(output: Output): Sent['output'] {
  const { kind, module } = output
  const whose = module === undefined ? {} : { module }
  switch (output.kind) {
    case 'sound':
      return { kind, ...whose, what: output.file }
    case 'save':
      return { kind, ...whose, what: output.key }
    case 'socket':
      return { kind, ...whose, what: `${output.socket} ${output.topic}` }
  }
}
