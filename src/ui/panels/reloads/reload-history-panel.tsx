// The Reloads panel of the dock: a time line of all reloads, newest first, and the details of the one chosen.

import { ListRestart, Redo2, Replace, Rewind, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { GridList } from 'react-aria-components'
import { attempt } from '../../store/actions.ts'
import { redoNewestReload, undoNewestReload } from '../../store/reload-actions.ts'
import { isListed, isOnTrial, newestUndoable, newestUndone } from '../../store/reload-history.ts'
import { beginReplay } from '../../store/replay-actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ReloadDetail } from './reload-detail.tsx'
import { ReloadRow, ReloadRows } from './reload-row.tsx'
import { ReplayStrip } from './replay-strip.tsx'
import './reloads.css'

export function ReloadHistoryPanel(): ReactNode {
  return (
    <section className="reload-history" aria-label="Reload history">
      <ReplayStrip />
      <ReloadColumns />
    </section>
  )
}

/** Time line and details; each save draws them anew. */
function ReloadColumns(): ReactNode {
  const { store } = useServices()
  const receipts = useUi((state) => state.receipts)
  const selected = useUi((state) => state.selectedReload)
  const listed = receipts.filter(isListed)
  const shown = listed.find((receipt) => receipt.id === selected) ?? listed[0]
  const isShownOnTrial = useUi((state) => shown !== undefined && isOnTrial(shown, state.modules))
  return (
    <div className="reload-columns">
      <ReloadRows>
        <GridList
          className="row-list reload-timeline"
          aria-label="Time line of reloads"
          items={listed}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={shown === undefined ? [] : [shown.id]}
          onSelectionChange={(keys) => {
            const [id] = keys === 'all' ? [] : [...keys]
            if (typeof id === 'number') store.setState({ selectedReload: id })
          }}
          renderEmptyState={() => (
            <EmptyNote title="Nothing reloaded yet">
              Change a file and press Ctrl+S. What was edited, how it ended, its time and its effect on the state appear
              here.
            </EmptyNote>
          )}
        >
          {(receipt) => <ReloadRow receipt={receipt} />}
        </GridList>
      </ReloadRows>
      {shown !== undefined && <ReloadDetail key={shown.id} receipt={shown} isOnTrial={isShownOnTrial} />}
    </div>
  )
}

/** Undo and redo of the newest, and the two ways to run the code anew. */
export function ReloadHistoryActions(): ReactNode {
  const services = useServices()
  const { client, store } = services
  const canUndo = useUi((state) => newestUndoable(state.receipts, state.modules) !== undefined)
  const canRedo = useUi((state) => newestUndone(state.receipts, state.modules, state.differingModules) !== undefined)
  const module = useUi((state) => state.selectedModule)
  const isReplaying = useUi((state) => state.replay?.kind === 'running')
  return (
    <>
      <ControlButton
        name="Undo reload"
        tip="Undo the newest reload: the version before runs on the state of now"
        shortcut="Alt+Shift+Z"
        refusal={canUndo ? undefined : 'there is no reload to undo'}
        onPress={() => undoNewestReload(services)}
      >
        <Undo2 size={14} aria-hidden />
      </ControlButton>
      <ControlButton
        name="Redo reload"
        tip="Run the version gone back from again"
        shortcut="Alt+Shift+Y"
        refusal={canRedo ? undefined : 'no reload was undone'}
        onPress={() => redoNewestReload(services)}
      >
        <Redo2 size={14} aria-hidden />
      </ControlButton>
      {module !== undefined && (
        <ControlButton
          name={`Hot swap ${module}`}
          tip={`Evaluate ${module} afresh and swap it in; the state is kept`}
          onPress={() => void attempt(store, `${module} could not be reloaded`, () => client.command('reload', module))}
        >
          <Replace size={14} aria-hidden />
          <span className="wide-only">Hot swap</span>
        </ControlButton>
      )}
      <ControlButton
        name="Replay from frame 0 and compare"
        tip="Computes the whole run again with the code of now, beside the program, and compares: residue of reloads, or a bug?"
        refusal={isReplaying ? 'one is under way' : undefined}
        onPress={() => beginReplay(services)}
      >
        <Rewind size={14} aria-hidden />
      </ControlButton>
      <ControlButton
        name="Restart clean"
        tip="Frame 0 with the code of now: every state is made anew by init. Undo reset brings this moment back"
        shortcut="Alt+Shift+R"
        onPress={() => void attempt(store, 'The program could not be reset', () => client.command('reset'))}
      >
        <ListRestart size={14} aria-hidden />
        <span className="wide-only">Restart clean</span>
      </ControlButton>
    </>
  )
}
