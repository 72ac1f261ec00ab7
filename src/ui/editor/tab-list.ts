// The row of open files: order, which one is in front, and what comes to the front when it closes. Pure values.

export interface TabList {
  /** Paths, left to right. */
  readonly paths: readonly string[]
  readonly active: string | undefined
}

export const noTabs: TabList = { paths: [], active: undefined }

/** The file's tab comes to the front; a new one stands right of the one that was there. */
export const openTab = (tabs: TabList, path: string): TabList => {
  const added = addTab(tabs, path)
  return added.active === path ? added : { ...added, active: path }
}

/** Adds a tab without bringing it to the front, unless it is the only one. */
export const addTab = (tabs: TabList, path: string): TabList => {
  if (tabs.paths.includes(path)) return tabs
  const at = tabs.active === undefined ? tabs.paths.length : tabs.paths.indexOf(tabs.active) + 1
  return { paths: [...tabs.paths.slice(0, at), path, ...tabs.paths.slice(at)], active: tabs.active ?? path }
}

/** Closes some; the next tab to the right of a closed active one, else the one to its left, comes to the front. */
export const closeTabs = (tabs: TabList, closed: readonly string[]): TabList => {
  const paths = tabs.paths.filter((path) => !closed.includes(path))
  if (paths.length === tabs.paths.length) return tabs
  if (tabs.active === undefined || !closed.includes(tabs.active)) return { ...tabs, paths }
  const at = tabs.paths.indexOf(tabs.active)
  const next = tabs.paths.slice(at).find((path) => paths.includes(path)) ?? paths[paths.length - 1]
  return { paths, active: next }
}

/** Puts a tab before another, or last where `before` is undefined. */
export const moveTab = (tabs: TabList, path: string, before: string | undefined): TabList => {
  if (!tabs.paths.includes(path) || path === before) return tabs
  const rest = tabs.paths.filter((other) => other !== path)
  const at = before === undefined ? rest.length : rest.indexOf(before)
  if (at < 0) return tabs
  return { ...tabs, paths: [...rest.slice(0, at), path, ...rest.slice(at)] }
}

/** The neighbour `steps` to the right comes to the front, around the ends. */
export const cycleTab = (tabs: TabList, steps: number): TabList => {
  if (tabs.active === undefined) return tabs
  const count = tabs.paths.length
  const at = (((tabs.paths.indexOf(tabs.active) + steps) % count) + count) % count
  return { ...tabs, active: tabs.paths[at] }
}

export const renameTab = (tabs: TabList, from: string, to: string): TabList => ({
  paths: tabs.paths.filter((path) => path !== to).map((path) => (path === from ? to : path)),
  active: tabs.active === from ? to : tabs.active,
})

/** What a tab is called: the file's name, with as much of its folder as tells it from another open file of that name. */
export const tabLabel = (tabs: TabList, path: string): string => {
  const parts = path.split('/')
  for (let count = 1; count < parts.length; count += 1) {
    const label = parts.slice(-count).join('/')
    if (tabs.paths.every((other) => other === path || !`/${other}`.endsWith(`/${label}`))) return label
  }
  return path
}
