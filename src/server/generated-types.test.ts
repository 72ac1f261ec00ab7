import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import type { Manifest } from '../protocol/manifest.ts'
import { firstModuleFiles } from './first-module.ts'
import { writeModulesTypes } from './generated-types.ts'
import { readManifest } from './manifest.ts'
import { findPackageRoot } from './package-root.ts'

const run = promisify(execFile)

const mapModule = `import { defineModule } from 'coppice'
import address from './map.png'
import shader from './map.frag'

export default defineModule({
  init: () => ({ text: address.length + shader.length }),
  process() {},
  expose: (state) => ({ width: state.text }),
})
`
const tankModule = `import { defineModule } from 'coppice'

export default defineModule({
  dependencies: ['map'],
  init: () => ({ x: 0 }),
  process({ state, deps }) {
    state.x = deps.map.width
  },
})
`
const entry = (name: string): Manifest['modules'][number] => ({
  name,
  path: `${name}.ts`,
  strategy: 'sequential',
  config: {},
})

it('other editors know deps, and images and shaders that are imported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'coppice-types-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const { path, text } of firstModuleFiles(folder)) await writeFile(join(folder, path), text)
  await writeFile(join(folder, 'map.ts'), mapModule)
  await writeFile(join(folder, 'tank.ts'), tankModule)
  const manifest: Manifest = {
    targetFps: 60,
    seed: 1,
    math: 'portable',
    view: { width: 1280, height: 720, fit: 'contain' },
    modules: [entry('map'), entry('tank')],
  }
  await writeModulesTypes(folder, manifest)
  const tsc = join(findPackageRoot(), 'node_modules/typescript/bin/tsc')
  const told = (): Promise<string> =>
    run(process.execPath, [tsc, '-p', folder]).then(
      ({ stdout }) => stdout,
      (error: unknown) =>
        typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : '',
    )
  expect(await told()).toBe('')
  await writeFile(join(folder, 'tank.ts'), tankModule.replace('deps.map.width', 'deps.map.height'))
  expect(await told()).toContain("'height' does not exist")
})

const exampleFolder = join(findPackageRoot(), 'src/examples')

it.each(readdirSync(exampleFolder))('the types committed with %s are those that would be written', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'coppice-types-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const example = join(exampleFolder, name)
  const { manifest } = readManifest(await readFile(join(example, 'engine.json'), 'utf8'))
  if (manifest === undefined) throw new Error(`${name} has no good engine.json`)
  await writeModulesTypes(folder, manifest)
  const written = await readdir(join(folder, '.coppice'))
  expect(written).toEqual(['assets.d.ts', 'types.d.ts'])
  for (const file of written)
    expect(await readFile(join(example, '.coppice', file), 'utf8')).toBe(
      await readFile(join(folder, '.coppice', file), 'utf8'),
    )
})
