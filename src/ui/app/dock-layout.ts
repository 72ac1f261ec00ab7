// The presets of the docked layout, built by Dockview's own calls: Edit (code in the middle, picture at the right) and
// Play (the picture takes about 65 % of the width).

import type { DockviewApi } from 'dockview-react'
import type { ManifestView } from '../../protocol/manifest.ts'
import type { PanelName } from '../store/ui-context.tsx'
import { panelTitles } from './commands.ts'

export type Preset = 'edit' | 'play'

/** Width of the right column of Edit in CSS pixels. */
export function rightWidth(isNarrow: boolean): number {
  return isNarrow ? 360 : 492
}

/** Panels whose content must stay alive while it is not in front. */
const alwaysRendered: ReadonlySet<PanelName> = new Set(['viewport', 'editor'])

interface Place {
  readonly beside?: PanelName
  readonly direction?: 'left' | 'right' | 'above' | 'below' | 'within'
  readonly width?: number
  readonly height?: number
  readonly isInactive?: boolean
}

/** Adds one panel of ours. */
export function addPanel(api: DockviewApi, name: PanelName, place: Place = {}): void {
  const panel = api.addPanel({
    id: name,
    component: name,
    title: panelTitles[name],
    ...(alwaysRendered.has(name) ? { renderer: 'always' as const } : {}),
    ...(place.isInactive === true ? { inactive: true } : {}),
    ...(place.width === undefined ? {} : { initialWidth: place.width }),
    ...(place.height === undefined ? {} : { initialHeight: place.height }),
    ...(place.beside === undefined
      ? {}
      : { position: { referencePanel: place.beside, direction: place.direction ?? 'within' } }),
  })
  if (name === 'editor') panel.group.header.hidden = true
  panel.group.api.setConstraints({ minimumWidth: name === 'editor' ? 240 : 200, minimumHeight: 96 })
}

/** Height of the header bar of a group. */
const headerHeight = 35

/** Gives the viewport the shape of the view, so that no bars stand beside the picture; between a quarter and 60 % of the height. */
export function fitViewport(api: DockviewApi, view: ManifestView | undefined): void {
  const group = api.getPanel('viewport')?.group
  if (group === undefined || view === undefined || view.fit === 'panel' || group.panels.length !== 1) return
  const wanted = (group.width * view.height) / view.width + headerHeight
  group.api.setSize({ height: Math.round(Math.min(api.height * 0.6, Math.max(api.height * 0.25, wanted))) })
}

/** Replaces the layout by a preset as it came. */
export function buildPreset(api: DockviewApi, preset: Preset, isNarrow: boolean): void {
  api.clear()
  const { width, height } = api
  if (preset === 'edit') {
    const right = rightWidth(isNarrow)
    addPanel(api, 'viewport')
    addPanel(api, 'editor', { beside: 'viewport', direction: 'left', width: Math.max(300, width - right) })
    addPanel(api, 'state', { beside: 'viewport', direction: 'below', height: Math.round(height * 0.5) })
    addPanel(api, 'config', { beside: 'state', isInactive: true })
    addPanel(api, 'frame-times', { beside: 'editor', direction: 'below', height: Math.round(height * 0.28) })
    api.getPanel('viewport')?.group.api.setSize({ width: right })
  } else {
    const left = Math.round(width * 0.65)
    addPanel(api, 'viewport')
    addPanel(api, 'editor', { beside: 'viewport', direction: 'right', width: width - left })
    addPanel(api, 'state', { beside: 'editor', direction: 'below', height: Math.round(height * 0.38) })
    addPanel(api, 'config', { beside: 'state', isInactive: true })
    addPanel(api, 'frame-times', { beside: 'viewport', direction: 'below', height: Math.round(height * 0.22) })
    api.getPanel('viewport')?.group.api.setSize({ width: left })
  }
  for (const name of ['log', 'bus', 'problems', 'reloads'] as const)
    addPanel(api, name, { beside: 'frame-times', isInactive: true })
}
