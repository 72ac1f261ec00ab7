// Whether a program's own part of a capture would say what it said in the frame before: told from the program itself, without making
// the part. So it is in most frames, in which nothing but time goes on.

import type { ModuleInstance } from '../module-instance.ts'
import type { Program, ProgramTime } from '../program.ts'
import { isOddModule, isUsualTime } from './program-parts.ts'

/** Remembers one program as it was captured last. */
export class ProgramWatch {
  #time: ProgramTime | undefined
  #sequence = -1
  #busAge = 0
  #modules: readonly ModuleInstance[] = []
  /** As `ProgramPart.callAges`. */
  readonly #ages: number[] = []
  #isUsual = false

  /** Looks at the program, and remembers it. `hasStale`: the record has parts of another moment. */
  isUnchanged(program: Program, sequence: number, hasStale: boolean): boolean {
    const { frame, modules, bus } = program
    const time = program.placeInTime()
    const busAge = frame - bus.frame
    const before = this.#time
    const wasUsual = this.#isUsual
    let isUsual = !hasStale && program.inputs.isEmpty && isUsualTime(time, bus)
    let isSame =
      before !== undefined &&
      sequence === this.#sequence &&
      busAge === this.#busAge &&
      modules === this.#modules &&
      time.isFrameOpen === before.isFrameOpen &&
      time.seed === before.seed &&
      time.targetFps === before.targetFps &&
      time.baseFrame === before.baseFrame &&
      time.baseSeconds === before.baseSeconds &&
      time.view === before.view
    for (let index = 0; index < modules.length; index++) {
      const module = modules[index]
      if (module === undefined) continue
      const { lastCall, wheel } = module.context
      const age = frame - lastCall
      isUsual &&= wheel === 0 && !isOddModule(module)
      isSame &&= age === this.#ages[index]
      this.#ages[index] = age
    }
    this.#time = time
    this.#sequence = sequence
    this.#busAge = busAge
    this.#modules = modules
    this.#isUsual = isUsual
    return isSame && isUsual && wasUsual
  }
}
