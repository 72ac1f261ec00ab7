// The left column: modules, files, reloads, one under the other. On a narrow page it folds to icons that open one at a time.

import { Boxes, Files, History } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { FilesPanel } from '../panels/files/files-panel.tsx'
import { ModulesPanel } from '../panels/modules/modules-panel.tsx'
import { ReloadsPanel } from '../panels/reloads/reloads-panel.tsx'
import { Tip } from '../widgets/tip.tsx'
import { isNarrowPage, onPageWidthChange } from './page-width.ts'

const sections = [
  { name: 'Modules', Icon: Boxes, Panel: ModulesPanel },
  { name: 'Files', Icon: Files, Panel: FilesPanel },
  { name: 'Reloads', Icon: History, Panel: ReloadsPanel },
] as const

export function SideBar(): ReactNode {
  const isNarrow = useSyncExternalStore(onPageWidthChange, isNarrowPage)
  if (!isNarrow) {
    return (
      <aside className="side-bar" aria-label="Program">
        {sections.map(({ name, Panel }) => (
          <Panel key={name} />
        ))}
      </aside>
    )
  }
  return (
    <aside className="side-bar side-bar-folded" aria-label="Program">
      {sections.map(({ name, Icon, Panel }) => (
        <DialogTrigger key={name}>
          <Tip text={name} placement="right">
            <Button className="button button-quiet side-bar-icon" aria-label={`Open ${name}`}>
              <Icon size={16} aria-hidden />
            </Button>
          </Tip>
          <Popover className="popover side-bar-popover" placement="right top" offset={8}>
            <Dialog className="side-bar-dialog" aria-label={name}>
              <Panel />
            </Dialog>
          </Popover>
        </DialogTrigger>
      ))}
    </aside>
  )
}
