// What a user does to a reload that happened: look at it, undo it, redo it, bring its file's text in line with what runs.

import type { SourceChange } from '../../client/source-changes.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { FileContent, FileEdit } from '../../protocol/workspace.ts'
import { attempt } from './actions.ts'
import { receiptLabel } from './receipt-words.ts'
import { newestUndoable, newestUndone, undoneModules } from './reload-history.ts'
import type { UiServices } from './ui-context.tsx'

type Services = Pick<UiServices, 'client' | 'store' | 'dock'>

/** Shows a reload's details. */
export function showReload({ store, dock }: Services, id: number): void {
  store.setState({ selectedReload: id })
  dock.show('reloads')
}

/** Takes the modules a reload changed back to the version before, on the state of now. */
export function undoReload({ client, store }: Services, receipt: Receipt): void {
  for (const name of undoneModules(receipt, store.getState().modules))
    void attempt(store, `The reload of ${name} could not be undone`, () => client.command('undoReload', name))
}

/** The same with what it did to the state, as if it had never been: also of a reset of a module. All its modules go back by one. */
export function undoReloadAndState({ client, store }: Services, receipt: Receipt): void {
  const [first] = receipt.modules
  if (first === undefined) return
  void attempt(store, `${receiptLabel(receipt)} could not be undone`, () =>
    client.command('undoReload', first.name, { state: 'before' }),
  )
}

/** Takes an undo back: the version gone back from runs again, on the state of now. */
export function redoReload({ client, store }: Services, receipt: Receipt): void {
  const { differingModules } = store.getState()
  for (const { name } of receipt.modules)
    if (differingModules.includes(name))
      void attempt(store, `The undo of ${name} could not be taken back`, () => client.command('redoReload', name))
}

/** The same with the state it had when it was undone. All modules that were undone with it go on by one. */
export function redoReloadAndState({ client, store }: Services, receipt: Receipt): void {
  const { differingModules } = store.getState()
  const first = receipt.modules.find(({ name }) => differingModules.includes(name))
  if (first === undefined) return
  void attempt(store, `The undo of ${first.name} could not be taken back`, () =>
    client.command('redoReload', first.name, { state: 'undone' }),
  )
}

/** Takes an undo back in the files too: the text gone back from is written where it is not there any more, and reloads as any save does. */
export async function redoTexts(services: Services, receipt: Receipt): Promise<void> {
  const isWritten = await restoreTexts(services, { ...receipt, trigger: 'save' })
  if (!isWritten) redoReload(services, receipt)
}

/** Makes a module's state anew by `init`, with the file's text where that was refused; nothing else is touched. */
export function resetModule({ client, store }: Pick<Services, 'client' | 'store'>, name: string): void {
  void attempt(store, `${name} could not be reset`, () => client.command('resetModule', name))
}

/** Runs what the files of a reload's modules say. */
export function runFiles({ client, store }: Services, receipt: Receipt): void {
  const differing = store.getState().differingModules
  for (const { name } of receipt.modules)
    if (differing.includes(name))
      void attempt(store, `${name} could not be reloaded`, () => client.command('reload', name))
}

/** Puts the `migrate` a refused reload came with into the text of its module. */
export function writeMigrate({ store }: Services, receipt: Receipt): void {
  const { editorApi, modules } = store.getState()
  const name = receipt.stateDifferences?.[0]?.module ?? receipt.modules[0]?.name
  const path = modules.find((module) => module.name === name)?.path ?? receipt.error?.file
  const { migrateStub } = receipt
  if (editorApi === undefined || path === undefined || migrateStub === undefined) return
  void attempt(store, 'The migrate could not be written', () => editorApi.writeMigrate(path, migrateStub))
}

/** The newest reload that can be undone, undone. */
export function undoNewestReload(services: Services): void {
  const { receipts, modules } = services.store.getState()
  const receipt = newestUndoable(receipts, modules)
  if (receipt !== undefined) undoReload(services, receipt)
}

/** The newest undo that stands, taken back. */
export function redoNewestReload(services: Services): void {
  const { receipts, modules, differingModules } = services.store.getState()
  const receipt = newestUndone(receipts, modules, differingModules)
  if (receipt !== undefined) redoReload(services, receipt)
}

/** Texts to write, and those of their files that hold something else by now. */
export interface RestorePlan {
  readonly edits: readonly FileEdit[]
  readonly conflicts: readonly string[]
}

/**
 * Puts the text that stood before a reload (of an undo: the one it brought back) into the files. Where a file has been
 * changed since, nothing is written and `restoreQuestion` asks. False where the files hold it already.
 */
export async function restoreTexts({ client, store }: Services, receipt: Receipt): Promise<boolean> {
  let isWritten = true
  await attempt(store, 'The text could not be put back', async () => {
    const changes = await client.changesOf(receipt)
    const files = await Promise.all(changes.map((change) => readOrNothing(() => client.files.read(change.file))))
    const plan = planRestore(receipt, changes, files)
    isWritten = plan.edits.length > 0
    if (plan.conflicts.length > 0) store.setState({ restoreQuestion: plan })
    else if (isWritten) await client.files.save(plan.edits)
  })
  return isWritten
}

/** Pure part of `restoreTexts`; `files` are the files of `changes` as they are on disk now. */
export function planRestore(
  receipt: Pick<Receipt, 'trigger'>,
  changes: readonly SourceChange[],
  files: readonly (FileContent | undefined)[],
): RestorePlan {
  const edits: FileEdit[] = []
  const conflicts: string[] = []
  for (const [index, change] of changes.entries()) {
    const isUndo = receipt.trigger === 'undo'
    const wanted = isUndo ? change.after : change.before
    const expected = isUndo ? change.before : change.after
    const file = files[index]
    const present = file?.kind === 'text' ? file.text : undefined
    if (wanted === undefined || present === wanted) continue
    if (present !== expected) conflicts.push(change.file)
    edits.push({ path: change.file, text: wanted, ...(file === undefined ? {} : { base: file.hash }) })
  }
  return { edits, conflicts }
}

async function readOrNothing(read: () => Promise<FileContent>): Promise<FileContent | undefined> {
  try {
    return await read()
  } catch (error) {
    // Deleted meanwhile: it is written anew.
    if (error instanceof CoppiceError && error.code === 'file-not-found') return undefined
    throw error
  }
}
