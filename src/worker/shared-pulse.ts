// Writes what the engine is at into memory that the page shares (protocol/pulse.ts). A few stores per call and no allocation: it is
// done around every call into a module's code.

import type { Pulse } from '../engine/host.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import { callPhases, pulseNamesAt, pulseSlots } from '../protocol/pulse.ts'
import type { FrameNumber } from '../protocol/values.ts'

const slotCount = Object.keys(pulseSlots).length
const phaseNumbers = new Map(callPhases.map((phase, number) => [phase, number]))

/** One engine's pulse. */
export class SharedPulse implements Pulse {
  readonly #slots: Int32Array
  readonly #units: Uint16Array
  /** Places of the names written so far. */
  readonly #places = new Map<string, number>()
  #end = pulseNamesAt

  constructor(memory: SharedArrayBuffer | ArrayBuffer) {
    this.#slots = new Int32Array(memory)
    this.#units = new Uint16Array(memory)
  }

  /** What stands at the start of the memory, in order. */
  get slots(): readonly number[] {
    return [...this.#slots.subarray(0, slotCount)]
  }

  /** Where the names written so far end, in UTF-16 units. */
  get namesEnd(): number {
    return this.#end
  }

  enter(module: string, phase: CallPhase): void {
    const slots = this.#slots
    slots[pulseSlots.module] = this.#places.get(module) ?? this.#write(module)
    slots[pulseSlots.phase] = phaseNumbers.get(phase) ?? 0
    Atomics.add(slots, pulseSlots.beat, 1)
  }

  leave(): void {
    this.#slots[pulseSlots.phase] = 0
  }

  frame(frame: FrameNumber, isOpen: boolean): void {
    this.#slots[pulseSlots.frame] = frame
    this.#slots[pulseSlots.isFrameOpen] = isOpen ? 1 : 0
  }

  /** The file whose top level runs from here on; undefined: none is left. */
  loading(file: string | undefined): void {
    this.#slots[pulseSlots.loading] = file === undefined ? 0 : (this.#places.get(file) ?? this.#write(file))
    Atomics.add(this.#slots, pulseSlots.beat, 1)
  }

  /** A command of that id is begun. */
  begun(command: number): void {
    this.#slots[pulseSlots.command] = command
  }

  /** To be called several times a second, in turns of its own. */
  beatAlive(): void {
    Atomics.add(this.#slots, pulseSlots.alive, 1)
  }

  /** Names that find no room are told as nothing. */
  #write(name: string): number {
    const place = this.#end
    if (place + 1 + name.length > this.#units.length) return 0
    this.#units[place] = name.length
    for (let index = 0; index < name.length; index++) this.#units[place + 1 + index] = name.charCodeAt(index)
    this.#end = place + 1 + name.length
    this.#places.set(name, place)
    return place
  }
}
