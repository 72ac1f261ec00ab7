// A workspace run in Node: a Vite server that does not listen produces the revision, the same engine as in the browser
// runs it as fast as it can, nothing is drawn. For tests, benchmarks and checks of reproducibility.

import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { createServer } from 'vite'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { SavedEntry } from '../protocol/saved.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { ModuleInfo } from '../protocol/program.ts'
import type { SourceError } from '../protocol/values.ts'
import { createCodeLoader } from '../worker/code-loader.ts'
import { sideThreadCount, SideThreads } from '../worker/side-threads.ts'
import { TaskPool } from '../worker/task-pool.ts'
import { HeadlessSockets, socketsNote, socketsRefusal } from './headless-sockets.ts'
import { createNodeThreads } from './headless-threads.ts'
import { findPackageRoot } from './package-root.ts'
import { coppiceWithoutPage, workspaceServerOf } from './plugin.ts'
import type { SavedFiles } from './saved-files.ts'
import type { Follower } from './workspace-session.ts'

export interface HeadlessReport {
  readonly frames: number
  /** 16 hexadecimal digits, of the last frame. */
  readonly stateHash: string
  /** Wall-clock time of the frames, without opening. */
  readonly ms: number
  readonly modules: readonly string[]
}

export interface HeadlessOptions {
  readonly folder: string
  /** Of the workspaces in the folder, where there are several. */
  readonly workspace?: string
  readonly frames: number
  /** What modules save is written at the end; default: it is only read. */
  readonly isSaving?: boolean
  /** The program takes part in the world: its sockets are open, and frames come at their rate. Default: as fast as they can. */
  readonly hasSockets?: boolean
  /** Lines of the program's log, and of the engine's. */
  readonly log: (line: string) => void
  /** Address of the built code of threads (headless-thread.ts); default: in `dist`. */
  readonly threadCode?: URL
}

/** Until a frame has run, or a coordinator ends it. Pauses and resumes as coordinators ask. */
const runAtItsRate = async (engine: Engine, frames: number, sockets: HeadlessSockets): Promise<void> => {
  if (frames === 0) return
  const ended = engine.execute('waitFor', [{ frame: frames }, { timeoutFrames: frames + 1 }])
  await engine.execute('resume', [])
  await Promise.race([ended, sockets.shutDown])
  await engine.execute('pause', [])
}

const place = ({ file, line, column }: SourceError): string =>
  file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}:${column ?? 1}`}: `

interface ReadProgram {
  readonly revision: ProgramRevision
  readonly saved: SavedFiles
  /** Of the workspace. */
  readonly name: string
}

/** The workspace's program as it is on disk now. */
export const readProgram = async (folder: string, workspace?: string): Promise<ReadProgram> => {
  const server = await createServer({
    root: findPackageRoot(),
    configFile: false,
    logLevel: 'silent',
    server: { middlewareMode: true, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [coppiceWithoutPage({ workspace: folder })],
  })
  try {
    const workspaces = workspaceServerOf(server)
    const { folder: picked, name } = workspaces.pick(workspace)
    const session = workspaces.session(picked)
    const follower: Follower = { known: new Set(), push: () => undefined }
    return { revision: session.forFollower(await session.open(follower), follower), saved: session.saved, name }
  } finally {
    await server.close()
  }
}

const failureOf = (revision: ProgramRevision): string | undefined => {
  const problem = revision.problems.find(({ severity }) => severity === 'error')
  if (problem !== undefined) return `${place(problem)}${problem.message}`
  return revision.modules.length === 0 ? 'There is no module in this folder.' : undefined
}

/** Throws CoppiceError `compile` or `load` where a module fails, before or while it runs. */
export const runHeadless = async (options: HeadlessOptions): Promise<HeadlessReport> => {
  const { folder, workspace, frames, isSaving = false, hasSockets = false, log } = options
  const { revision, saved, name } = await readProgram(folder, workspace)
  const broken = failureOf(revision)
  if (broken !== undefined) throw new CoppiceError('compile', broken)
  const { sockets: wanted = [] } = revision.manifest
  const refusal = hasSockets ? socketsRefusal(wanted) : undefined
  if (refusal !== undefined) throw refusal
  const note = socketsNote(wanted, hasSockets)
  if (note !== undefined) log(note)

  const problems = new Map<string, SourceError>()
  const outputs = new Map<string, SavedEntry>()
  const infos: { list: readonly ModuleInfo[] } = { list: [] }
  let sockets: HeadlessSockets | undefined
  let lastFrame = 0
  const emit = (event: EngineEvent): void => {
    sockets?.handle(event)
    if (event.type === 'outputs')
      for (const output of event.outputs)
        if (output.kind === 'save') outputs.set(JSON.stringify([output.module, output.key]), output)
    if (event.type === 'problems')
      for (const problem of event.problems) if (problem.severity === 'error') problems.set(problem.id, problem)
    if (event.type === 'status') lastFrame = event.status.frame
    if (event.type === 'modules') infos.list = event.modules
    if (event.type === 'internal-error') log(event.stack ?? event.message)
    if (event.type === 'log')
      for (const line of event.lines) log(`${line.moment.frame} ${line.module ?? 'engine'} ${line.level}: ${line.text}`)
  }
  const timers = {
    callAt: (at: number, callback: () => void) => {
      const timer = setTimeout(callback, Math.max(0, at - performance.now()))
      return () => clearTimeout(timer)
    },
  }
  const threads = sideThreadCount(availableParallelism())
  const now = (): number => performance.now()
  const threadCode = options.threadCode ?? pathToFileURL(join(findPackageRoot(), 'dist', 'headless-thread.js'))
  const startThread = createNodeThreads({ code: threadCode })
  const tasks = new TaskPool({
    start: startThread,
    size: threads,
    timers,
    now,
  })
  const moduleThreads = new SideThreads(startThread, threads)
  const engine = createEngine({
    clock: { now },
    timers,
    createLoader: (ambient) => createCodeLoader(ambient),
    layers: { request: () => undefined, release: () => undefined, attach: () => undefined },
    emit,
    realm: { Date, Intl, global: globalThis },
    isIsolated: true,
    tasks,
    moduleThreads,
  })
  if (hasSockets) sockets = new HeadlessSockets(engine, name)
  const refuseProblems = (): void => {
    const [problem] = problems.values()
    if (problem !== undefined) throw new CoppiceError('load', `${place(problem)}${problem.message}`)
  }
  try {
    await engine.execute('setSaved', [await saved.read()])
    await engine.execute('applyRevision', [revision, { startPaused: true }])
    refuseProblems()
    await moduleThreads.settled()
    for (const { name, hostNote } of infos.list)
      if (hostNote !== undefined) log(`${name} runs in the engine's thread: ${hostNote}`)
    const start = performance.now()
    if (sockets === undefined)
      for (let frame = 0; frame < frames; frame++) {
        await engine.execute('step', [1])
        // Results enter the frame after the one that asked: the same in every run.
        await tasks.settled()
      }
    else await runAtItsRate(engine, frames, sockets)
    const ms = performance.now() - start
    await sockets?.close(log)
    if (isSaving) await saved.write([...outputs.values()])
    for (const { message } of saved.problems) log(message)
    refuseProblems()
    return {
      frames: sockets === undefined ? frames : lastFrame,
      stateHash: String(await engine.execute('stateHash', [])),
      ms,
      modules: revision.manifest.modules.map(({ name }) => name),
    }
  } finally {
    sockets?.dispose()
    engine.dispose()
  }
}
