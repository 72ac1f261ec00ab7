// A dev server in a process of its own, as `coppice <folder>` starts it: begun, ended and begun again on the same port.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'

export const projectRoot = path.join(import.meta.dirname, '..')

/** A port nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

export interface ServerCommand {
  /** Arguments of Node. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
}

export class DevServer {
  readonly url: string
  readonly #command: ServerCommand
  #process: ChildProcess | undefined
  #output = ''

  constructor(command: ServerCommand) {
    this.#command = command
    this.url = `http://localhost:${command.port}/`
  }

  /** All it has printed, for messages. */
  get output(): string {
    return this.#output
  }

  /** Resolves when it has printed its address, and so answers. */
  async start(): Promise<void> {
    const { args, cwd, env, port } = this.#command
    const child = spawn(process.execPath, [...args], { cwd, env: { ...process.env, ...env, NO_COLOR: '1' } })
    this.#process = child
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString()
        if (this.#output.includes(`:${port}`)) resolve()
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('error', reject)
      child.once('exit', (code) => {
        reject(new Error(`The dev server ended with ${code}:\n${this.#output}`))
      })
    })
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    this.#output = ''
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), 5000)
    await gone
    clearTimeout(impatience)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }
}
