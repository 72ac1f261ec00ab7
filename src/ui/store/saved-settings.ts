// What the page remembers per workspace in localStorage: layout, selection, what is expanded. Anything unreadable is
// treated as never saved. (Open files and unsaved texts are the editor's.)

export interface SavedSettings {
  /** Dockview's own serialization, by preset. */
  readonly layouts: Readonly<Record<string, unknown>>
  readonly preset: 'edit' | 'play'
  readonly selectedModule: string | undefined
  /** Encoded paths of the state tree that are expanded, by module. */
  readonly expanded: Readonly<Record<string, readonly string[]>>
  /** Encoded path of the pinned entity, by module. */
  readonly pinned: Readonly<Record<string, string>>
  /** Modules whose layer is hidden. */
  readonly hiddenLayers: readonly string[]
  /** A reload that fails its trial pauses the program at that frame. */
  readonly pausesOnFailure: boolean
  /** The program's sounds are not played. */
  readonly isMuted: boolean
  /** Frames are computed again now and then, to see whether they come out the same. */
  readonly verifies: boolean
}

export const defaultSettings: SavedSettings = {
  layouts: {},
  preset: 'edit',
  selectedModule: undefined,
  expanded: {},
  pinned: {},
  hiddenLayers: [],
  pausesOnFailure: false,
  isMuted: false,
  verifies: true,
}

const keyOf = (workspace: string): string => `coppice:workspace:${workspace}`

/** The settings of a workspace; the defaults where none were saved. */
export function readSettings(storage: Pick<Storage, 'getItem'>, workspace: string): SavedSettings {
  const text = storage.getItem(keyOf(workspace))
  if (text === null) return defaultSettings
  try {
    return checkedSettings(JSON.parse(text))
  } catch {
    return defaultSettings
  }
}

/** Saves what changed; a full or forbidden storage loses the settings, never the page. */
export function saveSettings(storage: Pick<Storage, 'setItem'>, workspace: string, settings: SavedSettings): void {
  try {
    storage.setItem(keyOf(workspace), JSON.stringify(settings))
  } catch {
    // Quota or privacy mode: the page goes on with what it has in memory.
  }
}

function checkedSettings(value: unknown): SavedSettings {
  if (!isRecord(value)) return defaultSettings
  const selected = value['selectedModule']
  return {
    layouts: isRecord(value['layouts']) ? value['layouts'] : {},
    preset: value['preset'] === 'play' ? 'play' : 'edit',
    selectedModule: typeof selected === 'string' ? selected : undefined,
    expanded: entriesOf(value['expanded'], stringList),
    pinned: entriesOf(value['pinned'], (entry) => (typeof entry === 'string' ? entry : undefined)),
    hiddenLayers: stringList(value['hiddenLayers']) ?? [],
    pausesOnFailure: value['pausesOnFailure'] === true,
    isMuted: value['isMuted'] === true,
    verifies: value['verifies'] !== false,
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringList(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined
}

function entriesOf<Entry>(
  value: unknown,
  check: (entry: unknown) => Entry | undefined,
): Readonly<Record<string, Entry>> {
  const checked: Record<string, Entry> = {}
  if (!isRecord(value)) return checked
  for (const [key, entry] of Object.entries(value)) {
    const good = check(entry)
    if (good !== undefined) checked[key] = good
  }
  return checked
}
