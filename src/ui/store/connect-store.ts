// Feeds the store from the client: one handler per event. Everything the page shows of the engine comes in here.

import { shallow } from 'zustand/shallow'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { setPauseOnFailure, setVerifying } from './actions.ts'
import { mergeLogLines } from './log-lines.ts'
import { mergeReceipt, receiptMessage } from './receipt-words.ts'
import { closeReplay } from './replay-actions.ts'
import { defaultSettings, readSettings } from './saved-settings.ts'
import type { UiServices } from './ui-context.tsx'
import type { ReloadNotice, UiState } from './ui-store.ts'

/** Successful reloads told by a card before the message moves to the status bar. */
const cardsBeforeStatusBar = 3
const cardsKey = 'coppice:reload-cards'

/** Mirrors the client's events into the store until the returned function is called. */
export function connectStore(
  client: CoppiceClient,
  { store, history, updates }: Pick<UiServices, 'store' | 'history' | 'updates'>,
  storage: Storage,
): () => void {
  const set = (partial: Partial<UiState>): void => store.setState(partial)
  const offs = [
    client.on('connection', ({ connection }) =>
      store.setState((state) => ({ connection, wasConnected: state.wasConnected || connection === 'connected' })),
    ),
    client.on('workspace', ({ workspace }) => {
      updates.flush()
      const before = store.getState().workspace
      set({ workspace, files: workspace.files })
      if (before?.name === workspace.name) return
      closeReplay({ store })
      const saved = readSettings(storage, workspace.name)
      // A layout chosen before the first workspace has come is the latest word.
      const { preset, verifies } = store.getState().settings
      const settings = before === undefined && preset !== defaultSettings.preset ? { ...saved, preset } : saved
      history.clear()
      set({
        settings,
        selectedModule: settings.selectedModule,
        receipts: [],
        selectedReload: undefined,
        log: [],
        notice: undefined,
        failures: [],
      })
      client.setMuted(settings.isMuted)
      if (settings.pausesOnFailure) void setPauseOnFailure(client, store, true)
      if (settings.verifies !== verifies) void setVerifying(client, store, settings.verifies)
    }),
    client.on('files-changed', ({ files }) => updates.add((state) => ({ files: sameFiles(state.files, files) }))),
    client.on('differing-files', ({ paths, modules }) =>
      updates.add((state) => ({
        differingPaths: paths,
        differingModules: modules,
        ...(isRepaired(state, paths) ? { notice: undefined } : {}),
      })),
    ),
    client.on('all-problems', ({ problems }) => updates.add(() => ({ problems }))),
    client.on('status', ({ status }) => {
      history.setWindow(status.targetFps * 10)
      if (status.running) updates.addRecurring(() => ({ status }))
      else updates.add(() => ({ status }))
    }),
    client.on('modules', ({ modules }) =>
      updates.addRecurring((state) => ({
        modules,
        moduleNames: sameNames(state.moduleNames, modules),
        selectedModule: modules.some((module) => module.name === state.settings.selectedModule)
          ? state.settings.selectedModule
          : preferredModule(modules),
      })),
    ),
    client.on('frames', ({ times }) => updates.show(() => history.add(times))),
    client.on('receipt', ({ receipt }) =>
      updates.add((state) => {
        const notice = noticeFor(receipt, state, storage)
        return { receipts: mergeReceipt(state.receipts, receipt), ...(notice === undefined ? {} : { notice }) }
      }),
    ),
    client.on('log', ({ lines }) => updates.addRecurring((state) => ({ log: mergeLogLines(state.log, lines) }))),
    client.on('view', ({ view }) => store.setState((state) => (shallow(state.view, view) ? {} : { view }))),
    client.on('sound', ({ state }) => set({ sound: state })),
    client.on('sockets', ({ sockets }) => updates.add(() => ({ sockets }))),
    client.on('saved-data', ({ isWriter }) => set({ isSaver: isWriter })),
    client.on('layer-wanted', ({ layer }) =>
      store.setState((state) => ({
        layers: [...state.layers.filter((other) => other.module !== layer.module), layer],
      })),
    ),
    client.on('layer-gone', ({ module }) =>
      store.setState((state) => ({ layers: state.layers.filter((other) => other.module !== module) })),
    ),
    client.on('internal-error', ({ message, stack }) =>
      set({ workerError: stack === undefined ? { message } : { message, stack } }),
    ),
  ]
  return () => {
    for (const off of offs) off()
  }
}

/** The module shown where the user chose none: the first that builds on others, else the first. */
function preferredModule(modules: UiState['modules']): string | undefined {
  return (modules.find((module) => module.dependencies.length > 0) ?? modules[0])?.name
}

/** A failure is never hidden by an older receipt that changes; the first successes get a card, later ones the status bar. */
function noticeFor(receipt: Receipt, state: UiState, storage: Storage): ReloadNotice | undefined {
  const message = receiptMessage(receipt)
  if (message === undefined) return undefined
  const isKnown = state.receipts.some((other) => other.id === receipt.id && other.outcome === receipt.outcome)
  if (isKnown || (state.receipts[0]?.id ?? 0) > receipt.id) return undefined
  if (message.isFailure) return { receipt, place: 'card' }
  const shown = Number(storage.getItem(cardsKey) ?? 0)
  if (shown >= cardsBeforeStatusBar) return { receipt, place: 'status-bar' }
  storage.setItem(cardsKey, String(shown + 1))
  return { receipt, place: 'card' }
}

/** The file of a failed reload is what runs again, without a reload of its own (the edit was taken back). */
function isRepaired(state: UiState, differingPaths: readonly string[]): boolean {
  const { notice } = state
  if (notice === undefined || receiptMessage(notice.receipt)?.isFailure !== true) return false
  const files = notice.receipt.changedFiles
  return (
    files.some((file) => state.differingPaths.includes(file)) && !files.some((file) => differingPaths.includes(file))
  )
}

function sameFiles(known: UiState['files'], files: UiState['files']): UiState['files'] {
  const isSame =
    known.length === files.length &&
    known.every(({ path, kind }, index) => path === files[index]?.path && kind === files[index].kind)
  return isSame ? known : files
}

function sameNames(names: readonly string[], modules: UiState['modules']): readonly string[] {
  const isSame = names.length === modules.length && modules.every((module, index) => module.name === names[index])
  return isSame ? names : modules.map((module) => module.name)
}
