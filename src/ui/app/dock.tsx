// The docked panels: Dockview with our panels, tabs and header bars. Remembers the layout per workspace and preset.

import { DockviewReact } from 'dockview-react'
import type { DockviewApi, DockviewTheme, IDockviewHeaderActionsProps, IDockviewPanelHeaderProps } from 'dockview-react'
import { useEffect, useState } from 'react'
import type { FunctionComponent, ReactNode } from 'react'
import { BusPanel } from '../panels/bus/bus-panel.tsx'
import { ConfigPanel } from '../panels/config/config-panel.tsx'
import { FrameTimesActions, FrameTimesPanel } from '../panels/frame-times/frame-times-panel.tsx'
import { LogPanel } from '../panels/log/log-panel.tsx'
import { ProblemsPanel } from '../panels/problems/problems-panel.tsx'
import { StateActions, StatePanel } from '../panels/state/state-panel.tsx'
import { ViewportActions, ViewportPanel } from '../panels/viewport/viewport-panel.tsx'
import { changeSettings } from '../store/actions.ts'
import { panelNames, useServices, useUi } from '../store/ui-context.tsx'
import type { DockControl, PanelName } from '../store/ui-context.tsx'
import type { UiStore } from '../store/ui-store.ts'
import { addPanel, buildPreset, rightWidth } from './dock-layout.ts'
import type { Preset } from './dock-layout.ts'
import { EditorSlot } from './editor-slot.tsx'
import { isNarrowPage, onPageWidthChange } from './page-width.ts'

const theme: DockviewTheme = { name: 'coppice', className: 'dockview-theme-coppice', gap: 0, dndTabIndicator: 'line', tabGroupIndicator: 'none' }

const components: Record<PanelName, FunctionComponent> = {
  viewport: ViewportPanel,
  editor: EditorSlot,
  'frame-times': FrameTimesPanel,
  log: LogPanel,
  bus: BusPanel,
  problems: ProblemsPanel,
  state: StatePanel,
  config: ConfigPanel,
}

const headerActions: Partial<Record<PanelName, FunctionComponent>> = {
  viewport: ViewportActions,
  'frame-times': FrameTimesActions,
  state: StateActions,
  config: StateActions,
}

/** The part of DockControl that works once Dockview is there; calls before that do nothing. */
export class DockHandle implements DockControl {
  api: DockviewApi | undefined
  readonly #store: UiStore

  constructor(store: UiStore) {
    this.#store = store
  }

  show(name: PanelName): void {
    const { api } = this
    if (api === undefined) return
    if (api.getPanel(name) === undefined) {
      const neighbour = panelNames.find((other) => other !== 'editor' && other !== 'viewport' && api.getPanel(other) !== undefined)
      addPanel(api, name, neighbour === undefined ? {} : { beside: neighbour })
    }
    api.getPanel(name)?.api.setActive()
  }

  applyPreset(preset: Preset): void {
    changeSettings(this.#store, () => ({ preset }))
    this.restore()
  }

  resetLayout(): void {
    const { preset } = this.#store.getState().settings
    changeSettings(this.#store, ({ layouts }) => ({ layouts: { ...layouts, [preset]: undefined } }))
    this.restore()
  }

  /** The saved layout of the workspace's preset, or the preset as it came. */
  restore(): void {
    const { api } = this
    if (api === undefined) return
    const { layouts, preset } = this.#store.getState().settings
    const saved = layouts[preset]
    if (saved !== undefined) {
      try {
        // Dockview checks what it reads and throws on anything it does not know.
        api.fromJSON(saved as Parameters<DockviewApi['fromJSON']>[0], { reuseExistingPanels: true })
        const editor = api.getPanel('editor')
        if (editor !== undefined && api.getPanel('viewport') !== undefined) {
          editor.group.header.hidden = editor.group.panels.length === 1
          return
        }
      } catch {
        // A layout of another version: the preset as it came takes its place.
      }
    }
    buildPreset(api, preset, isNarrowPage())
  }

  /** Remembers the layout as it stands. */
  save(): void {
    const { api } = this
    if (api === undefined || api.totalPanels === 0 || api.width < 300) return
    const layout = api.toJSON()
    changeSettings(this.#store, ({ layouts, preset }) => ({ layouts: { ...layouts, [preset]: layout } }))
  }
}

export function Dock({ handle }: { readonly handle: DockHandle }): ReactNode {
  const { store } = useServices()
  const workspace = useUi((state) => state.workspace?.name)
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    if (isReady && workspace !== undefined) handle.restore()
  }, [handle, isReady, workspace])
  useEffect(
    () =>
      onPageWidthChange(() => {
        if (store.getState().settings.preset === 'edit') handle.api?.getPanel('viewport')?.group.api.setSize({ width: rightWidth(isNarrowPage()) })
      }),
    [handle, store],
  )
  return (
    <DockviewReact
      className="dock"
      theme={theme}
      components={components}
      defaultTabComponent={DockTab}
      rightHeaderActionsComponent={HeaderActions}
      disableFloatingGroups
      getTabContextMenuItems={() => ['maximize']}
      onReady={({ api }) => {
        handle.api = api
        buildPreset(api, store.getState().settings.preset, isNarrowPage())
        let timer: ReturnType<typeof setTimeout> | undefined
        api.onDidLayoutChange(() => {
          clearTimeout(timer)
          timer = setTimeout(() => handle.save(), 300)
        })
        setReady(true)
      }}
    />
  )
}

function HeaderActions({ activePanel }: IDockviewHeaderActionsProps): ReactNode {
  const Actions = isPanelName(activePanel?.id) ? headerActions[activePanel.id] : undefined
  return Actions === undefined ? null : (
    <div className="dock-actions">
      <Actions />
    </div>
  )
}

function isPanelName(id: string | undefined): id is PanelName {
  return panelNames.some((name) => name === id)
}

function DockTab({ api }: IDockviewPanelHeaderProps): ReactNode {
  return (
    <div className="dock-tab">
      <span>{api.title ?? api.id}</span>
      {api.id === 'problems' && <ProblemsCount />}
      {api.id === 'log' && <LogCount />}
    </div>
  )
}

function ProblemsCount(): ReactNode {
  const count = useUi((state) => state.problems.length)
  const hasErrors = useUi((state) => state.problems.some((problem) => problem.severity === 'error'))
  return count === 0 ? null : (
    <span className="dock-tab-count" data-tone={hasErrors ? 'error' : 'attention'}>
      {count}
    </span>
  )
}

/** Warnings and worse; the rest of the log is no reason to look. */
function LogCount(): ReactNode {
  const count = useUi((state) => state.log.filter((line) => line.level === 'warning' || line.level === 'error' || line.level === 'critical').length)
  return count === 0 ? null : <span className="dock-tab-count">{count > 99 ? '99+' : count}</span>
}
