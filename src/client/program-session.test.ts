// The page's program between a dev server and an engine that stand at the other end of real ports.

import { expect, it, onTestFinished } from 'vitest'
import type { CodeText, ModuleCode, ProgramRevision } from '../protocol/code.ts'
import type { CommandName } from '../protocol/commands.ts'
import type { Problem } from '../protocol/problem.ts'
import type { ModuleInfo } from '../protocol/program.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { contentHash, frameNumber, timelineId } from '../protocol/values.ts'
import type { OpenedWorkspace, ServerRequestMessage } from '../protocol/workspace.ts'
import type { CoppiceClient, CoppiceEvent } from './coppice-client.ts'
import { createCoppiceClient } from './create-client.ts'
import { EnginePeer, type Reply, ServerPeer } from './link-peers.ts'

const text = (hash: string, imports: Readonly<Record<string, string>> = {}, file = 'tank.ts'): CodeText => ({
  hash: contentHash(hash),
  file,
  text: `text ${hash}`,
  imports: Object.fromEntries(Object.entries(imports).map(([specifier, target]) => [specifier, contentHash(target)])),
})

const revision = (
  number: number,
  code: ModuleCode,
  texts: readonly CodeText[] = [],
  problems: readonly Problem[] = [],
): ProgramRevision => ({
  revision: number,
  trigger: 'save',
  title: '',
  changedFiles: [],
  manifest: {
    targetFps: 60,
    seed: 1,
    math: 'portable',
    view: { width: 1280, height: 720, fit: 'contain' },
    modules: [{ name: 'tank', path: 'tank.ts', strategy: 'sequential', config: {} }],
  },
  modules: [code],
  texts,
  ms: { collect: 0, fetch: 0 },
  problems,
})

const entry = (hash: string): ModuleCode => ({ module: 'tank', entry: contentHash(hash) })

const receipt = (id: number, number: number, outcome: Receipt['outcome'], to?: number): Receipt => ({
  id,
  modules: [{ name: 'tank', ...(to === undefined ? {} : { to }) }],
  moment: { timeline: timelineId(0), frame: frameNumber(1) },
  outcome,
  title: '',
  ms: { collect: 0, fetch: 0, rehearse: 0, evaluate: 0, migrate: 0, validate: 0, commit: 0, total: 0 },
  trigger: 'save',
  revision: number,
  changedFiles: [],
})

const module = (version: number): ModuleInfo => ({
  name: 'tank',
  path: 'tank.ts',
  strategy: 'sequential',
  hz: 60,
  version,
  stateVersion: 1,
  status: 'running',
  health: { status: 'ok' },
  averageMs: 0,
  lastMs: 0,
  dependencies: [],
  draws: true,
  missedFrames: 0,
  configRevision: 0,
})

const opened = (name: string, first: ProgramRevision, serverId = 'one'): OpenedWorkspace => ({
  name,
  workspaces: [name],
  folder: `/${name}`,
  files: [],
  revision: first,
  isEmpty: false,
  serverId,
})

interface Case {
  /** Answers besides `open` and `typeLibraries`. */
  readonly server?: (request: ServerRequestMessage) => Reply | undefined
  /** `undefined`: an empty result. */
  readonly engine?: (name: CommandName, args: readonly unknown[]) => Reply | 'no answer' | undefined
  readonly open?: (request: ServerRequestMessage) => OpenedWorkspace
}

const start = (given: Case) => {
  const engines: EnginePeer[] = []
  const server = new ServerPeer((request) => {
    if (request.name === 'open')
      return { result: given.open?.(request) ?? opened('game', revision(1, entry('a'), [text('a')])) }
    if (request.name === 'typeLibraries') return { result: [] }
    return given.server?.(request)
  })
  const startEngine = () => {
    const engine = new EnginePeer((name, args) => {
      const reply = given.engine?.(name, args) ?? { result: [] }
      return reply === 'no answer' ? undefined : reply
    })
    engines.push(engine)
    return engine.thread
  }
  const client = createCoppiceClient({ startEngine, server })
  onTestFinished(() => client.dispose())
  const next = <Type extends CoppiceEvent['type']>(
    type: Type,
    isWanted: (event: Extract<CoppiceEvent, { type: Type }>) => boolean = () => true,
  ) =>
    new Promise<Extract<CoppiceEvent, { type: Type }>>((resolve) => {
      const off = client.on(type, (event) => {
        if (isWanted(event)) resolve(event)
      })
      onTestFinished(off)
    })
  const engine = (): EnginePeer => {
    const newest = engines.at(-1)
    if (newest === undefined) throw new Error('no engine was started')
    return newest
  }
  return { client, server, engines, engine, next }
}

const revisionsOf = (engine: EnginePeer) =>
  engine.commands.filter((command) => command.name === 'applyRevision').map((command) => command.args[0].revision)

it('[LK1] commands are answered one by one; ending the client rejects what is pending by name', async () => {
  const { client } = start({
    engine: (name) => {
      if (name === 'waitFor') return 'no answer'
      return name === 'pause' ? { error: { code: 'internal', message: 'no' } } : { result: 'yes' }
    },
  })
  await expect(client.command('status')).resolves.toBe('yes')
  await expect(client.command('pause')).rejects.toMatchObject({ code: 'internal', message: 'no' })
  const uncloneable = client.command('publish', 'topic', () => undefined)
  await expect(uncloneable).rejects.toMatchObject({ code: 'invalid-argument' })
  const pending = client.command('waitFor', { frame: 10 })
  client.dispose()
  await expect(pending).rejects.toMatchObject({
    code: 'closed',
    message: '"waitFor" got no answer: the engine was ended',
  })
  await expect(client.command('status')).rejects.toMatchObject({ code: 'closed' })
})

it('a worker that cannot be loaded is told of, and nothing waits for it', async () => {
  const { client, engine, next } = start({ engine: () => 'no answer' })
  const pending = client.command('status')
  engine().fail('no such file')
  await expect(pending).rejects.toMatchObject({ code: 'closed' })
  expect(await next('internal-error')).toMatchObject({ message: 'no such file' })
})

it('[ML2] revisions go to the engine in their order, and a save waits for the receipts of its own', async () => {
  const committed = receipt(1, 2, 'committed', 2)
  const { client, server, engine } = start({
    server: ({ name }) => {
      if (name !== 'writeFiles') return undefined
      server.push({ type: 'revision', revision: revision(2, entry('b'), [text('b')]) })
      server.push({ type: 'revision', revision: revision(3, entry('c'), [text('c')]) })
      return { result: { files: [], revision: 2 } }
    },
    engine: (name, [first]) =>
      name === 'applyRevision' &&
      typeof first === 'object' &&
      first !== null &&
      'revision' in first &&
      first.revision === 2
        ? { result: [committed] }
        : { result: [] },
  })
  await client.open(undefined)
  const saved = await client.files.save([{ path: 'tank.ts', text: 'new' }])
  expect(saved.receipts).toEqual([committed])
  expect(revisionsOf(engine())).toEqual([1, 2, 3])
})

it.each([
  ['writeFiles', (client: CoppiceClient) => client.files.save([{ path: 'note.md', text: '' }])],
  ['createFile', (client: CoppiceClient) => client.files.create('note.md', '')],
  ['renameFile', (client: CoppiceClient) => client.files.rename('note.md', 'notes.md')],
  ['deleteFile', (client: CoppiceClient) => client.files.delete('note.md')],
  ['duplicateFile', (client: CoppiceClient) => client.files.duplicate('note.md', 'copy.md')],
] as const)('[WS5] %s of this page is told as its own, that of others is not', async (request, change) => {
  const { client, server } = start({
    server: ({ name, args }) => {
      if (name !== request) return undefined
      const options = args.at(-1)
      const writeId =
        typeof options === 'object' && options !== null && 'writeId' in options ? String(options.writeId) : ''
      server.push({ type: 'files-changed', changes: [], files: [], writeId })
      server.push({ type: 'files-changed', changes: [], files: [], writeId: 'another' })
      return { result: { files: [] } }
    },
  })
  await client.open(undefined)
  const told: boolean[] = []
  client.on('files-changed', ({ isOwn }) => told.push(isOwn))
  await change(client)
  expect(told).toEqual([true, false])
})

it('the dev server stopped and started again: said, pending requests rejected, the same workspace opened anew, the engine lives on', async () => {
  let serverId = 'one'
  const { client, server, engines, engine, next } = start({
    open: (request) =>
      opened(
        typeof request.args[0] === 'string' ? request.args[0] : 'game',
        revision(serverId === 'one' ? 7 : 1, entry('a'), serverId === 'one' ? [text('a')] : []),
        serverId,
      ),
  })
  await client.open('game')
  const pending = client.files.read('tank.ts')
  server.stop()
  await expect(pending).rejects.toMatchObject({ code: 'disconnected' })
  await expect(client.files.read('tank.ts')).rejects.toMatchObject({ code: 'disconnected' })
  expect(await next('connection')).toMatchObject({ connection: 'disconnected' })
  serverId = 'two'
  server.start()
  await next('workspace', ({ workspace }) => workspace.serverId === 'two')
  await client.command('status')
  expect(server.requests.filter((request) => request.name === 'open').at(-1)?.args).toEqual(['game', ['a']])
  expect(engines).toHaveLength(1)
  expect(revisionsOf(engine())).toEqual([7, 1])
})

it('another workspace gets a worker of its own; texts the page has are sent from here', async () => {
  const { client, engines, engine, next } = start({
    open: ({ args }) =>
      opened(
        String(args[0]),
        revision(1, entry('a'), args[0] === 'one' ? [text('a', { './b.ts': 'b' }), text('b', {}, 'b.ts')] : []),
      ),
  })
  await client.open('one')
  const wanted = { module: 'tank', request: 1, context: '2d', z: 0 } as const
  engine().emit({ type: 'layer-wanted', layer: wanted })
  await next('layer-wanted')
  const gone = next('layer-gone')
  await client.open('two')
  expect(engines.map((one) => one.isTerminated)).toEqual([true, false])
  expect(await gone).toMatchObject({ module: 'tank' })
  const sent = engine().commands.find((command) => command.name === 'applyRevision')
  expect(sent?.name === 'applyRevision' ? sent.args[0].texts.map((one) => one.hash).toSorted() : []).toEqual(['a', 'b'])
})

it('[ML3] a text that an earlier worker was sent is sent to the present one when a revision comes to need it', async () => {
  const { client, server, engine } = start({
    open: ({ args }) =>
      args[0] === 'one'
        ? opened('one', revision(1, entry('a'), [text('a', { './b.ts': 'b' }), text('b', {}, 'b.ts')]))
        : opened('two', revision(1, entry('c'), [text('c')])),
    server: () => {
      server.push({ type: 'revision', revision: revision(2, entry('a')) })
      server.push({ type: 'revision', revision: revision(3, entry('d'), [text('d', { './b.ts': 'b' })]) })
      return { result: { files: [], revision: 3 } }
    },
  })
  await client.open('one')
  await client.open('two')
  await client.files.save([])
  const sent = engine().commands.flatMap((command) =>
    command.name === 'applyRevision' ? [command.args[0].texts.map(({ hash }) => String(hash)).toSorted()] : [],
  )
  expect(sent).toEqual([['c'], ['a', 'b'], ['d']])
})

it.each(['compile', 'file'] as const)('[ML1] a problem of source %s says which version runs on', async (source) => {
  const error = { message: 'Unexpected token', file: 'tank.ts', line: 2, column: 1 }
  const broken: Problem = { ...error, id: 'tank.ts', source, severity: 'error', module: 'tank' }
  const { client, server, engine, next } = start({})
  await client.open(undefined)
  engine().emit({ type: 'modules', modules: [module(3)] })
  await next('modules')
  server.push({ type: 'revision', revision: revision(2, { module: 'tank', phase: 'fetch', error }, [], [broken]) })
  const told = await next('all-problems', ({ problems }) => problems.length > 0)
  expect(told?.problems).toEqual([{ ...broken, consequence: 'tank v3 runs on' }])
})

it('[LK2] `on` refuses what is no event, and what is no function, at once', () => {
  const { client } = start({})
  // @ts-expect-error -- what a user's JavaScript may do
  expect(() => client.automation.on('nope', () => 0)).toThrow(/There is no event "nope"\. Events: status, modules/)
  // @ts-expect-error -- the same
  expect(() => client.automation.on('status', 5)).toThrow(/needs a function/)
})

it('problems of server and engine stand together, the engine’s word first; files that differ from what runs are named', async () => {
  const broken: Problem = {
    id: 'compile:tank.ts',
    source: 'compile',
    severity: 'error',
    message: 'server',
    file: 'tank.ts',
  }
  const { client, server, engine, next } = start({})
  await client.open(undefined)
  engine().emit({ type: 'receipt', receipt: receipt(1, 1, 'committed', 1) })
  engine().emit({ type: 'modules', modules: [module(1)] })
  expect(await next('differing-files')).toMatchObject({ paths: [], modules: [] })

  server.push({
    type: 'revision',
    revision: revision(2, { module: 'tank', phase: 'fetch', error: { message: 'no', file: 'tank.ts' } }, [], [broken]),
  })
  expect(await next('differing-files', ({ paths }) => paths.length > 0)).toMatchObject({
    paths: ['tank.ts'],
    modules: ['tank'],
  })
  expect(await client.automation.problems()).toEqual([broken])
  engine().emit({ type: 'problems', problems: [{ ...broken, consequence: 'v1 runs on' }] })
  await next('problems')
  expect(await client.automation.problems()).toEqual([{ ...broken, consequence: 'v1 runs on' }])

  server.push({
    type: 'revision',
    revision: revision(3, entry('c'), [text('c', { './lib.ts': 'd' }), text('d', {}, 'lib.ts')]),
  })
  expect(await next('differing-files', ({ paths }) => paths.length > 1)).toMatchObject({ paths: ['tank.ts', 'lib.ts'] })
  engine().emit({ type: 'receipt', receipt: receipt(2, 3, 'committed', 2) })
  engine().emit({ type: 'modules', modules: [module(2)] })
  expect(await next('differing-files', ({ paths }) => paths.length === 0)).toBeDefined()
})
