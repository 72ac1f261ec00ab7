// A subscription as what it is at reading (MB3): a view on the queue. `every`, `latest` and `max` hold nothing back on the way there.

import { CoppiceError } from '../../protocol/errors.ts'
import type { Subscription } from '../../protocol/module.ts'
import { checkPattern } from '../../protocol/topic.ts'

/** Plain data, every field present. */
export interface SubscriptionView {
  readonly topic: string
  /** Seconds of engine time; 0 for none. */
  readonly every: number
  readonly latest: boolean
  /** Infinity for none. */
  readonly max: number
}

/** Fills in what an author may leave out. Throws `invalid-argument` for a bad one, naming `module`. */
export function subscriptionView(module: string, subscription: Subscription): SubscriptionView {
  const {
    topic,
    every = 0,
    latest = false,
    max = Infinity,
  } = typeof subscription === 'string' ? { topic: subscription } : subscription
  const problem = checkPattern(topic)
  if (problem !== undefined) throw refused(module, problem)
  if (!(every >= 0)) throw refused(module, `"every" of ${topic} must be 0 or more seconds`)
  if (!(max >= 1)) throw refused(module, `"max" of ${topic} must be 1 or more`)
  return { topic, every, latest, max }
}

/** It lets through all that matches, at once. */
export function isPlainView({ every, latest, max }: SubscriptionView): boolean {
  return every === 0 && !latest && max === Infinity
}

function refused(module: string, problem: string): CoppiceError {
  return new CoppiceError('invalid-argument', `subscribe of ${module}: ${problem}`)
}
