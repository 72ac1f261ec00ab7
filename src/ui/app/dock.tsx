// The docked panels: Dockview with our panels, tabs and header bars. Remembers the layout per workspace and preset.

import { DockviewReact } from 'dockview-react'
import type {
  DockviewTheme,
  IDockviewHeaderActionsProps,
  IDockviewPanelHeaderProps,
  IDockviewPanelProps,
} from 'dockview-react'
import { Activity, useEffect, useState, useSyncExternalStore } from 'react'
import type { FunctionComponent, ReactNode } from 'react'
import { BusPanel } from '../panels/bus/bus-panel.tsx'
import { ConfigPanel } from '../panels/config/config-panel.tsx'
import { FrameTimesActions, FrameTimesPanel } from '../panels/frame-times/frame-times-panel.tsx'
import { HealthPanel } from '../panels/health/health-panel.tsx'
import { LogPanel } from '../panels/log/log-panel.tsx'
import { ProblemsPanel } from '../panels/problems/problems-panel.tsx'
import { ReloadHistoryActions, ReloadHistoryPanel } from '../panels/reloads/reload-history-panel.tsx'
import { SocketsPanel } from '../panels/sockets/sockets-panel.tsx'
import { StateActions, StatePanel } from '../panels/state/state-panel.tsx'
import { ViewportActions, ViewportPanel } from '../panels/viewport/viewport-panel.tsx'
import { panelNames, useUi } from '../store/ui-context.tsx'
import type { PanelName } from '../store/ui-context.tsx'
import type { DockHandle } from './dock-handle.ts'
import { EditorSlot } from './editor-slot.tsx'
import { onPageWidthChange } from './page-width.ts'

const theme: DockviewTheme = {
  name: 'coppice',
  className: 'dockview-theme-coppice',
  gap: 0,
  dndTabIndicator: 'line',
  tabGroupIndicator: 'none',
}

// A picture and an editor stay as they are behind another tab.
const components: Record<PanelName, FunctionComponent<IDockviewPanelProps>> = {
  viewport: ViewportPanel,
  editor: EditorSlot,
  'frame-times': whileVisible(FrameTimesPanel),
  log: whileVisible(LogPanel),
  bus: whileVisible(BusPanel),
  sockets: whileVisible(SocketsPanel),
  health: whileVisible(HealthPanel),
  problems: whileVisible(ProblemsPanel),
  reloads: whileVisible(ReloadHistoryPanel),
  state: whileVisible(StatePanel),
  config: whileVisible(ConfigPanel),
}

/** Behind another tab the panel keeps what it holds, is not drawn, and asks the engine for nothing: its effects are off. */
function whileVisible(Panel: FunctionComponent): FunctionComponent<IDockviewPanelProps> {
  return function VisiblePanel({ api }) {
    const isVisible = useSyncExternalStore(
      (changed) => {
        const subscription = api.onDidVisibilityChange(changed)
        return () => subscription.dispose()
      },
      () => api.isVisible,
    )
    return (
      <Activity mode={isVisible ? 'visible' : 'hidden'}>
        <Panel />
      </Activity>
    )
  }
}

const headerActions: Partial<Record<PanelName, FunctionComponent>> = {
  viewport: ViewportActions,
  'frame-times': FrameTimesActions,
  reloads: ReloadHistoryActions,
  state: StateActions,
  config: StateActions,
}

export function Dock({ handle }: { readonly handle: DockHandle }): ReactNode {
  const workspace = useUi((state) => state.workspace?.name)
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    if (isReady && workspace !== undefined) handle.workspaceOpened()
  }, [handle, isReady, workspace])
  const view = useUi((state) => state.view)
  useEffect(() => handle.fit(), [handle, view])
  useEffect(() => onPageWidthChange(() => handle.narrow()), [handle])
  return (
    <div
      className="dock"
      onPointerDownCapture={(event) =>
        event.target instanceof Element && event.target.closest('.dv-sash') !== null && handle.touch()
      }
    >
      <DockviewReact
        className="dock"
        theme={theme}
        components={components}
        defaultTabComponent={DockTab}
        rightHeaderActionsComponent={HeaderActions}
        disableFloatingGroups
        getTabContextMenuItems={() => ['maximize']}
        onReady={({ api }) => {
          handle.connect(api)
          setReady(true)
        }}
      />
    </div>
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
  const count = useUi(
    (state) =>
      state.log.filter((line) => line.level === 'warning' || line.level === 'error' || line.level === 'critical')
        .length,
  )
  return count === 0 ? null : <span className="dock-tab-count">{count > 99 ? '99+' : count}</span>
}
