// Keys the editor listens for beyond Monaco's own: saving from anywhere on the page, and going about the tabs.

import type { EditorSession } from './editor-session.ts'
import { cycleTab } from './tab-list.ts'

type KeyPress = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

export type EditorKeyAction = 'save' | 'save-all' | 'next-tab' | 'previous-tab' | 'close-tab'

/** What a key does; `isInside`: the focus is in the editor. On a Mac Alt+arrows move by words, and Ctrl+Alt+arrows go about. */
export const editorKeyAction = (event: KeyPress, isInside: boolean, isMac: boolean): EditorKeyAction | undefined => {
  const isCommand = isMac ? event.metaKey : event.ctrlKey
  if (event.code === 'KeyS' && isCommand && !event.altKey) return event.shiftKey ? 'save-all' : 'save'
  if (!isInside || !event.altKey || event.shiftKey || event.metaKey || event.ctrlKey !== isMac) return undefined
  switch (event.code) {
    case 'ArrowRight':
      return 'next-tab'
    case 'ArrowLeft':
      return 'previous-tab'
    case 'KeyW':
      return 'close-tab'
    default:
      return undefined
  }
}

/** Listens on the whole page; `box` is the editor's element. Returns how to stop. */
export const listenForKeys = (session: EditorSession, box: HTMLElement): (() => void) => {
  const isMac = navigator.userAgent.includes('Mac')
  const pressed = (event: KeyboardEvent): void => {
    // The page's own shortcuts come first.
    if (event.defaultPrevented) return
    const isInside = event.target instanceof Node && box.contains(event.target)
    const action = editorKeyAction(event, isInside, isMac)
    if (action === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat && action !== 'next-tab' && action !== 'previous-tab') return
    switch (action) {
      case 'save':
        return void session.api.saveActive()
      case 'save-all':
        return void session.api.saveAll()
      case 'close-tab':
        return void session.api.closeActive()
      case 'next-tab':
      case 'previous-tab':
        session.setTabs(cycleTab(session.store.getState().tabs, action === 'next-tab' ? 1 : -1))
        session.view.editor.focus()
    }
  }
  addEventListener('keydown', pressed, { capture: true })
  return () => removeEventListener('keydown', pressed, { capture: true })
}
