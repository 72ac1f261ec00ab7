// Where Coppice itself stands on disk: the source tree, a packed install, or a link to either.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const isOurs = (folder: string): boolean => {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return false
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === 'coppice'
}

/** The folder of our package.json, looked for upwards; absolute. Throws where this file was moved out of the package. */
export const findPackageRoot = (from: string = import.meta.dirname): string => {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOurs(folder)) return folder
    if (dirname(folder) === folder)
      throw new Error(`No package.json of coppice above ${from}. Install the package whole.`)
  }
}
