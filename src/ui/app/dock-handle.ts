// The docked layout as an object: shows panels, applies presets, remembers what the user made of them per workspace and
// preset. Outside React, because commands and the keyboard use it too.

import type { DockviewApi, SerializedDockview } from 'dockview-react'
import { changeSettings } from '../store/actions.ts'
import { panelNames } from '../store/ui-context.tsx'
import type { DockControl, PanelName } from '../store/ui-context.tsx'
import type { UiStore } from '../store/ui-store.ts'
import { addPanel, buildPreset, fitViewport, rightWidth } from './dock-layout.ts'
import type { Preset } from './dock-layout.ts'
import { isNarrowPage } from './page-width.ts'

/** A comparison of two texts needs some lines to be of use. */
const leastReloadsHeight = 340

/** Works once Dockview is there; calls before that do nothing. */
export class DockHandle implements DockControl {
  #api: DockviewApi | undefined
  /** The layout is the preset as it came: it may still be fitted to the picture when its shape is known. */
  #isUntouched = false
  #hasWorkspace = false
  readonly #store: UiStore

  constructor(store: UiStore) {
    this.#store = store
  }

  /** Dockview is there: shows the saved layout, and follows what the user does to it. */
  connect(api: DockviewApi): void {
    this.#api = api
    // The panels are the regions; a group named after the one in front would be a second of the same name.
    api.onDidAddGroup(({ element }) => {
      element.setAttribute('role', 'group')
      element.querySelector('[role="tablist"]')?.setAttribute('aria-label', 'Panels')
    })
    this.restore()
    api.onWillMutateLayout(({ origin }) => origin === 'user' && this.touch())
    api.onDidActivePanelChange(({ origin, panel }) => {
      if (origin === 'user') this.touch()
      if (panel?.id === 'reloads' && panel.group.height < leastReloadsHeight)
        panel.group.api.setSize({ height: leastReloadsHeight })
    })
    let timer: ReturnType<typeof setTimeout> | undefined
    api.onDidLayoutChange(() => {
      clearTimeout(timer)
      timer = setTimeout(() => this.save(), 300)
    })
    // The page may go before that.
    addEventListener('pagehide', () => this.save())
  }

  show(name: PanelName): void {
    const api = this.#api
    if (api === undefined) return
    if (api.getPanel(name) === undefined) {
      const neighbour = panelNames.find(
        (other) => other !== 'editor' && other !== 'viewport' && api.getPanel(other) !== undefined,
      )
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

  /** A workspace has come: its layout is shown; what the user moved before the first one came stays where it has none. */
  workspaceOpened(): void {
    const isFirst = !this.#hasWorkspace
    this.#hasWorkspace = true
    const { layouts, preset } = this.#store.getState().settings
    if (isFirst && this.#api !== undefined && !this.#isUntouched && layouts[preset] === undefined) this.save()
    else this.restore()
  }

  /** The saved layout of the workspace's preset, or the preset as it came. */
  restore(): void {
    const api = this.#api
    if (api === undefined) return
    const { layouts, preset } = this.#store.getState().settings
    const saved = layouts[preset]
    if (isLayout(saved)) {
      try {
        // Dockview throws on anything it does not know.
        api.fromJSON(saved, { reuseExistingPanels: true })
        const editor = api.getPanel('editor')
        if (editor !== undefined && api.getPanel('viewport') !== undefined) {
          this.#isUntouched = false
          editor.group.header.hidden = editor.group.panels.length === 1
          return
        }
      } catch {
        // A layout of another version: the preset as it came takes its place.
      }
    }
    buildPreset(api, preset, isNarrowPage())
    this.#isUntouched = true
    this.fit()
  }

  /** Fits a layout nobody has moved yet to the picture. */
  fit(): void {
    const { preset } = this.#store.getState().settings
    if (this.#api !== undefined && this.#isUntouched && preset === 'edit')
      fitViewport(this.#api, this.#store.getState().view)
  }

  /** The page became narrow or wide: the right column of Edit follows. */
  narrow(): void {
    if (this.#store.getState().settings.preset !== 'edit') return
    this.#api?.getPanel('viewport')?.group.api.setSize({ width: rightWidth(isNarrowPage()) })
    this.fit()
  }

  /** The user moves something: from now on the layout is theirs. */
  touch(): void {
    this.#isUntouched = false
  }

  /** Remembers the layout as it stands; one nobody has moved is made anew each time, for the page it is on. */
  save(): void {
    const api = this.#api
    if (this.#isUntouched) return
    if (api === undefined || api.totalPanels === 0 || api.width < 300) return
    const layout = api.toJSON()
    changeSettings(this.#store, ({ layouts, preset }) => ({ layouts: { ...layouts, [preset]: layout } }))
  }
}

/** Whether something saved looks like a layout; Dockview checks the rest. */
function isLayout(value: unknown): value is SerializedDockview {
  return typeof value === 'object' && value !== null && 'grid' in value && 'panels' in value
}
