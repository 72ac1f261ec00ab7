// Files of code read in the turn that asks: they are small, and every save waits for a few of them. Each step through Node's
// thread pool would wait its turn among all that the machine does, which on a busy one is most of what a save takes.

import { readFileSync, statSync, type Stats } from 'node:fs'

/** There is no such file. */
export const isMissing = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** Undefined where there is no such file. Throws where it can't be read. */
export const readBytes = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Undefined where there is nothing to read, whatever the reason. */
export const bytesThere = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Undefined where there is nothing to look at, whatever the reason. */
export const statThere = (file: string): Stats | undefined => {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}
