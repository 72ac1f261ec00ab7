// SHA-256 of what is named, first 32 hexadecimal digits: the address of file contents and of code texts.

import { createHash } from 'node:crypto'
import { type ContentHash, contentHash } from '../protocol/values.ts'

/** Hash of the parts in order; each part is kept apart from the next. A single part is hashed as it is. */
export const hashOf = (...parts: readonly (string | Uint8Array)[]): ContentHash => {
  const hash = createHash('sha256')
  for (const [index, part] of parts.entries()) {
    if (index > 0) hash.update('\0')
    hash.update(part)
  }
  return contentHash(hash.digest('hex').slice(0, 32))
}
