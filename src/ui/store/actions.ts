// What panels do to the store and ask of the client, in one place: each reports its failure where the user sees it.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { SourceError } from '../../protocol/values.ts'
import { applyTheme, resolveTheme, saveThemeChoice } from '../theme/theme.ts'
import type { ThemeChoice } from '../theme/theme.ts'
import { saveSettings } from './saved-settings.ts'
import type { SavedSettings } from './saved-settings.ts'
import type { UiStore } from './ui-store.ts'

/** Words for anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Runs something that may be refused; a refusal is told in a message that stays until it is closed. */
export async function attempt(store: UiStore, doing: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    reportFailure(store, error instanceof CoppiceError ? messageOf(error) : `${doing}: ${messageOf(error)}`)
    return false
  }
}

export function reportFailure(store: UiStore, message: string): void {
  store.setState((state) => {
    const id = (state.failures.at(-1)?.id ?? 0) + 1
    return { failures: [...state.failures.filter((failure) => failure.message !== message).slice(-2), { id, message }] }
  })
}

export function closeFailure(store: UiStore, id: number): void {
  store.setState((state) => ({ failures: state.failures.filter((failure) => failure.id !== id) }))
}

/** Changes what is remembered for the workspace, and saves it. */
export function changeSettings(store: UiStore, change: (settings: SavedSettings) => Partial<SavedSettings>): void {
  const { settings, workspace } = store.getState()
  const next = { ...settings, ...change(settings) }
  store.setState({ settings: next })
  if (workspace !== undefined) saveSettings(localStorage, workspace.name, next)
}

/** Whether a reload that fails its trial pauses the program at the failing frame; remembered for the workspace. */
export async function setPauseOnFailure(
  client: Pick<CoppiceClient, 'command'>,
  store: UiStore,
  isOn: boolean,
): Promise<void> {
  const isDone = await attempt(store, 'The setting could not be changed', () =>
    client.command('setPauseOnFailure', isOn),
  )
  if (isDone) changeSettings(store, () => ({ pausesOnFailure: isOn }))
}

/** Whether the program's sounds are played; remembered for the workspace. */
export function setMuted(client: Pick<CoppiceClient, 'setMuted'>, store: UiStore, isMuted: boolean): void {
  client.setMuted(isMuted)
  changeSettings(store, () => ({ isMuted }))
}

/** Whether frames are computed again in the background, to see that they come out the same; remembered for the workspace. */
export async function setVerifying(
  client: Pick<CoppiceClient, 'command'>,
  store: UiStore,
  isOn: boolean,
): Promise<void> {
  const isDone = await attempt(store, 'The setting could not be changed', () =>
    client.command('setVerifying', isOn, 'setting'),
  )
  if (isDone) changeSettings(store, () => ({ verifies: isOn }))
}

export function selectModule(store: UiStore, name: string): void {
  store.setState({ selectedModule: name })
  changeSettings(store, () => ({ selectedModule: name }))
}

export function chooseTheme(store: UiStore, choice: ThemeChoice): void {
  const theme = resolveTheme(choice)
  saveThemeChoice(choice)
  applyTheme(theme)
  store.setState({ themeChoice: choice, theme })
}

/** Opens a file in the editor, at a place where one is known. */
export function openPlace(store: UiStore, place: Pick<SourceError, 'file' | 'line' | 'column'>): void {
  const { file, line, column } = place
  const { editorApi } = store.getState()
  if (file === undefined) return
  if (editorApi === undefined) {
    store.setState({ pendingOpen: place })
    return
  }
  const position = line === undefined ? undefined : { line, column: column ?? 1 }
  void attempt(store, `${file} could not be opened`, () => editorApi.openFile(file, position))
}
