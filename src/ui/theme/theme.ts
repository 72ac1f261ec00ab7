// Dark or light: the system's choice until the user makes one, which is remembered. Writes `data-theme` on the root element.

export type Theme = 'dark' | 'light'
export type ThemeChoice = Theme | 'system'

const storageKey = 'coppice:theme'
const darkQuery = '(prefers-color-scheme: dark)'

/** The choice made earlier in this browser; `system` where there was none. */
export function readThemeChoice(): ThemeChoice {
  const saved = localStorage.getItem(storageKey)
  return saved === 'dark' || saved === 'light' ? saved : 'system'
}

/** Remembers a choice. */
export function saveThemeChoice(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, choice)
}

/** What a choice means on this system at present. */
export function resolveTheme(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice
  return matchMedia(darkQuery).matches ? 'dark' : 'light'
}

/** Colours the page. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
}

/** Calls back when the system changes between dark and light; returns how to stop. */
export function onSystemThemeChange(changed: () => void): () => void {
  const query = matchMedia(darkQuery)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
