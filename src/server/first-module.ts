// What an empty workspace is filled with on request: a first module worth looking at, a manifest, and a tsconfig.json
// in which other editors find `coppice`.

import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { FileEdit } from '../protocol/workspace.ts'
import { writeManifest } from './manifest-edit.ts'
import { findPackageRoot } from './package-root.ts'

const mainModule = `import { defineModule } from 'coppice'

const colors = ['#7fd1b9', '#f2c572', '#e8836b', '#8fb3ff']

export default defineModule({
  config: {
    petals: 6, // Change 6 to 9 and press Ctrl+S: the flower goes on turning, with the new petals.
    speed: 0.4,
  },
  init: () => ({ angle: 0 }),
  process({ state, config, dt }) {
    state.angle += config.speed * dt
  },
  render({ ctx, state, config, width, height }) {
    ctx.translate(width / 2, height / 2)
    ctx.globalCompositeOperation = 'lighter'
    for (let ring = 0; ring < 4; ring++) {
      ctx.strokeStyle = colors[ring] ?? '#ffffff'
      ctx.lineWidth = 2
      ctx.beginPath()
      for (let step = 0; step <= 720; step++) {
        const turn = (step / 720) * Math.PI * 2
        const wave = Math.sin(turn * config.petals + state.angle * (ring + 2))
        const radius = height * (0.14 + 0.07 * ring + 0.05 * wave)
        ctx.lineTo(Math.cos(turn + state.angle) * radius, Math.sin(turn + state.angle) * radius)
      }
      ctx.stroke()
    }
  },
})
`

/** A module that `addModule` creates a file for. */
export const emptyModule = (name: string): string => `import { defineModule } from 'coppice'

// ${name}: init makes the state, process changes it once a frame.
export default defineModule({
  init: () => ({ count: 0 }),
  process({ state }) {
    state.count += 1
  },
})
`

/** Package found by walking up, as another editor's TypeScript would. */
const findsCoppice = (folder: string): boolean => {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', 'coppice'))) return true
    if (dirname(at) === at) return false
  }
}

const tsconfig = (folder: string): string => {
  const types = join(realpathSync.native(findPackageRoot()), 'src', 'authoring')
  const fromFolder = relative(folder, types).split(sep).join('/')
  const paths = findsCoppice(folder)
    ? {}
    : { paths: { coppice: [`${fromFolder}/index.ts`], 'coppice/test': [`${fromFolder}/test.ts`] } }
  const compilerOptions = {
    target: 'ES2023',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    strict: true,
    allowJs: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    ...paths,
  }
  return `${JSON.stringify({ compilerOptions, include: ['**/*', '.coppice/*.d.ts'] }, undefined, 2)}\n`
}

/** engine.json, tsconfig.json and main.ts, as far as they are not there; `folder` is the workspace's real path. */
export const firstModuleFiles = (folder: string): readonly FileEdit[] => {
  const manifest = writeManifest([{ name: 'main', path: 'main.ts', strategy: 'sequential', config: {} }])
  const files = [
    { path: 'engine.json', text: manifest },
    { path: 'tsconfig.json', text: tsconfig(folder) },
    { path: 'main.ts', text: mainModule },
  ]
  return files.filter(({ path }) => !existsSync(join(folder, path)))
}
