// Changes to the text of engine.json that keep its formatting and comments: a module added, a path renamed.

import { applyEdits, modify } from 'jsonc-parser'
import type { ManifestModule } from '../protocol/manifest.ts'
import { readManifest } from './manifest.ts'

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' }

/** An entry as a person would write it: what is default is left out. */
const writtenEntry = ({ name, path, strategy, hz, config }: ManifestModule): object => ({
  name,
  path,
  ...(strategy === 'sequential' ? {} : { strategy }),
  ...(hz === undefined ? {} : { hz }),
  ...(Object.keys(config).length === 0 ? {} : { config }),
})

/** The text of a manifest of these modules. */
export const writeManifest = (modules: readonly ManifestModule[]): string =>
  `${JSON.stringify({ targetFps: 60, view: { width: 1280, height: 720 }, modules: modules.map(writtenEntry) }, undefined, 2)}\n`

/** Adds an entry at the end, or takes the place of the one of that name. */
export const addModuleEntry = (text: string, entry: ManifestModule): string => {
  const { manifest } = readManifest(text)
  const index = manifest.modules.findIndex(({ name }) => name === entry.name)
  const path = index < 0 ? ['modules', -1] : ['modules', index]
  return applyEdits(text, modify(text, path, writtenEntry(entry), { formattingOptions, isArrayInsertion: index < 0 }))
}

/** Lets modules follow a renamed file or folder; undefined where none stood there. */
export const renameModulePaths = (text: string, from: string, to: string): string | undefined => {
  const { manifest, isGood } = readManifest(text)
  if (!isGood) return undefined
  let renamed: string | undefined
  for (const [index, { path }] of manifest.modules.entries()) {
    if (path !== from && !path.startsWith(`${from}/`)) continue
    const before = renamed ?? text
    renamed = applyEdits(
      before,
      modify(before, ['modules', index, 'path'], to + path.slice(from.length), { formattingOptions }),
    )
  }
  return renamed
}
