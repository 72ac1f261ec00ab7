// The page's shortcuts: one listener before all others, so that Monaco and the browser never see what is ours.

import type { UiServices } from '../store/ui-context.tsx'
import { reportFailure } from '../store/actions.ts'
import type { Command } from './commands.ts'
import { isPlainKey, matchesShortcut, takesPlainKeys } from './shortcut.ts'

/** Listens until the returned function is called. While the viewport has the keyboard, only F-keys and chords with Ctrl are ours. */
export function listenForShortcuts({ store }: UiServices, commands: readonly Command[]): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = commands.find(
      (candidate) => candidate.shortcut !== undefined && matchesShortcut(candidate.shortcut, event),
    )
    if (command?.shortcut === undefined) return
    const state = store.getState()
    if (state.isViewportFocused && !/^Ctrl\+|F\d+$/.test(command.shortcut)) return
    if (isPlainKey(command.shortcut) && takesPlainKeys(document.activeElement)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat && command.group === 'Run' && !command.id.startsWith('step')) return
    const refusal = command.refusal?.(state)
    if (refusal === undefined) command.run()
    else if (command.group === 'Run' && command.id !== 'run') reportFailure(store, `${command.title}: ${refusal}`)
  }
  window.addEventListener('keydown', onKeyDown, { capture: true })
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
}
