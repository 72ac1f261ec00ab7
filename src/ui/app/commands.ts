// Every command of the page, once: the top bar, the menus, the palette and the keyboard all run these. A refusal is the
// reason why a command can't run now, in words for a tooltip.

import { attempt, changeSettings, chooseTheme, setPauseOnFailure, setVerifying } from '../store/actions.ts'
import { redoNewestReload, resetModule, undoNewestReload } from '../store/reload-actions.ts'
import { newestUndoable, newestUndone } from '../store/reload-history.ts'
import { beginReplay } from '../store/replay-actions.ts'
import { saveScreenshot } from '../picture/screenshot.ts'
import { panelNames } from '../store/ui-context.tsx'
import type { PanelName, UiServices } from '../store/ui-context.tsx'
import type { UiState } from '../store/ui-store.ts'

export interface Command {
  readonly id: string
  readonly title: string
  readonly group: string
  /** `Ctrl+Shift+P`; keys named as in KeyboardEvent.code. */
  readonly shortcut?: string
  readonly refusal?: (state: UiState) => string | undefined
  readonly run: () => void
}

export const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, Infinity]

/** Titles of the docked panels, the same on tabs, regions and commands. */
export const panelTitles: Readonly<Record<PanelName, string>> = {
  viewport: 'Viewport',
  editor: 'Editor',
  'frame-times': 'Frame times',
  log: 'Log',
  bus: 'Bus',
  sockets: 'Sockets',
  health: 'Health',
  problems: 'Problems',
  reloads: 'Reloads',
  state: 'State',
  config: 'Config',
}

const noProgram = (state: UiState): string | undefined => (state.status === undefined ? 'no program runs' : undefined)
const onlyPaused = (state: UiState): string | undefined =>
  noProgram(state) ?? (state.status?.paused === false ? 'pause first' : undefined)
const onlyWithEditor = (state: UiState): string | undefined =>
  state.editorApi === undefined ? 'the editor is still loading' : undefined

/** All commands but those of the editor, in the order of the palette. */
export function createCommands(services: UiServices): readonly Command[] {
  const { client, store, dock } = services
  const engine = (doing: string, work: () => Promise<unknown>) => (): void => void attempt(store, doing, work)
  const isPaused = (): boolean => store.getState().status?.paused ?? true
  const step = (count: number): Command => ({
    id: `step-${count}`,
    title: count === 1 ? 'Step' : `Step ${count}`,
    group: 'Run',
    shortcut: count === 1 ? 'F10' : 'Shift+F10',
    refusal: onlyPaused,
    run: engine('The program could not be stepped', () => client.command('step', count)),
  })
  return [
    {
      id: 'toggle',
      title: 'Pause or run',
      group: 'Run',
      shortcut: 'F6',
      refusal: noProgram,
      run: engine('The program could not be paused', () => client.command(isPaused() ? 'resume' : 'pause')),
    },
    {
      id: 'run',
      title: 'Run',
      group: 'Run',
      shortcut: 'F5',
      refusal: (state) => noProgram(state) ?? (state.status?.running === true ? 'it runs' : undefined),
      run: engine('The program could not be run', () => client.command('resume')),
    },
    {
      id: 'toggle-space',
      title: 'Pause or run (when nothing is typed into)',
      group: 'Run',
      shortcut: 'Space',
      refusal: noProgram,
      run: engine('The program could not be paused', () => client.command(isPaused() ? 'resume' : 'pause')),
    },
    step(1),
    step(10),
    {
      id: 'reset',
      title: 'Reset',
      group: 'Run',
      shortcut: 'Alt+Shift+R',
      refusal: noProgram,
      run: engine('The program could not be reset', () => client.command('reset')),
    },
    {
      id: 'undo-reset',
      title: 'Undo reset',
      group: 'Run',
      shortcut: 'Alt+Shift+U',
      refusal: (state) => noProgram(state) ?? (state.status?.canUndoReset === true ? undefined : 'nothing was reset'),
      run: engine('The reset could not be undone', () => client.command('undoReset')),
    },
    {
      id: 'undo-reload',
      title: 'Undo reload',
      group: 'Run',
      shortcut: 'Alt+Shift+Z',
      refusal: ({ receipts, modules }) =>
        newestUndoable(receipts, modules) === undefined ? 'there is no reload to undo' : undefined,
      run: () => undoNewestReload(services),
    },
    {
      id: 'redo-reload',
      title: 'Redo reload',
      group: 'Run',
      shortcut: 'Alt+Shift+Y',
      refusal: ({ receipts, modules, differingModules }) =>
        newestUndone(receipts, modules, differingModules) === undefined ? 'no reload was undone' : undefined,
      run: () => redoNewestReload(services),
    },
    {
      id: 'replay',
      title: 'Replay from frame 0 and compare',
      group: 'Run',
      refusal: (state) => noProgram(state) ?? (state.replay?.kind === 'running' ? 'one is under way' : undefined),
      run: () => {
        dock.show('reloads')
        beginReplay(services)
      },
    },
    {
      id: 'reset-module',
      title: 'Reset the chosen module',
      group: 'Run',
      refusal: ({ selectedModule }) => (selectedModule === undefined ? 'no module is chosen' : undefined),
      run: () => {
        const name = store.getState().selectedModule
        if (name !== undefined) resetModule(services, name)
      },
    },
    {
      id: 'pause-on-failure',
      title: 'Pause at the failing frame of a trial: on or off',
      group: 'Run',
      refusal: noProgram,
      run: () => void setPauseOnFailure(client, store, store.getState().status?.pausesOnFailure !== true),
    },
    {
      id: 'verify',
      title: 'Check in the background that frames are reproducible: on or off',
      group: 'Run',
      refusal: noProgram,
      run: () => void setVerifying(client, store, !store.getState().settings.verifies),
    },
    {
      id: 'hot-swap',
      title: 'Hot swap the chosen module',
      group: 'Run',
      refusal: ({ selectedModule }) => (selectedModule === undefined ? 'no module is chosen' : undefined),
      run: () => {
        const name = store.getState().selectedModule
        if (name !== undefined)
          void attempt(store, `${name} could not be reloaded`, () => client.command('reload', name))
      },
    },
    ...speeds.map((speed): Command => ({
      id: `speed-${speed}`,
      title: speed === Infinity ? 'Speed: as fast as it can' : `Speed: ${speed}×`,
      group: 'Run',
      refusal: noProgram,
      run: engine('The speed could not be set', () => client.command('setSpeed', speed)),
    })),
    {
      id: 'save',
      title: 'Save',
      group: 'File',
      shortcut: 'Ctrl+S',
      refusal: onlyWithEditor,
      run: () =>
        void attempt(store, 'The file could not be saved', async () => store.getState().editorApi?.saveActive()),
    },
    {
      id: 'save-all',
      title: 'Save all',
      group: 'File',
      shortcut: 'Ctrl+Shift+S',
      refusal: onlyWithEditor,
      run: () => void attempt(store, 'The files could not be saved', async () => store.getState().editorApi?.saveAll()),
    },
    {
      id: 'close-file',
      title: 'Close file',
      group: 'File',
      shortcut: 'Alt+W',
      refusal: onlyWithEditor,
      run: () =>
        void attempt(store, 'The file could not be closed', async () => store.getState().editorApi?.closeActive()),
    },
    {
      id: 'focus-editor',
      title: 'Go to editor',
      group: 'View',
      shortcut: 'Ctrl+Digit1',
      refusal: onlyWithEditor,
      run: () => store.getState().editorApi?.focus(),
    },
    {
      id: 'layout-edit',
      title: 'Layout: Edit',
      group: 'View',
      shortcut: 'Alt+Shift+E',
      run: () => dock.applyPreset('edit'),
    },
    {
      id: 'layout-play',
      title: 'Layout: Play',
      group: 'View',
      shortcut: 'Alt+Shift+P',
      run: () => dock.applyPreset('play'),
    },
    { id: 'layout-reset', title: 'Layout: as it came', group: 'View', run: () => dock.resetLayout() },
    ...panelNames
      .filter((name) => name !== 'editor')
      .map((name): Command => ({
        id: `show-${name}`,
        title: `Show ${panelTitles[name]}`,
        group: 'View',
        run: () => dock.show(name),
      })),
    {
      id: 'screenshot',
      title: 'Screenshot',
      group: 'View',
      refusal: (state) => (state.layers.length === 0 ? 'nothing draws' : undefined),
      run: () => void attempt(store, 'The screenshot could not be taken', () => saveScreenshot(services)),
    },
    {
      id: 'fullscreen',
      title: 'Viewport fullscreen',
      group: 'View',
      run: () => void attempt(store, 'The browser refused fullscreen', async () => toggleFullscreen()),
    },
    {
      id: 'show-layers',
      title: 'Show all layers',
      group: 'View',
      run: () => changeSettings(store, () => ({ hiddenLayers: [] })),
    },
    { id: 'theme-dark', title: 'Theme: dark', group: 'View', run: () => chooseTheme(store, 'dark') },
    { id: 'theme-light', title: 'Theme: light', group: 'View', run: () => chooseTheme(store, 'light') },
    { id: 'theme-system', title: 'Theme: as the system', group: 'View', run: () => chooseTheme(store, 'system') },
    {
      id: 'palette',
      title: 'Search commands',
      group: 'View',
      shortcut: 'Ctrl+Shift+P',
      run: () => store.setState((state) => ({ isPaletteOpen: !state.isPaletteOpen })),
    },
  ]
}

async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement !== null) await document.exitFullscreen()
  else await document.querySelector('.viewport')?.requestFullscreen()
}
