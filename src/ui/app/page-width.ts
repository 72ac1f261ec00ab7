// Whether the page is narrow: the left column folds to icons and the right column narrows.

const narrowQuery = '(max-width: 1100px)'

export function isNarrowPage(): boolean {
  return matchMedia(narrowQuery).matches
}

/** Calls back when the page becomes narrow or wide; returns how to stop. */
export function onPageWidthChange(changed: () => void): () => void {
  const query = matchMedia(narrowQuery)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
