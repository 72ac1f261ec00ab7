// A copy of a workspace that a test may change on disk as another editor would.

import { writeFileSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** An example by name, or files by path; `{}` is an empty folder. */
export type WorkspaceSource = string | Readonly<Record<string, string | Uint8Array>>

export class WorkspaceCopy {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Fills the folder. `examples` is the folder of workspaces that names refer to. */
  async fill(source: WorkspaceSource, examples: string): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    if (typeof source === 'string') {
      await cp(path.join(examples, source), this.folder, {
        recursive: true,
        filter: (file) => !file.endsWith('.coppice'),
      })
      return
    }
    for (const [file, content] of Object.entries(source)) await this.write(file, content)
  }

  /** As the workspace picker and the address name it. */
  get name(): string {
    return path.basename(this.folder)
  }

  path(file: string): string {
    return path.join(this.folder, file)
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8')
  }

  /** Writes in place, at one go as an editor does, making folders as needed. */
  async write(file: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path.dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), content)
  }

  /** Replaces the only place where `search` stands; throws where there is none, or more than one. */
  async edit(file: string, search: string, replacement: string): Promise<void> {
    const parts = (await this.read(file)).split(search)
    if (parts.length !== 2)
      throw new Error(`${file} holds ${JSON.stringify(search)} ${parts.length - 1} times, not once.`)
    await this.write(file, parts.join(replacement))
  }

  async move(from: string, to: string): Promise<void> {
    await mkdir(path.dirname(this.path(to)), { recursive: true })
    await rename(this.path(from), this.path(to))
  }

  async remove(file: string): Promise<void> {
    await rm(this.path(file), { recursive: true })
  }
}
