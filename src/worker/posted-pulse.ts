// Shows what the engine is at where memory can't be shared: each change is posted to the page before the call begins, which keeps the same
// memory for itself (protocol/pulse.ts). A message that was posted arrives also where this thread never comes to rest again.

import type { Pulse } from '../engine/host.ts'
import { pulseBytes, type CallPhase, type PulseMessage } from '../protocol/pulse.ts'
import type { FrameNumber } from '../protocol/values.ts'
import { SharedPulse } from './shared-pulse.ts'

/** Calls within frames that are told between two signs of life; of more the last is not known. */
const mostCalls = 300

/** One engine's pulse, posted. */
export class PostedPulse implements Pulse {
  readonly #memory = new ArrayBuffer(pulseBytes)
  readonly #pulse = new SharedPulse(this.#memory)
  readonly #post: (message: PulseMessage) => void
  #namesSent = 0
  #calls = 0

  constructor(post: (message: PulseMessage) => void) {
    this.#post = post
  }

  enter(module: string, phase: CallPhase): void {
    this.#pulse.enter(module, phase)
    if (++this.#calls <= mostCalls || !isOfFrame(phase)) this.#send()
  }

  leave(): void {
    this.#pulse.leave()
  }

  frame(frame: FrameNumber, isOpen: boolean): void {
    this.#pulse.frame(frame, isOpen)
    this.#send()
  }

  loading(file: string | undefined): void {
    this.#pulse.loading(file)
    this.#send()
  }

  begun(command: number): void {
    this.#pulse.begun(command)
    this.#send()
  }

  beatAlive(): void {
    this.#calls = 0
    this.#pulse.beatAlive()
    this.#send()
  }

  #send(): void {
    const { slots, namesEnd } = this.#pulse
    const names = namesEnd > this.#namesSent ? this.#memory.slice(0, namesEnd * 2) : undefined
    this.#namesSent = namesEnd
    this.#post({ kind: 'pulse', slots, ...(names === undefined ? {} : { names }) })
  }
}

/** Called many times a second. */
function isOfFrame(phase: CallPhase): boolean {
  return phase === 'process' || phase === 'expose' || phase === 'snapshot' || phase === 'capture' || phase === 'render'
}
