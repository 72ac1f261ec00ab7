// Vite as the workspaces see it: its engine environment, told at once of what the IDE wrote, and telling of what
// anybody else did. One per dev server.

import { existsSync } from 'node:fs'
import type { DevEnvironment, FSWatcher, Logger } from 'vite'
import type { FileChange } from './workspace-files.ts'
import { invalidateFile, invalidateFolder, listenToEnvironment } from './engine-environment.ts'
import { followsAll } from './watch-start.ts'

/** How long Vite's plugins may take to hear of a write before the revision is made without them. */
const announceLimitMs = 250

const watcherEvents = { created: 'add', changed: 'change', deleted: 'unlink' } as const

export interface EngineCodeListener {
  /** Somebody else changed a file, or the watcher echoes a write. Absolute path. */
  fileChanged(file: string): void
  packagesChanged(): void
  closed(): void
}

export class EngineCode {
  readonly environment: DevEnvironment
  readonly #watcher: FSWatcher
  readonly #logger: Logger
  readonly #announced = new Map<string, () => void>()

  constructor(
    environment: DevEnvironment,
    watcher: FSWatcher,
    logger: Logger,
    listener: EngineCodeListener,
    folderOf: (file: string) => string | undefined,
  ) {
    this.environment = environment
    this.#watcher = watcher
    this.#logger = logger
    listenToEnvironment(environment, {
      fileChanged: (file, kind) => {
        // A file that came or went changes what imports mean; Vite invalidates only what it was itself.
        const folder = kind === 'update' ? undefined : folderOf(file)
        if (folder !== undefined) invalidateFolder(environment, folder)
        const delivered = this.#announced.get(file)
        this.#announced.delete(file)
        if (delivered === undefined) listener.fileChanged(file)
        else delivered()
      },
      packagesChanged: () => listener.packagesChanged(),
      closed: () => listener.closed(),
    })
  }

  /** Lets Vite and its plugins know of writes at once, without waiting for the disk to tell. */
  async announce(changes: readonly { readonly file: string; readonly kind: FileChange['kind'] }[]): Promise<void> {
    const heard = changes.map(({ file, kind }) => {
      const delivered = new Promise<void>((resolve) => {
        this.#announced.set(file, resolve)
      })
      this.#watcher.emit(watcherEvents[kind], file)
      return delivered
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, announceLimitMs)
    })
    await Promise.race([Promise.all(heard), late])
    clearTimeout(timer)
    for (const { file } of changes) if (this.#announced.delete(file)) invalidateFile(this.environment, file)
  }

  /** Lets Vite know of a change that its watcher missed; it comes back as any change does. `isNew`: it was not there. */
  tell(file: string, isNew: boolean): void {
    this.#watcher.emit(existsSync(file) ? (isNew ? 'add' : 'change') : 'unlink', file)
  }

  /** Makes Vite transform a file anew although it did not change on disk. */
  invalidate(file: string): void {
    invalidateFile(this.environment, file)
  }

  /** Begins to follow a folder; `follows` tells how far it has come. */
  watch(folder: string): void {
    this.#watcher.add(folder)
  }

  /** Whether a change of any of these files would be told. */
  follows(folder: string, paths: readonly string[]): boolean {
    return followsAll(this.#watcher, folder, paths)
  }

  readonly reportError = (error: unknown): void => {
    const shown = error instanceof Error ? error : new Error(String(error))
    this.#logger.error(`[coppice] ${shown.stack ?? shown.message}`, { timestamp: true, error: shown })
  }
}
