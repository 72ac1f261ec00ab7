// The page: top bar, left column, docked panels, status bar.

import { useEffect, useMemo } from 'react'
import type { ReactNode } from 'react'
import { onSystemThemeChange } from '../theme/theme.ts'
import { chooseTheme } from '../store/actions.ts'
import { UiProvider, useUi } from '../store/ui-context.tsx'
import type { UiServices } from '../store/ui-context.tsx'
import { Banners } from './banners.tsx'
import { CommandPalette } from './command-palette.tsx'
import { CommandsProvider } from './commands-context.tsx'
import { createCommands } from './commands.ts'
import { Dock } from './dock.tsx'
import type { DockHandle } from './dock-handle.ts'
import { EmptyWorkspace } from './empty-workspace.tsx'
import { listenForShortcuts } from './keyboard.ts'
import { RestoreQuestion } from './restore-question.tsx'
import { SideBar } from './side-bar.tsx'
import { StatusBar } from './status-bar.tsx'
import { TopBar } from './top-bar.tsx'

export interface AppProps {
  readonly services: UiServices
  readonly dock: DockHandle
}

export function App({ services, dock }: AppProps): ReactNode {
  const commands = useMemo(() => createCommands(services), [services])
  useEffect(() => listenForShortcuts(services, commands), [services, commands])
  useEffect(
    () => onSystemThemeChange(() => chooseTheme(services.store, services.store.getState().themeChoice)),
    [services],
  )
  useEffect(
    () => services.store.subscribe(({ settings }) => services.layerStack.setHidden(settings.hiddenLayers)),
    [services],
  )
  return (
    <UiProvider value={services}>
      <CommandsProvider value={commands}>
        <div className="app">
          <TopBar />
          <Banners />
          <div className="app-body">
            <SideBar />
            <main className="app-main" aria-label="Workbench">
              <Workbench dock={dock} />
            </main>
          </div>
          <StatusBar />
        </div>
        <CommandPalette />
        <RestoreQuestion />
      </CommandsProvider>
    </UiProvider>
  )
}

function Workbench({ dock }: { readonly dock: DockHandle }): ReactNode {
  const isEmpty = useUi((state) => state.workspace?.isEmpty === true && state.modules.length === 0)
  return (
    <>
      <Dock handle={dock} />
      {isEmpty && <EmptyWorkspace />}
    </>
  )
}
