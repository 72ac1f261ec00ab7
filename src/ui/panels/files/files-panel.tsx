// The files of the workspace as a tree: open, add, rename in place, duplicate, delete; with marks for unsaved text and
// for files whose saved text is not the code that runs.

import { ChevronRight, Ellipsis, FilePlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { Button, Collection, Tree, TreeItem, TreeItemContent } from 'react-aria-components'
import { attempt, openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ConfirmDialog } from '../../widgets/confirm-dialog.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ActionMenu } from '../../widgets/action-menu.tsx'
import { MenuButton } from '../../widgets/menu-button.tsx'
import { AddFileDialog } from './add-file-dialog.tsx'
import { copyName, fileTree, foldersAbove, nameOf, parentOf } from './file-tree.ts'
import type { FileNode } from './file-tree.ts'
import { RenameField } from './rename-field.tsx'
import './files.css'

export function FilesPanel(): ReactNode {
  const { client, store } = useServices()
  const files = useUi((state) => state.files)
  const active = useUi((state) => state.editor.activePath)
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const [renaming, setRenaming] = useState<string>()
  const [leaving, setLeaving] = useState<string>()
  const [isAdding, setAdding] = useState(false)
  const tree = useMemo(() => fileTree(files), [files])
  const open = active === undefined ? expanded : new Set([...expanded, ...foldersAbove(active)])
  const rename = (from: string, to: string): void => {
    setRenaming(undefined)
    const target = [parentOf(from), to].filter((part) => part !== '').join('/')
    if (to !== '' && target !== from)
      void attempt(store, `${from} could not be renamed`, () => client.files.rename(from, target))
  }
  const duplicate = async (path: string): Promise<void> => {
    const to = copyName(
      path,
      files.map((file) => file.path),
    )
    if (await attempt(store, `${path} could not be duplicated`, () => client.files.duplicate(path, to)))
      openPlace(store, { file: to })
  }
  // Nothing to select: where rows can be selected, a single click would do that and open nothing.
  const row = (node: FileNode): ReactNode => (
    <TreeItem
      id={node.id}
      textValue={node.name}
      className={node.id === active ? 'file-row is-active' : 'file-row'}
      onAction={() =>
        node.kind === 'file' ? openPlace(store, { file: node.id }) : setExpanded(toggled(expanded, node.id))
      }
    >
      <TreeItemContent>
        {({ level, isExpanded }) => (
          <div className="file" style={{ paddingLeft: `${12 + (level - 1) * 12}px` }}>
            {node.kind === 'folder' ? (
              <Button
                slot="chevron"
                className="chevron"
                data-expanded={isExpanded}
                aria-label={isExpanded ? 'Fold' : 'Unfold'}
              >
                <ChevronRight size={12} aria-hidden />
              </Button>
            ) : (
              <span className="chevron" aria-hidden />
            )}
            {renaming === node.id ? (
              <RenameField
                name={node.name}
                onDone={(to) => rename(node.id, to)}
                onCancel={() => setRenaming(undefined)}
              />
            ) : (
              <span className="file-name">{node.name}</span>
            )}
            <FileMarks path={node.id} />
            {node.kind === 'file' && (
              <MenuButton
                name={`Actions for ${node.name}`}
                className="button button-quiet row-menu"
                menu={
                  <ActionMenu
                    name={`Actions for ${node.name}`}
                    actions={[
                      { id: 'open', title: 'Open', run: () => openPlace(store, { file: node.id }) },
                      { id: 'rename', title: 'Rename', run: () => setRenaming(node.id) },
                      { id: 'duplicate', title: 'Duplicate', run: () => void duplicate(node.id) },
                      { id: 'delete', title: 'Delete', isDangerous: true, run: () => setLeaving(node.id) },
                    ]}
                  />
                }
              >
                <Ellipsis size={14} aria-hidden />
              </MenuButton>
            )}
          </div>
        )}
      </TreeItemContent>
      <Collection items={node.children}>{row}</Collection>
    </TreeItem>
  )
  return (
    <section className="files" aria-label="Files">
      <div className="section-head">
        <h2 className="section-title">Files</h2>
        <ControlButton name="Add file" onPress={() => setAdding(true)}>
          <FilePlus size={14} aria-hidden />
        </ControlButton>
      </div>
      <Tree
        className="row-list"
        aria-label="Files"
        items={tree}
        dependencies={[renaming, expanded, active]}
        expandedKeys={open}
        onExpandedChange={(keys) => setExpanded(new Set([...keys].map(String)))}
        renderEmptyState={() => (
          <EmptyNote title="No files yet">Add one, or save one into the folder with any editor.</EmptyNote>
        )}
      >
        {row}
      </Tree>
      {isAdding && (
        <AddFileDialog folder={active === undefined ? '' : parentOf(active)} onClose={() => setAdding(false)} />
      )}
      {leaving !== undefined && (
        <ConfirmDialog
          title={`Delete ${nameOf(leaving)}?`}
          action="Delete"
          onClose={() => setLeaving(undefined)}
          onConfirm={() => void attempt(store, `${leaving} could not be deleted`, () => client.files.delete(leaving))}
        >
          The file is removed from the disk. A module that needs it goes on with the version that runs until it is
          reloaded.
        </ConfirmDialog>
      )}
    </section>
  )
}

function FileMarks({ path }: { readonly path: string }): ReactNode {
  const isDirty = useUi((state) => state.editor.dirtyPaths.includes(path))
  const isDiffering = useUi((state) => state.differingPaths.includes(path))
  const hasError = useUi((state) =>
    state.problems.some((problem) => problem.file === path && problem.severity === 'error'),
  )
  return (
    <span className="file-marks">
      {hasError && (
        <span
          className="file-mark"
          data-tone="error"
          role="img"
          aria-label="has a problem"
          title="Has a problem: see Problems"
        >
          !
        </span>
      )}
      {isDiffering && (
        <span
          className="file-mark"
          data-tone="attention"
          role="img"
          aria-label="runs other code"
          title="What runs is not this text: it was rejected or undone"
        >
          ≠
        </span>
      )}
      {isDirty && (
        <span className="file-mark" data-tone="quiet" role="img" aria-label="unsaved" title="Unsaved">
          ●
        </span>
      )}
    </span>
  )
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
