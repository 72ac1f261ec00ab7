// The state of the chosen module as a tree that keeps what is expanded while it updates; values are edited in place, one
// entity can be pinned to the top, large collections come in pages.

import { RotateCcw } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { Collection, ListLayout, Tree, TreeItem, TreeItemContent, Virtualizer } from 'react-aria-components'
import type { InspectionRequest } from '../../../protocol/inspection.ts'
import { attempt, changeSettings, selectModule } from '../../store/actions.ts'
import { resetModule } from '../../store/reload-actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { Choice } from '../../widgets/choice.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount } from '../../widgets/format.ts'
import { SearchBox } from '../../widgets/search-box.tsx'
import { parsePath, pathKey, pathOfKey } from './data-path.ts'
import { filterItems } from './inspection-values.ts'
import type { StateItem } from './inspection-values.ts'
import { PinnedEntity } from './pinned-entity.tsx'
import { isStateQuery, StateMatchList } from './state-matches.tsx'
import { StateRow } from './state-row.tsx'
import type { RowActions } from './state-row.tsx'
import { useInspection } from './use-inspection.ts'
import './state.css'

const noKeys: readonly string[] = ['[]']

export function StatePanel(): ReactNode {
  const module = useUi((state) => state.selectedModule)
  return (
    <section className="state" aria-label="State">
      {module === undefined ? (
        <EmptyNote title="No module is chosen">Choose one under Modules to see its state.</EmptyNote>
      ) : (
        <StateTree key={module} module={module} />
      )}
    </section>
  )
}

function StateTree({ module }: { readonly module: string }): ReactNode {
  const { client, store } = useServices()
  const expandedKeys = useUi((state) => state.settings.expanded[module] ?? noKeys)
  const pinned = useUi((state) => state.settings.pinned[module])
  const modules = useUi((state) => state.moduleNames)
  const [search, setSearch] = useState('')
  const [pages, setPages] = useState<Readonly<Record<string, number>>>({})
  const [edited, setEdited] = useState<string>()
  const expanded = useMemo(() => inspectionPaths(expandedKeys, pages, search), [expandedKeys, pages, search])
  const { root, values, refresh } = useInspection(module, expanded)
  const isQuery = isStateQuery(search)
  const shown = root === undefined || search === '' || isQuery ? root : filterItems(root, search)
  const shownKeys = expanded.map((entry) => pathKey(entry.path))

  const setExpanded = (keys: readonly string[]): void =>
    changeSettings(store, (settings) => ({ expanded: { ...settings.expanded, [module]: keys } }))
  const actions: RowActions = {
    toggle: (item) =>
      setExpanded(
        expandedKeys.includes(item.id) ? expandedKeys.filter((key) => key !== item.id) : [...expandedKeys, item.id],
      ),
    startEdit: (item) => setEdited(item.id),
    endEdit: () => setEdited(undefined),
    set: (item, value) => {
      setEdited(undefined)
      void attempt(store, 'The value could not be set', () =>
        client.command('setState', module, item.path, value),
      ).then(refresh)
    },
    pin: (item) =>
      changeSettings(store, (settings) => ({
        pinned: withEntry(settings.pinned, module, pinned === item.id ? undefined : item.id),
      })),
    showPage: (item, first) => setPages({ ...pages, [item.id]: first }),
  }
  const row = (item: StateItem): ReactNode => (
    <TreeItem
      id={item.id}
      textValue={item.name}
      hasChildItems={item.isContainer}
      className="state-row"
      onAction={() => act(item)}
    >
      <TreeItemContent>
        {({ level, isExpanded }) => (
          <StateRow
            item={item}
            values={values}
            level={level}
            isExpanded={isExpanded}
            isEdited={edited === item.id}
            isPinned={pinned === item.id}
            actions={actions}
          />
        )}
      </TreeItemContent>
      <Collection items={item.children}>{row}</Collection>
    </TreeItem>
  )
  const act = (item: StateItem): void => {
    const value = values.get(item.id)
    if (item.isContainer) actions.toggle(item)
    else if (typeof value?.value === 'boolean') actions.set(item, !value.value)
    else if (value?.kind === 'primitive') setEdited(item.id)
  }
  return (
    <>
      <div className="panel-bar">
        <Choice
          name="Module"
          className="state-module"
          value={module}
          options={modules.map((name) => ({ id: name, title: name }))}
          onChange={(name) => selectModule(store, name)}
        />
        <SearchBox
          name="Filter state"
          placeholder="tanks[3].hp, tanks.*.hp, hp < 10"
          value={search}
          onChange={setSearch}
        />
      </div>
      {pinned !== undefined && (
        <PinnedEntity
          module={module}
          pinned={pinned}
          onUnpin={() =>
            changeSettings(store, (settings) => ({ pinned: withEntry(settings.pinned, module, undefined) }))
          }
        />
      )}
      {isQuery ? (
        <StateMatchList module={module} query={search} onPick={setSearch} />
      ) : shown === undefined ? (
        <EmptyNote title={root === undefined ? `${module} has no state yet` : 'No path has these letters'}>
          {root === undefined
            ? 'What its init returns appears here.'
            : 'Only what is unfolded is searched; a full path unfolds itself, and * or < looks through all of it.'}
        </EmptyNote>
      ) : (
        <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: 22 }}>
          <Tree
            className="state-tree"
            aria-label="State"
            items={[shown]}
            dependencies={[shown, edited, pinned, expandedKeys, pages]}
            selectionMode="single"
            selectionBehavior="replace"
            expandedKeys={search === '' ? expandedKeys : [...shownKeys, ...expandedKeys]}
            onExpandedChange={(keys) => setExpanded([...keys].map(String))}
          >
            {row}
          </Tree>
        </Virtualizer>
      )}
    </>
  )
}

/** What to ask for: all that is expanded, in pages; a typed path unfolds itself. */
function inspectionPaths(
  keys: readonly string[],
  pages: Readonly<Record<string, number>>,
  search: string,
): InspectionRequest['expanded'] {
  const wanted = new Map(
    keys.flatMap((key) => {
      const path = pathOfKey(key)
      return path === undefined ? [] : [[key, { path, first: pages[key] ?? 0, count: 100 }] as const]
    }),
  )
  const typed = isStateQuery(search) ? undefined : parsePath(search)
  for (let length = 0; typed !== undefined && length < typed.length; length++) {
    const path = typed.slice(0, length)
    const step = typed[length]
    const key = pathKey(path)
    if (!wanted.has(key))
      wanted.set(key, { path, first: typeof step === 'number' ? Math.floor(step / 100) * 100 : 0, count: 100 })
  }
  return [...wanted.values()]
}

function withEntry(
  entries: Readonly<Record<string, string>>,
  key: string,
  value: string | undefined,
): Readonly<Record<string, string>> {
  const { [key]: _old, ...rest } = entries
  return value === undefined ? rest : { ...rest, [key]: value }
}

/** The frame the panel shows; with the one it is compared to while paused. */
export function StateActions(): ReactNode {
  return (
    <>
      <ShownFrame />
      <ResetModule />
    </>
  )
}

function ShownFrame(): ReactNode {
  const status = useUi((state) => state.status)
  const previous = usePreviousFrame()
  if (status === undefined) return null
  return (
    <span className="code state-frame">
      frame {formatCount(status.frame)}
      {status.paused && previous !== undefined && <span className="quiet"> vs {formatCount(previous)}</span>}
    </span>
  )
}

function ResetModule(): ReactNode {
  const services = useServices()
  const module = useUi((state) => state.selectedModule)
  if (module === undefined) return null
  return (
    <ControlButton
      name={`Reset ${module}`}
      tip={`Make the state of ${module} anew by init; the other modules keep theirs. Reloads can undo it`}
      onPress={() => resetModule(services, module)}
    >
      <RotateCcw size={14} aria-hidden />
    </ControlButton>
  )
}

/** The frame of the same timeline shown before this one. */
function usePreviousFrame(): number | undefined {
  const frame = useUi((state) => state.status?.frame)
  const timeline = useUi((state) => state.status?.timeline)
  const [seen, setSeen] = useState<{
    readonly before: number | undefined
    readonly frame: typeof frame
    readonly timeline: typeof timeline
  }>({ before: undefined, frame, timeline })
  if (seen.frame !== frame || seen.timeline !== timeline)
    setSeen({ before: seen.timeline === timeline ? seen.frame : undefined, frame, timeline })
  return seen.before !== undefined && frame !== undefined && seen.before < frame ? seen.before : undefined
}
