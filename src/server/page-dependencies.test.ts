// The list of packages to bundle before the first start is the list of packages the page imports.

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { expect, it } from 'vitest'
import { findPackageRoot } from './package-root.ts'
import { pageDependencies } from './page-dependencies.ts'

const importsOf = async (folder: string): Promise<readonly string[]> => {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => /(?<!\.(test|types|bench)|\.d)\.tsx?$/.test(name) && !/(^|\/)test-/.test(name),
  )
  const found = await Promise.all(
    names.map(async (name) => {
      const { module } = parseSync(name, await readFile(join(folder, name), 'utf8'))
      const used = module.staticImports.filter(
        ({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
      )
      return used.map(({ moduleRequest }) => moduleRequest.value)
    }),
  )
  return found.flat()
}

it('names every package that the page, the client, the worker and the engine import, and no other', async () => {
  const source = join(findPackageRoot(), 'src')
  const all = (
    await Promise.all(['ui', 'client', 'worker', 'engine'].map((folder) => importsOf(join(source, folder))))
  ).flat()
  const packages = new Set(all.filter((specifier) => !/^[./]|^(node:|vite|virtual:)|\.css$|\?/.test(specifier)))
  expect([...packages].toSorted()).toEqual([...pageDependencies].toSorted())
})
