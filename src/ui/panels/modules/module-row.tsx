// One module in the list. What changes ten times a second (cost, share) is read by the smallest parts, so that the list
// itself is drawn again only when modules come, go or change.

import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ModuleInfo } from '../../../protocol/program.ts'
import { attempt, openPlace } from '../../store/actions.ts'
import { resetModule } from '../../store/reload-actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import type { UiState } from '../../store/ui-store.ts'
import { moduleColour } from '../../theme/module-colour.ts'
import { formatMs, formatShare } from '../../widgets/format.ts'
import { ActionMenu } from '../../widgets/action-menu.tsx'
import { MenuButton } from '../../widgets/menu-button.tsx'
import {
  budgetShare,
  hostDetail,
  moduleLine,
  moduleMark,
  overrunDetail,
  taskDetail,
  trialDetail,
  versionWord,
} from './module-figures.ts'

export interface ModuleRowProps {
  readonly name: string
  /** Place in the manifest, from 0. */
  readonly index: number
  readonly onUnload: () => void
}

const targetFpsOf = (state: UiState): number => state.status?.targetFps ?? 60

const differs = 'Runs other code than its file: the banner over the editor says why'

function useModule<Value>(name: string, select: (module: ModuleInfo) => Value): Value | undefined {
  return useUi((state) => {
    const module = state.modules.find((candidate) => candidate.name === name)
    return module === undefined ? undefined : select(module)
  })
}

export function ModuleRow({ name, index, onUnload }: ModuleRowProps): ReactNode {
  const targetFps = useUi(targetFpsOf)
  const tone = useModule(name, (module) => moduleMark(module, targetFps).tone)
  const isOther = useUi((state) => state.differingModules.includes(name))
  return (
    <div className="module" style={{ '--module': moduleColour(index) }}>
      <ModuleGlow name={name} />
      <span className="module-dot" data-tone={tone} aria-hidden />
      <span className="module-name">
        {name}
        {isOther && (
          <span className="module-differs" role="img" aria-label="runs other code than its file" title={differs}>
            ≠
          </span>
        )}
      </span>
      <ModuleTime name={name} />
      <ModuleLine name={name} />
      <ModuleMenu name={name} onUnload={onUnload} />
      <ModuleBar name={name} />
    </div>
  )
}

/** Lights up once at each commit. */
function ModuleGlow({ name }: { readonly name: string }): ReactNode {
  const commit = useUi(
    (state) =>
      state.receipts.find(
        (receipt) =>
          receipt.outcome === 'committed' &&
          receipt.trigger !== 'open' &&
          receipt.modules.some((change) => change.name === name),
      )?.id,
  )
  // The key: an animation starts again on another element only.
  return commit === undefined ? null : <span key={commit} className="module-glow" aria-hidden />
}

function ModuleTime({ name }: { readonly name: string }): ReactNode {
  const text = useModule(name, (module) => formatMs(module.averageMs))
  return <span className="module-time">{text}</span>
}

function ModuleLine({ name }: { readonly name: string }): ReactNode {
  const targetFps = useUi(targetFpsOf)
  const line = useModule(name, (module) => moduleLine(module, targetFps))
  const version = useModule(name, (module) => versionWord(module))
  const reason = useModule(name, (module) => module.error?.message ?? module.health.message)
  const word = useModule(name, (module) => {
    const mark = moduleMark(module, targetFps)
    return mark.isShown ? mark.word : undefined
  })
  const tone = useModule(name, (module) => moduleMark(module, targetFps).tone)
  const tasks = useModule(name, taskDetail)
  const host = useModule(name, hostDetail)
  const trial = useModule(name, (module) => trialDetail(module, targetFps))
  const overrun = useModule(name, (module) => overrunDetail(module, targetFps))
  // The row may be too narrow for its line.
  const title = [line, trial, reason, overrun, host, tasks].filter(Boolean).join('\n')
  return (
    <span className="module-line" title={title}>
      {word === undefined ? line : version}
      {word !== undefined && (
        <span className="module-mark" data-tone={tone}>
          {' '}
          {word}
        </span>
      )}
    </span>
  )
}

function ModuleBar({ name }: { readonly name: string }): ReactNode {
  const targetFps = useUi(targetFpsOf)
  const share = useModule(name, (module) => Math.round(budgetShare(module, targetFps) * 500) / 500) ?? 0
  const words = `${formatShare(share)} of the budget`
  return (
    <span className="module-bar" role="img" aria-label={words} title={`${words} of ${formatMs(1000 / targetFps)}`}>
      <span className="module-bar-part" data-over={share > 1} style={{ width: `${Math.min(1, share) * 100}%` }} />
    </span>
  )
}

function ModuleMenu({ name, onUnload }: Pick<ModuleRowProps, 'name' | 'onUnload'>): ReactNode {
  return (
    <MenuButton
      name={`Actions for ${name}`}
      className="button button-quiet row-menu"
      menu={<ModuleActions name={name} onUnload={onUnload} />}
    >
      <Ellipsis size={14} aria-hidden />
    </MenuButton>
  )
}

function ModuleActions({ name, onUnload }: Pick<ModuleRowProps, 'name' | 'onUnload'>): ReactNode {
  const { client, store } = useServices()
  const path = useModule(name, (module) => module.path)
  const canUndo = useModule(name, (module) => module.version > 1) ?? false
  return (
    <ActionMenu
      name={`Actions for ${name}`}
      actions={[
        {
          id: 'open',
          title: 'Open file',
          run: () => openPlace(store, path === undefined ? {} : { file: path }),
        },
        {
          id: 'reload',
          title: 'Reload',
          run: () => void attempt(store, `${name} could not be reloaded`, () => client.command('reload', name)),
        },
        {
          id: 'undo',
          title: 'Undo reload',
          refusal: canUndo ? undefined : 'no version before',
          run: () =>
            void attempt(store, `The reload of ${name} could not be undone`, () => client.command('undoReload', name)),
        },
        { id: 'reset', title: 'Reset this module', run: () => resetModule({ client, store }, name) },
        { id: 'unload', title: 'Unload', isDangerous: true, run: onUnload },
      ]}
    />
  )
}
