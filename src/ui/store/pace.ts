// What is asked or drawn again and again follows the engine's own batches of events (engine/reporter.ts), so that all of
// it lands in one picture of the page: a picture costs about the same, whether one figure in it changed or all did.

import type { Milliseconds } from '../../protocol/values.ts'

/** No longer than this is another batch waited for. */
const patienceMs: Milliseconds = 150
/** Batches come with whole frames, never quite on time: one that is so much early is taken. */
const earlyMs: Milliseconds = 20

/** The client, as far as it tells of batches. */
interface StatusSource {
  on(type: 'status', listener: () => void): () => unknown
}

/** Calls the listener until the returned function is called. */
type Subscribe = (listener: () => void) => () => unknown

/**
 * Calls `run` as a batch comes, at most every `ms()` or so. A batch that is too early is made up for by the first in
 * time, or by the clock where no more come. Returns how to end it.
 */
export function paced(subscribe: Subscribe, ms: () => Milliseconds, run: () => void): () => void {
  let lastAt = performance.now()
  let late: ReturnType<typeof setTimeout> | undefined
  const runNow = (): void => {
    clearTimeout(late)
    late = undefined
    lastAt = performance.now()
    run()
  }
  const off = subscribe(() => {
    const waitMs = lastAt + ms() - performance.now()
    if (waitMs <= earlyMs) runNow()
    else late ??= setTimeout(runNow, waitMs + patienceMs)
  })
  return () => {
    off()
    clearTimeout(late)
  }
}

/** Asks the engine at once, and again every `ms` or so as frames run, once the last answer has come; `ask` never rejects. */
export function askAgain(client: StatusSource, ms: Milliseconds, ask: () => Promise<void>): () => void {
  let isAsked = false
  const askNow = (): void => {
    if (isAsked) return
    isAsked = true
    void ask().finally(() => {
      isAsked = false
    })
  }
  askNow()
  return paced(
    (listener) => client.on('status', listener),
    () => ms,
    askNow,
  )
}
