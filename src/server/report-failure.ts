// How a command of ours ends when it can't do what was asked: what is expected in one line, a bug with its stack.

import { CoppiceError } from '../protocol/errors.ts'

/** Prints to stderr and ends the process with exit code 1. */
export const reportFailure = (error: unknown): never => {
  const isExpected = error instanceof CoppiceError || (error instanceof Error && /port|address/i.test(error.message))
  const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
