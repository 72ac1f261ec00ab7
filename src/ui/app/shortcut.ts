// Keyboard shortcuts as text (`Ctrl+Shift+P`): matching a key event, and where plain keys must stay with what is focused.

interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Whether a key event is this shortcut. `Ctrl` also means Command on a Mac. Keys are named as in `KeyboardEvent.code` without `Key`. */
export function matchesShortcut(shortcut: string, event: KeyPress): boolean {
  const parts = shortcut.split('+')
  const key = parts.at(-1)
  const wants = (modifier: string): boolean => parts.includes(modifier)
  return (
    wants('Ctrl') === (event.ctrlKey || event.metaKey) &&
    wants('Shift') === event.shiftKey &&
    wants('Alt') === event.altKey &&
    (event.code === key || event.code === `Key${key}` || event.code === `Digit${key}`)
  )
}

/** Whether a shortcut is a bare key that types or presses something, and so must not be taken from a focused control. */
export function isPlainKey(shortcut: string): boolean {
  return !/^(Ctrl|Alt)\+|^(Shift\+)?F\d+$/.test(shortcut)
}

/** Whether plain keys belong to the element: it is typed into, or Space and Enter press it. */
export function takesPlainKeys(element: Element | null): boolean {
  return (
    element?.closest(
      'input, textarea, select, button, a, summary, [contenteditable], [role="tab"], [role="row"], [role="option"], [role="menuitem"], [role="treeitem"], [role="slider"], [role="dialog"], .monaco-editor',
    ) !== null && element !== null
  )
}
