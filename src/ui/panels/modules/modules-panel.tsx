// The modules of the program, in manifest order; choosing one shows its state and configuration.

import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { attempt, openPlace, selectModule } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ConfirmDialog } from '../../widgets/confirm-dialog.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { AddModuleDialog } from './add-module-dialog.tsx'
import { ModuleRow } from './module-row.tsx'
import './modules.css'

export function ModulesPanel(): ReactNode {
  const { store } = useServices()
  const names = useUi((state) => state.moduleNames)
  const selected = useUi((state) => state.selectedModule)
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const rows = useMemo(() => names.map((name, index) => ({ id: name, index })), [names])
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
          const module = store.getState().modules.find((candidate) => candidate.name === key)
          if (module !== undefined) openPlace(store, { file: module.path })
        }}
        renderEmptyState={() => <EmptyNote title="No module runs">The entries of engine.json appear here.</EmptyNote>}
      >
        {(row) => (
          <GridListItem id={row.id} textValue={row.id} className="module-row">
            <ModuleRow name={row.id} index={row.index} onUnload={() => setLeaving(row.id)} />
          </GridListItem>
        )}
      </GridList>
      {isAdding && <AddModuleDialog onClose={() => setAdding(false)} />}
      {leaving !== undefined && <UnloadDialog module={leaving} onClose={() => setLeaving(undefined)} />}
    </section>
  )
}

function UnloadDialog({ module, onClose }: { readonly module: string; readonly onClose: () => void }): ReactNode {
  const { client, store } = useServices()
  return (
    <ConfirmDialog
      title={`Unload ${module}?`}
      action="Unload"
      onClose={onClose}
      onConfirm={() => void attempt(store, `${module} could not be unloaded`, () => client.command('unload', module))}
    >
      It stops running and its state is let go. Its file and its entry in engine.json stay; the next change of either
      brings it back.
    </ConfirmDialog>
  )
}
