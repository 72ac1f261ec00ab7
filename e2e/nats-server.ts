// A real NATS server for tests, on loopback with its WebSocket listener: found on this machine, or installed from the system's packages.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFreePort } from './dev-server.ts'

/** Names the executable to use. */
const natsVariable = 'COPPICE_NATS_SERVER'

const isRoot = process.getuid?.() === 0

function findNatsServer(): string | undefined {
  const named = process.env[natsVariable]
  if (named !== undefined && named !== '') return named
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => path.join(folder, 'nats-server')).find((file) => existsSync(file))
}

/** The system's package. Throws, saying what to install by hand, where that does not work. */
function installNatsServer(): string {
  const [command = 'apt-get', ...prefix] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'nats-server']]) {
    try {
      execFileSync(command, [...prefix, ...args], { stdio: 'ignore', timeout: 300_000, env })
    } catch (error) {
      console.log(`${command} ${args.join(' ')} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const installed = findNatsServer()
  if (installed === undefined)
    throw new Error(`No nats-server found or installed. Install one, or name it in ${natsVariable}.`)
  return installed
}

/** One server; `start` again after `kill` listens at the same port. */
export class NatsServer {
  readonly url: string
  readonly #folder: string
  readonly #ports: { readonly client: number; readonly websocket: number }
  #process: ChildProcess | undefined

  private constructor(folder: string, ports: { readonly client: number; readonly websocket: number }) {
    this.#folder = folder
    this.#ports = ports
    this.url = `ws://127.0.0.1:${ports.websocket}`
  }

  /** Started; `token`: asked of whoever connects. */
  static async open(options: { readonly token?: string } = {}): Promise<NatsServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'coppice-nats-'))
    const server = new NatsServer(folder, { client: await findFreePort(), websocket: await findFreePort() })
    const { client, websocket } = server.#ports
    const authorization = options.token === undefined ? '' : `authorization { token: "${options.token}" }\n`
    await writeFile(
      path.join(folder, 'nats.conf'),
      `listen: "127.0.0.1:${client}"\nwebsocket { listen: "127.0.0.1:${websocket}", no_tls: true }\n${authorization}`,
    )
    await server.start()
    return server
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const executable = findNatsServer() ?? installNatsServer()
    const child = spawn(executable, ['-c', path.join(this.#folder, 'nats.conf')], { stdio: 'ignore' })
    this.#process = child
    for (let tries = 0; tries < 200; tries++) {
      if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}.`)
      if (await isListening(this.#ports.websocket)) return
      await new Promise((again) => setTimeout(again, 25))
    }
    throw new Error('nats-server does not listen.')
  }

  /** At once, with no good-bye. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((exit) => child.once('exit', exit))
    child.kill('SIGKILL')
    await ended
  }

  async dispose(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((decided) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      decided(true)
    })
    socket.once('error', () => decided(false))
  })
}
