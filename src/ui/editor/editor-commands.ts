// The editor's commands in the page's palette: those of its own, and the ones of Monaco's that are worth finding by name.

import type { EditorCommand } from './editor-api.ts'
import type { EditorSession } from './editor-session.ts'
import { cycleTab } from './tab-list.ts'

interface MonacoCommand {
  readonly action: string
  readonly title: string
  readonly shortcut?: string
}

const monacoCommands: readonly MonacoCommand[] = [
  { action: 'editor.action.formatDocument', title: 'Format file', shortcut: 'Shift+Alt+F' },
  { action: 'editor.action.quickOutline', title: 'Go to symbol in file', shortcut: 'Ctrl+Shift+O' },
  { action: 'editor.action.revealDefinition', title: 'Go to definition', shortcut: 'F12' },
  { action: 'editor.action.goToReferences', title: 'Find references', shortcut: 'Shift+F12' },
  { action: 'editor.action.rename', title: 'Rename symbol', shortcut: 'F2' },
  { action: 'editor.action.gotoLine', title: 'Go to line', shortcut: 'Ctrl+G' },
  { action: 'editor.action.marker.nextInFiles', title: 'Next problem', shortcut: 'F8' },
  { action: 'actions.find', title: 'Find in file', shortcut: 'Ctrl+F' },
  { action: 'editor.action.startFindReplaceAction', title: 'Replace in file', shortcut: 'Ctrl+H' },
  { action: 'editor.action.commentLine', title: 'Toggle line comment', shortcut: 'Ctrl+/' },
  { action: 'editor.action.toggleTabFocusMode', title: 'Let Tab leave the text, or not', shortcut: 'Ctrl+M' },
]

/** All of them, for the file in front. */
export const editorCommands = (session: EditorSession): readonly EditorCommand[] => {
  const { tabs } = session.store.getState()
  const own: readonly EditorCommand[] = [
    { id: 'editor.closeAll', title: 'Close all files', run: () => void session.close(tabs.paths) },
    { id: 'editor.nextTab', title: 'Next file', shortcut: 'Alt+Right', run: () => session.setTabs(cycleTab(tabs, 1)) },
    {
      id: 'editor.previousTab',
      title: 'Previous file',
      shortcut: 'Alt+Left',
      run: () => session.setTabs(cycleTab(tabs, -1)),
    },
  ]
  const { editor } = session.view
  if (editor.getModel() === null) return own
  return [
    ...own,
    ...monacoCommands.flatMap(({ action, title, shortcut }) => {
      const known = editor.getAction(action)
      if (known === null) return []
      const run = (): void => {
        editor.focus()
        void known.run()
      }
      return [{ id: action, title, run, ...(shortcut === undefined ? {} : { shortcut }) }]
    }),
  ]
}
