// What equal bits everywhere cost a real program: the boids example in the headless runner, with portable and with native
// Math, in turns, so that both meet the same machine.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { WorkspaceCopy } from '../workspace-copy.ts'
import { distribution, type Benchmark } from './benchmark.ts'

const run = promisify(execFile)
const rounds = 7
const frames = 120

/** Milliseconds per frame. Needs `npm run build` before. */
async function frameMs(folder: string): Promise<number> {
  const args = [path.resolve('dist/headless.js'), folder, '--frames', String(frames), '--json']
  const { stdout } = await run(process.execPath, args)
  const report: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  if (typeof report !== 'object' || report === null || !('ms' in report)) throw new Error(`No report: ${stdout}`)
  return Number(report.ms) / frames
}

async function boidsWith(math: 'portable' | 'native', folder: string): Promise<WorkspaceCopy> {
  const workspace = new WorkspaceCopy(path.join(folder, math))
  await workspace.fill('boids', path.resolve('src/examples'))
  const manifest: unknown = JSON.parse(await workspace.read('engine.json'))
  if (typeof manifest !== 'object') throw new Error('boids/engine.json is no object.')
  await workspace.write('engine.json', JSON.stringify({ ...manifest, math }))
  return workspace
}

export const benchmark: Benchmark = {
  name: 'portable-math',
  async run(report) {
    const folder = await mkdtemp(path.join(tmpdir(), 'coppice-boids-'))
    try {
      const [portable, native] = await Promise.all([boidsWith('portable', folder), boidsWith('native', folder)])
      const ours: number[] = []
      const theirs: number[] = []
      for (let round = 0; round < rounds; round++) {
        ours.push(await frameMs(portable.folder))
        theirs.push(await frameMs(native.folder))
      }
      report({
        what: 'a frame of boids, portable Math',
        unit: 'ms',
        ours: distribution(ours),
        reference: { name: 'native Math', figures: distribution(theirs) },
        aim: 'within a frame of 16.7 ms',
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
