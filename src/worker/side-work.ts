// What a thread beside the engine's does with what it is sent: the same in a nested worker and in a thread of Node. One computes tasks or
// seats modules; nothing keeps it from both.

import { messageOf } from '../engine/reload-failure.ts'
import type { PrepareRequest, SeatId } from '../protocol/module-host.ts'
import type { ContentHash } from '../protocol/values.ts'
import { CallIntake } from './call-intake.ts'
import { createCodeRoom } from './code-room.ts'
import { SeatedModule } from './seated-module.ts'
import type { SideAnswer, SideRequest } from './side-thread.ts'
import { computeTask } from './task-computing.ts'
import { createTurns } from './turns.ts'

/** Versions that stay evaluated for tasks. */
const keptVersions = 8

export interface SideWorkOptions {
  /** Posts back. */
  readonly answer: (message: SideAnswer) => void
  /** The thread is nobody else's: it may stand and wait for calls. */
  readonly canStand: boolean
}

/** Takes one message after the other. */
export const createSideWork = ({ answer, canStand }: SideWorkOptions): ((message: SideRequest) => void) => {
  // A task is pure: what it writes to the console is nobody's.
  const room = createCodeRoom(() => undefined)
  let recent: readonly ContentHash[] = []
  const seats = new Map<SeatId, SeatedModule>()
  const generations = new Map<SeatId, number>()
  let intake: CallIntake | undefined
  let preparing = 0
  const later = createTurns()

  const prepare = async (request: PrepareRequest): Promise<void> => {
    const { seat, generation, thread } = request
    intake ??= new CallIntake({
      memory: thread,
      run: (called) => seats.get(called)?.call(),
      isBusy: () => !canStand || preparing > 0,
      later,
    })
    generations.set(seat, generation)
    preparing++
    try {
      const module = await SeatedModule.prepare(request)
      if (generations.get(seat) !== generation) {
        module.dispose()
        return
      }
      seats.get(seat)?.dispose()
      seats.set(seat, module)
      answer({ kind: 'prepared', seat, generation, result: { ok: true, memory: module.memory } })
    } catch (error) {
      answer({ kind: 'prepared', seat, generation, result: { ok: false, message: messageOf(error) } })
    } finally {
      preparing--
    }
  }

  return (message) => {
    switch (message.kind) {
      case 'task': {
        const { order, texts } = message
        recent = [...recent.filter((entry) => entry !== order.entry), order.entry].slice(-keptVersions)
        room.code.release(recent)
        void computeTask(room, order, texts).then((end) => answer({ kind: 'task-ended', end }))
        return
      }
      case 'prepare':
        void prepare(message)
        return
      case 'look':
        intake?.look()
        return
      case 'close':
        generations.delete(message.seat)
        seats.get(message.seat)?.dispose()
        seats.delete(message.seat)
    }
  }
}
