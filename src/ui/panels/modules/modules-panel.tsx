// The modules of the program, in manifest order: state, version, average cost and its share of the budget; and what can
// be done with each.

import { Ellipsis, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import type { ModuleInfo } from '../../../protocol/program.ts'
import { attempt, openPlace, selectModule } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { moduleColour } from '../../theme/module-colour.ts'
import { ConfirmDialog } from '../../widgets/confirm-dialog.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatMs, formatShare } from '../../widgets/format.ts'
import { MenuButton } from '../../widgets/menu-button.tsx'
import { AddModuleDialog } from './add-module-dialog.tsx'
import { budgetShare, moduleLine, moduleMark } from './module-figures.ts'

interface ModuleRow {
  readonly id: string
  readonly module: ModuleInfo
  readonly index: number
  /** Climbs with every commit, so that the row glows once for each. */
  readonly glow: number
}

export function ModulesPanel(): ReactNode {
  const { store } = useServices()
  const modules = useUi((state) => state.modules)
  const receipts = useUi((state) => state.receipts)
  const selected = useUi((state) => state.selectedModule)
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const rows = useMemo(
    () =>
      modules.map((module, index): ModuleRow => {
        const last = receipts.find((receipt) => receipt.outcome === 'committed' && receipt.trigger !== 'open' && receipt.modules.some((change) => change.name === module.name))
        return { id: module.name, module, index, glow: last?.id ?? 0 }
      }),
    [modules, receipts],
  )
  return (
    <section className="modules" aria-label="Modules">
      <div className="section-head">
        <h2 className="section-title">Modules</h2>
        <ControlButton name="Add module" onPress={() => setAdding(true)}>
          <Plus size={14} aria-hidden />
        </ControlButton>
      </div>
      <GridList
        className="row-list"
        aria-label="Modules"
        items={rows}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={selected === undefined ? [] : [selected]}
        onSelectionChange={(keys) => {
          const [name] = keys === 'all' ? [] : [...keys]
          if (typeof name === 'string') selectModule(store, name)
        }}
        onAction={(key) => {
          const module = modules.find((candidate) => candidate.name === key)
          if (module !== undefined) openPlace(store, { file: module.path })
        }}
        renderEmptyState={() => <EmptyNote title="No module runs">The entries of engine.json appear here.</EmptyNote>}
      >
        {(row) => (
          <GridListItem id={row.id} textValue={row.module.name} className="module-row">
            <ModuleContent row={row} onUnload={() => setLeaving(row.id)} />
          </GridListItem>
        )}
      </GridList>
      {isAdding && <AddModuleDialog onClose={() => setAdding(false)} />}
      {leaving !== undefined && <UnloadDialog module={leaving} onClose={() => setLeaving(undefined)} />}
    </section>
  )
}

function ModuleContent({ row, onUnload }: { readonly row: ModuleRow; readonly onUnload: () => void }): ReactNode {
  const { client, store } = useServices()
  const targetFps = useUi((state) => state.status?.targetFps ?? 60)
  const { module, index, glow } = row
  const colour = moduleColour(index)
  const mark = moduleMark(module)
  const share = budgetShare(module, targetFps)
  const canUndo = module.version > 1
  return (
    <div key={glow} className="module" data-glow={glow > 0} style={{ '--module': colour }}>
      <span className="module-dot" data-tone={mark.tone} aria-hidden />
      <span className="module-name">{module.name}</span>
      <span className="module-time">{formatMs(module.averageMs)}</span>
      <span className="module-line" title={module.error?.message ?? module.health.message}>
        {moduleLine(module, targetFps)}
        {mark.isShown && (
          <span className="module-mark" data-tone={mark.tone}>
            {mark.word}
          </span>
        )}
      </span>
      <MenuButton
        name={`Actions for ${module.name}`}
        className="button button-quiet row-menu"
        actions={[
          { id: 'open', title: 'Open file', run: () => openPlace(store, { file: module.path }) },
          { id: 'reload', title: 'Reload', run: () => void attempt(store, `${module.name} could not be reloaded`, () => client.command('reload', module.name)) },
          { id: 'undo', title: 'Undo reload', refusal: canUndo ? undefined : 'no version before', run: () => void attempt(store, `The reload of ${module.name} could not be undone`, () => client.command('undoReload', module.name)) },
          { id: 'unload', title: 'Unload', isDangerous: true, run: onUnload },
        ]}
      >
        <Ellipsis size={14} aria-hidden />
      </MenuButton>
      <span className="module-bar" role="img" aria-label={`${formatShare(share)} of the budget`} title={`${formatShare(share)} of the budget of ${formatMs(1000 / targetFps)}`}>
        <span className="module-bar-part" data-over={share > 1} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
    </div>
  )
}

function UnloadDialog({ module, onClose }: { readonly module: string; readonly onClose: () => void }): ReactNode {
  const { client, store } = useServices()
  return (
    <ConfirmDialog title={`Unload ${module}?`} action="Unload" onClose={onClose} onConfirm={() => void attempt(store, `${module} could not be unloaded`, () => client.command('unload', module))}>
      It stops running and its state is let go. Its file and its entry in engine.json stay; the next change of either brings it back.
    </ConfirmDialog>
  )
}
