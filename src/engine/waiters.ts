// Who waits for something to happen in the program (`waitFor`): looked through at each frame boundary, given up after a number
// of frames.

import type { WaitCondition } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { getAt, toDataPath } from './data-path.ts'
import type { Program } from './program.ts'
import { isSameData } from './resources.ts'

const defaultTimeoutFrames = 600

interface Waiter {
  readonly condition: WaitCondition
  readonly timeoutFrames: number
  framesLeft: number
  isMet: boolean
  readonly resolve: () => void
  readonly reject: (error: CoppiceError) => void
}

export class Waiters {
  #waiting: Waiter[] = []
  readonly #topics = new Set<string>()

  /** Resolves at the first frame boundary at which the condition holds, which may be this one. Rejects with `timeout`. */
  wait(condition: WaitCondition, program: Program, timeoutFrames = defaultTimeoutFrames): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { condition, timeoutFrames, framesLeft: timeoutFrames, isMet: false, resolve, reject }
      if (isMetNow(condition, program)) {
        resolve()
        return
      }
      if ('topic' in condition) this.#topics.add(condition.topic)
      this.#waiting.push(waiter)
    })
  }

  /** A message was delivered. */
  delivered(topic: string): void {
    if (!this.#topics.has(topic)) return
    for (const waiter of this.#waiting) {
      if ('topic' in waiter.condition && waiter.condition.topic === topic) waiter.isMet = true
    }
  }

  receiptAdded(receipt: Receipt): void {
    for (const waiter of this.#waiting) {
      if ('receipt' in waiter.condition && waiter.condition.receipt === receipt.outcome) waiter.isMet = true
    }
    this.#settle((waiter) => waiter.isMet)
  }

  /** At a boundary. `isAfterFrame`: a frame has run since the last look. */
  look(program: Program, isAfterFrame: boolean): void {
    if (this.#waiting.length === 0) return
    this.#settle((waiter) => waiter.isMet || isMetNow(waiter.condition, program))
    if (!isAfterFrame) return
    const late: Waiter[] = []
    for (const waiter of this.#waiting) {
      waiter.framesLeft--
      if (waiter.framesLeft <= 0) late.push(waiter)
    }
    if (late.length === 0) return
    this.#waiting = this.#waiting.filter((waiter) => !late.includes(waiter))
    for (const { reject, condition, timeoutFrames } of late) {
      reject(new CoppiceError('timeout', `Waited ${timeoutFrames} frames in vain for ${describeCondition(condition)}.`))
    }
  }

  /** Nobody will be told any more. */
  close(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new CoppiceError('closed', 'The engine was closed.'))
  }

  #settle(isDone: (waiter: Waiter) => boolean): void {
    const done = this.#waiting.filter(isDone)
    if (done.length === 0) return
    this.#waiting = this.#waiting.filter((waiter) => !done.includes(waiter))
    this.#topics.clear()
    for (const { condition } of this.#waiting) if ('topic' in condition) this.#topics.add(condition.topic)
    for (const { resolve } of done) resolve()
  }
}

function isMetNow(condition: WaitCondition, program: Program): boolean {
  if ('frame' in condition) return program.frame >= condition.frame
  if (!('module' in condition)) return false
  if (program.module(condition.module) === undefined) return false
  try {
    return program.read(condition.module, (state) =>
      isSameData(getAt(state, toDataPath(condition.path)), condition.equals),
    )
  } catch (error) {
    // A path that leads nowhere yet may do so later.
    if (error instanceof CoppiceError) return false
    throw error
  }
}

function describeCondition(condition: WaitCondition): string {
  if ('frame' in condition) return `frame ${condition.frame}`
  if ('topic' in condition) return `a message on ${condition.topic}`
  if ('receipt' in condition) return `a receipt that says ${condition.receipt}`
  const path = typeof condition.path === 'string' ? condition.path : JSON.stringify(condition.path)
  return `${path} of ${condition.module} to be ${JSON.stringify(condition.equals) ?? 'undefined'}`
}
